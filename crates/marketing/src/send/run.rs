//! How a send goes out, a little at a time: what is due is taken, looked at once more, written, and handed to whoever
//! speaks to the mail server, outside of any transaction; what became of it is settled after. A worker that dies leaves
//! what it held to [`delivery::resolve`].
use super::Sending;
use super::audience::{self, Verdict};
use super::store::{self, Moved};
use crate::campaign;
use crate::delivery::token::{self, Opened, Use};
use crate::delivery::{self, Claimed, Delivery, Happened, happened};
use crate::suppression::Digests;
use crate::template::{self, Template, render::Reader};
use chrono::{DateTime, Duration, Utc};
use customer::contact::{self, Contact};
use diesel::Connection;
use kernel::page::Seal;
use kernel::{Ctx, DeliveryId, Error, Result, SendId, TenantId, UserId};
use platform::Conn;
use platform::mail::{Circular, Letter, Outcome};

/// How long what a server does not take now waits, and for how long it is tried.
const PAUSE: Duration = Duration::minutes(5);
const PATIENCE: Duration = Duration::hours(24);
/// Links beyond these are left as they are.
const MOST_LINKS: usize = 100;

/// A send that goes on by itself.
#[derive(Clone, Debug)]
pub struct Task {
    pub tenant: TenantId,
    pub send: SendId,
    /// in whose name
    pub starter: UserId,
    /// whether its audience is still to be chosen
    pub is_choosing: bool,
}

/// What goes on by itself, of all tenants; what people have to get comes first. A campaign that pauses pauses its sends, and
/// one that is cancelled ends them.
pub fn under_way(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    for (tenant, send) in store::under_way(conn, now)? {
        let one = store::find(conn, tenant, send)?;
        let is_choosing = one.status != "sending";
        let task = Task { tenant, send, starter: one.started_by.unwrap_or(one.created_by), is_choosing };
        match campaign::store::status_of(conn, tenant, one.campaign_id)?.as_str() {
            // what the campaign is no more about does not go out
            "cancelled" => give_up(conn, &task, now)?,
            "paused" => {}
            _ => tasks.push(task),
        }
    }
    Ok(tasks)
}

/// How links of mails are made.
#[derive(Clone)]
pub struct Links {
    pub seal: Seal,
    /// where the server is reached, without a slash at the end
    pub base: String,
}

impl Links {
    fn to(&self, door: &str, what: Use, opened: &Opened) -> String {
        format!("{}/{door}/{}", self.base, token::close(&self.seal, what, opened))
    }
}

/// A letter that is about to go out.
#[derive(Clone, Debug)]
pub struct Ready {
    pub delivery: DeliveryId,
    pub circular: Circular,
}

/// Takes what may go out now and writes it. Whoever is to get it no more does not; an empty list says nothing is due.
pub fn take(conn: &mut Conn, ctx: &Ctx, id: SendId, digests: &Digests, links: &Links) -> Result<Vec<Ready>> {
    let (send, claimed) = conn.transaction(|conn| {
        let send = store::find(conn, ctx.tenant, id)?;
        if send.status != "sending" {
            return Ok::<_, Error>((send, Vec::new()));
        }
        delivery::resolve(conn, ctx.tenant, id, ctx.now)?;
        let claimed = delivery::claim(conn, ctx.tenant, id, send.per_minute, ctx.now)?;
        Ok((send, claimed))
    })?;
    if claimed.is_empty() {
        end(conn, ctx, &send)?;
        return Ok(Vec::new());
    }
    let ids: Vec<DeliveryId> = claimed.iter().map(|one| one.id).collect();
    let done = conn.transaction(|conn| written(conn, ctx, &send, claimed, digests, links));
    if done.is_err() {
        // nothing of it was handed over
        lay_back(conn, ctx, &ids, ctx.now)?;
    }
    done
}

/// Where nothing waits any more, it is done.
fn end(conn: &mut Conn, ctx: &Ctx, send: &Sending) -> Result<()> {
    conn.transaction(|conn| {
        let now = store::lock(conn, ctx.tenant, send.id)?;
        if now.status == "sending" && delivery::is_over(conn, ctx.tenant, send.id)? {
            let moved = Moved { status: "done", ended_at: Some(ctx.now), ..Moved::default() };
            store::set(conn, ctx.tenant, send.id, &moved, ctx.now)?;
        }
        Ok(())
    })
}

/// It cannot go on: whoever started it may do so no more, or what it names is gone.
pub fn give_up(conn: &mut Conn, task: &Task, now: DateTime<Utc>) -> Result<()> {
    conn.transaction(|conn| {
        store::lock(conn, task.tenant, task.send)?;
        let moved = Moved { status: "cancelled", ended_at: Some(now), ..Moved::default() };
        store::set(conn, task.tenant, task.send, &moved, now)?;
        store::give_up(conn, task.tenant, task.send, now)?;
        Ok(())
    })
}

fn written(
    conn: &mut Conn,
    ctx: &Ctx,
    send: &Sending,
    claimed: Vec<Claimed>,
    digests: &Digests,
    links: &Links,
) -> Result<Vec<Ready>> {
    let template = template::is_there(conn, ctx, send.template_id)?;
    let hours = send.hours(&store::zone(conn, ctx.tenant)?);
    let ids: Vec<_> = claimed.iter().map(|one| one.contact).collect();
    let seen = contact::many(conn, ctx, &ids)?;
    let decided = audience::verdicts(conn, ctx, &send.terms(), digests, seen)?;
    let mut ready = Vec::new();
    for one in claimed {
        let (person, why) = match decided.iter().find(|(seen, _)| seen.id == one.contact) {
            None => (None, "gone"),
            Some((person, Verdict::Chosen)) => (Some(person), ""),
            Some((_, verdict)) => (None, verdict.name()),
        };
        let Some(person) = person else {
            delivery::settle(conn, ctx.tenant, one.id, ("suppressed", Some(why)), ctx.now)?;
            continue;
        };
        let until = hours.awake(ctx.now, person.time_zone.as_deref());
        if until > ctx.now {
            delivery::postpone(conn, ctx.tenant, &[one.id], until, ctx.now)?;
            continue;
        }
        ready.extend(prepared(conn, ctx, send, &template, (&one, person), links)?);
    }
    Ok(ready)
}

/// The letter to somebody who is to have it; nothing, where it cannot be filled in for them.
fn prepared(
    conn: &mut Conn,
    ctx: &Ctx,
    send: &Sending,
    template: &Template,
    (one, person): (&Claimed, &Contact),
    links: &Links,
) -> Result<Option<Ready>> {
    match letter(conn, ctx, send, template, (one.id, person), links) {
        Ok(circular) => {
            if one.address.as_deref() != Some(circular.letter.to.as_str()) {
                delivery::readdress(conn, ctx.tenant, one.id, &circular.letter.to)?;
            }
            Ok(Some(Ready { delivery: one.id, circular }))
        }
        Err(error) if [template::UNFILLED, template::BROKEN].contains(&error.code) => {
            delivery::settle(conn, ctx.tenant, one.id, ("failed", Some(error.code.name)), ctx.now)?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// What somebody gets, with links of their own.
fn letter(
    conn: &mut Conn,
    ctx: &Ctx,
    send: &Sending,
    template: &Template,
    (id, person): (DeliveryId, &Contact),
    links: &Links,
) -> Result<Circular> {
    let opened = Opened { tenant: ctx.tenant, delivery: id, link: None };
    let unsubscribe = links.to("u", Use::Unsubscribe, &opened);
    let mut reader: Reader = template::reader(conn, ctx, person)?;
    for (name, value) in &mut reader.given {
        match *name {
            "unsubscribe_url" => value.clone_from(&unsubscribe),
            "preferences_url" => *value = links.to("p", Use::Preferences, &opened),
            _ => {}
        }
    }
    let locale = person.locale.clone().filter(|_| ctx.sees::<Contact>("locale"));
    let shown = template::of_reader(template, locale.as_deref(), &reader)?;
    let html = match shown.html {
        Some(html) => Some(tracked(conn, ctx, send, &html, opened, links)?),
        None => None,
    };
    let letter = Letter {
        id: id.0,
        to: person.email.clone().unwrap_or_default(),
        subject: shown.subject.unwrap_or_default(),
        text: shown.text.unwrap_or_default(),
        attachment: None,
    };
    Ok(Circular { letter, html, unsubscribe: Some(unsubscribe).filter(|_| !send.is_transactional) })
}

/// The same page, whose links are counted, with a picture of one point at its end.
fn tracked(conn: &mut Conn, ctx: &Ctx, send: &Sending, html: &str, opened: Opened, links: &Links) -> Result<String> {
    const MARK: &str = "href=\"";
    let (mut page, mut rest, mut count) = (String::with_capacity(html.len() + 512), html, 0_usize);
    while let Some((before, after)) = rest.split_once(MARK) {
        page.push_str(before);
        page.push_str(MARK);
        let (target, behind) = after.split_once('"').unwrap_or((after, ""));
        let url = unescaped(target);
        let is_ours = url.starts_with(&links.base);
        let is_place = url.starts_with("https://") || url.starts_with("http://");
        if is_place && !is_ours && url.len() <= 2000 && count < MOST_LINKS {
            count += 1;
            let link = delivery::link(conn, ctx.tenant, send.id, &url)?;
            page.push_str(&links.to("c", Use::Click, &Opened { link: Some(link), ..opened }));
        } else {
            page.push_str(target);
        }
        if after.contains('"') {
            page.push('"');
        }
        rest = behind;
    }
    page.push_str(rest);
    let pixel = links.to("o", Use::Open, &opened);
    let picture = format!("<img src=\"{pixel}\" width=\"1\" height=\"1\" alt=\"\">");
    match page.rfind("</body>") {
        Some(at) => page.insert_str(at, &picture),
        None => page.push_str(&picture),
    }
    Ok(page)
}

/// What stands in an attribute, as it is meant.
fn unescaped(text: &str) -> String {
    text.replace("&#x2f;", "/").replace("&quot;", "\"").replace("&#x27;", "'").replace("&amp;", "&")
}

/// What became of what was handed over.
pub fn settle(conn: &mut Conn, ctx: &Ctx, id: DeliveryId, outcome: Outcome, now: DateTime<Utc>) -> Result<()> {
    conn.transaction(|conn| {
        let one: Delivery = delivery::held(conn, ctx.tenant, id)?;
        match outcome {
            Outcome::Taken => {
                if delivery::settle(conn, ctx.tenant, id, ("sent", None), now)? > 0 {
                    happened(conn, ctx.tenant, &one, Happened::Sent, now)?;
                }
            }
            Outcome::Refused => {
                delivery::settle(conn, ctx.tenant, id, ("failed", Some("mail_refused")), now)?;
            }
            Outcome::Later if now - one.created_at.max(one.due_at) > PATIENCE => {
                delivery::settle(conn, ctx.tenant, id, ("failed", Some("mail_not_taken")), now)?;
            }
            Outcome::Later => {
                delivery::postpone(conn, ctx.tenant, &[id], now + PAUSE, now)?;
            }
            Outcome::Unknown => {
                delivery::settle(conn, ctx.tenant, id, ("unknown", Some("line_broken")), now)?;
            }
        }
        Ok(())
    })
}

/// What was taken and not handed over waits again: the server does not answer, or the worker ends.
pub fn lay_back(conn: &mut Conn, ctx: &Ctx, ids: &[DeliveryId], now: DateTime<Utc>) -> Result<()> {
    delivery::postpone(conn, ctx.tenant, ids, now + Duration::seconds(30), now)?;
    Ok(())
}
