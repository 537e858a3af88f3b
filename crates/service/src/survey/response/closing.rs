//! Who is asked when their case is over: by every survey that is sent then, as many as it says, and nobody too often. What
//! was closed is marked by the database itself, whichever way it came to be closed, and is looked at once.
use super::{NewSurveyResponse, deeds, store};
use crate::survey::{self, Survey};
use chrono::Duration;
use customer::contact;
use kernel::{Ctx, Result};
use platform::deed::in_turn;
use platform::{Conn, random, sweep};

/// How many are looked at in one pass.
const MOST_AT_ONCE: usize = 500;

/// Goes through what was closed, of all tenants. How many that were.
pub(super) fn watch(conn: &mut Conn) -> Result<usize> {
    sweep::some(conn, &store::CLOSED, MOST_AT_ONCE, |conn, closed: &store::Closed| {
        let maker = Ctx::powerless(closed.tenant_id, closed.owner_id, closed.now);
        for survey in survey::on_close(conn, &maker)? {
            let ctx = deeds::asking(closed.tenant_id, survey.created_by, closed.now);
            ask(conn, &ctx, &survey, closed)?;
        }
        store::unmark(conn, closed.tenant_id, closed.id)?;
        Ok(())
    })
}

fn ask(conn: &mut Conn, ctx: &Ctx, survey: &Survey, closed: &store::Closed) -> Result<()> {
    let Some(contact_id) = closed.contact_id.filter(|_| is_drawn(survey)) else { return Ok(()) };
    let Some(asked) = deeds::found(contact::find(conn, ctx, contact_id))? else { return Ok(()) };
    if !deeds::may_be_asked(conn, ctx, &asked)? {
        return Ok(());
    }
    in_turn(conn, &format!("{} survey of {contact_id}", ctx.tenant))?;
    if store::was_asked(conn, ctx, contact_id, ctx.now - Duration::days(survey.quiet_days.into()))? {
        return Ok(());
    }
    let send_at = ctx.now + Duration::minutes(survey.delay_minutes.into());
    let new = NewSurveyResponse {
        contact_id,
        case_id: Some(closed.case_id),
        user_id: Some(closed.owner_id),
        queue_id: closed.queue_id,
        locale: None,
        send_at: None,
    };
    let until = send_at + Duration::days(survey.answer_days.into());
    store::insert(conn, ctx, survey.id, &new, (asked.locale.as_deref(), send_at, until))?;
    Ok(())
}

/// Whether this one is among the part of a hundred that is asked.
fn is_drawn(survey: &Survey) -> bool {
    let [one, other] = random::bytes::<2>();
    i32::from(u16::from_be_bytes([one, other])) % 100 < survey.sampling_percent
}
