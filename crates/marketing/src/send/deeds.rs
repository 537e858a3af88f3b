//! What may be done with a send: it is part of its campaign, which is locked for each deed and changes with it.
use super::audience::{self, Terms};
use super::body::{AudienceCount, AudienceTerms, SendReport, SendSchedule};
use super::store::{self, Moved};
use super::{FIXED, NewSend, SendPatch, Sending, TRANSITION_REFUSED};
use crate::campaign::{self, Campaign, changeable, touch};
use crate::suppression::Digests;
use crate::template;
use kernel::{CampaignId, Ctx, Error, Result, SendId, text};
use platform::Conn;
use platform::deed::unmoved;

pub fn create(conn: &mut Conn, ctx: &Ctx, campaign: CampaignId, new: &NewSend) -> Result<Sending> {
    let before = changeable(conn, ctx, campaign, None)?;
    names(conn, ctx, &new.channel, Some(new.template_id), Some(&new.segment_ids), Some(&new.exclude_segment_ids))?;
    let made = store::insert(conn, ctx, campaign, new)?;
    touch(conn, ctx, &before)?;
    Ok(made)
}

/// A send of a campaign that the caller may see.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: SendId) -> Result<Sending> {
    let one = store::find(conn, ctx.tenant, id)?;
    campaign::find(conn, ctx, one.campaign_id)?;
    Ok(one)
}

/// With a `base`, only if the send is still at that version. Only a draft changes.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: SendId, base: Option<i32>, patch: &SendPatch) -> Result<Sending> {
    let (before, one) = locked(conn, ctx, id, base)?;
    if one.status != "draft" {
        return Err(FIXED.into());
    }
    let (plus, minus) = (patch.segment_ids.as_deref(), patch.exclude_segment_ids.as_deref());
    names(conn, ctx, &one.channel, patch.template_id, plus, minus)?;
    let after = store::update(conn, ctx, id, patch)?;
    if after.quiet_from.is_some() != after.quiet_until.is_some() {
        return Err(Error::invalid("/quiet_until", "both", text!("goes together with its other half")));
    }
    if after.cap_count.is_some() != after.cap_days.is_some() {
        return Err(Error::invalid("/cap_days", "both", text!("goes together with its other half")));
    }
    touch(conn, ctx, &before)?;
    Ok(after)
}

/// Only a draft goes; what was sent stays with its campaign.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: SendId, base: Option<i32>) -> Result<()> {
    let (before, one) = locked(conn, ctx, id, base)?;
    ctx.may_write::<Sending>("name")?;
    if one.status != "draft" {
        return Err(FIXED.into());
    }
    store::delete(conn, ctx, id)?;
    touch(conn, ctx, &before).map(drop)
}

/// It begins at its moment, in the name of whoever says so.
pub fn schedule(conn: &mut Conn, ctx: &Ctx, id: SendId, base: Option<i32>, ask: &SendSchedule) -> Result<Sending> {
    let at = |one: &Sending| ask.scheduled_at.or(one.scheduled_at).unwrap_or(ctx.now);
    moved(conn, ctx, id, base, &["draft"], |one| Moved {
        status: "scheduled",
        scheduled_at: Some(at(one)),
        started_by: Some(ctx.actor.user),
        ..Moved::default()
    })
}

/// What is on its way arrives; nothing more goes out until it is resumed.
pub fn pause(conn: &mut Conn, ctx: &Ctx, id: SendId, base: Option<i32>) -> Result<Sending> {
    moved(conn, ctx, id, base, &["sending"], |_| Moved { status: "paused", ..Moved::default() })
}

pub fn resume(conn: &mut Conn, ctx: &Ctx, id: SendId, base: Option<i32>) -> Result<Sending> {
    moved(conn, ctx, id, base, &["paused"], |_| Moved { status: "sending", ..Moved::default() })
}

/// For good: whatever waits is sent no more.
pub fn cancel(conn: &mut Conn, ctx: &Ctx, id: SendId, base: Option<i32>) -> Result<Sending> {
    let open = ["draft", "scheduled", "freezing", "sending", "paused"];
    let ended = Some(ctx.now);
    let done =
        moved(conn, ctx, id, base, &open, |_| Moved { status: "cancelled", ended_at: ended, ..Moved::default() })?;
    store::give_up(conn, ctx.tenant, id, ctx.now)?;
    Ok(done)
}

/// What has become of it so far.
pub fn report(conn: &mut Conn, ctx: &Ctx, id: SendId) -> Result<SendReport> {
    find(conn, ctx, id)?;
    let mut report = SendReport::default();
    for (status, count, opened, clicked) in store::counts(conn, ctx, id)? {
        let place = match status.as_str() {
            "queued" => &mut report.queued,
            "sending" => &mut report.sending,
            "sent" => &mut report.sent,
            "failed" => &mut report.failed,
            "unknown" => &mut report.unknown,
            "suppressed" => &mut report.suppressed,
            "bounced" => &mut report.bounced,
            "complained" => &mut report.complained,
            "unsubscribed" => &mut report.unsubscribed,
            _ => &mut report.cancelled,
        };
        *place += count;
        report.opened += opened;
        report.clicked += clicked;
    }
    Ok(report)
}

/// How many a send would reach, of those whom the caller sees.
pub fn count(conn: &mut Conn, ctx: &Ctx, asked: &AudienceTerms, digests: &Digests) -> Result<AudienceCount> {
    audience::are_there(conn, ctx, &asked.segment_ids, "segment_ids")?;
    audience::are_there(conn, ctx, &asked.exclude_segment_ids, "exclude_segment_ids")?;
    let terms = Terms {
        channel: &asked.channel,
        purpose: &asked.purpose,
        is_transactional: asked.is_transactional,
        segments: &asked.segment_ids,
        excluded: &asked.exclude_segment_ids,
        cap: asked.cap_count.zip(asked.cap_days),
    };
    let (mut counted, mut after) = (AudienceCount::default(), None);
    loop {
        let part = audience::some(conn, ctx, &terms, digests, after)?;
        part.people.iter().for_each(|(_, verdict)| counted.add(*verdict));
        match part.next {
            Some(next) => after = Some(next),
            None => return Ok(counted),
        }
    }
}

/// What a body names is there, and goes together.
fn names(
    conn: &mut Conn,
    ctx: &Ctx,
    channel: &str,
    template: Option<kernel::TemplateId>,
    plus: Option<&[kernel::SegmentId]>,
    minus: Option<&[kernel::SegmentId]>,
) -> Result<()> {
    if let Some(id) = template {
        let template = template::is_there(conn, ctx, id)?;
        if template.channel != channel {
            return Err(Error::invalid("/template_id", "channel", text!("is a template of another channel")));
        }
    }
    audience::are_there(conn, ctx, plus.unwrap_or_default(), "segment_ids")?;
    audience::are_there(conn, ctx, minus.unwrap_or_default(), "exclude_segment_ids")
}

/// One deed that moves a send on.
fn moved<'a>(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SendId,
    base: Option<i32>,
    from: &[&str],
    to: impl FnOnce(&Sending) -> Moved<'a>,
) -> Result<Sending> {
    ctx.may_write::<Sending>("status")?;
    let (before, one) = locked(conn, ctx, id, base)?;
    if !from.contains(&one.status.as_str()) {
        return Err(match ctx.sees::<Sending>("status") {
            true => Error::from(TRANSITION_REFUSED).detail(text!("it is {status}", status = one.status)),
            false => TRANSITION_REFUSED.into(),
        });
    }
    let done = store::set(conn, ctx.tenant, id, &to(&one), ctx.now)?;
    touch(conn, ctx, &before)?;
    Ok(done)
}

/// The send and its campaign, which are held.
fn locked(conn: &mut Conn, ctx: &Ctx, id: SendId, base: Option<i32>) -> Result<(Campaign, Sending)> {
    let one = find(conn, ctx, id)?;
    let campaign = changeable(conn, ctx, one.campaign_id, None)?;
    let now = store::lock(conn, ctx.tenant, id)?;
    unmoved(conn, ctx, &now, base)?;
    Ok((campaign, now))
}
