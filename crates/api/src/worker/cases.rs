//! Mails that say something about a case to its customer: the job says which message, and is done once that is marked
//! as sent, in one transaction.
use super::acting::payload;
use crate::house::House;
use ::service::case::message::letter::{self, JOB, SHUT};
use diesel::Connection;
use kernel::{CaseMessageId, Result, clock};
use platform::crash;
use platform::job::{self, Held};
use serde::Deserialize;

pub const KINDS: &[&str] = &[JOB];

#[derive(Clone, Copy, Deserialize)]
struct Payload {
    message: CaseMessageId,
}

pub async fn run(house: &House, held: &Held) -> Result<()> {
    let Payload { message: id } = payload(held)?;
    let (tenant, held) = (held.tenant_id, held.clone());
    let Some(mail) = house.jobs.unpermitted(move |conn| letter::issue(conn, tenant, id)).await? else {
        let why = Some("it is wanted no more");
        return house.jobs.unpermitted(move |conn| job::end(conn, &held, "cancelled", why)).await;
    };
    match house.mail.correspond(&mail).await {
        Err(error) if error.code == SHUT => {
            return give_up(house, held, "cancelled", error.code.meaning.to_owned()).await;
        }
        sent => sent?,
    }
    crash::point("case_letter_sent");
    let done = house.jobs.unpermitted(move |conn| {
        conn.transaction(|conn| {
            letter::sent(conn, tenant, id, clock::now())?;
            job::end(conn, &held, "succeeded", None)
        })
    });
    done.await
}

/// It is not tried again, and its message says so.
pub async fn give_up(house: &House, held: Held, status: &'static str, why: String) -> Result<()> {
    let asked = payload::<Payload>(&held).ok();
    let ended = house.jobs.unpermitted(move |conn| {
        conn.transaction(|conn| {
            if let Some(Payload { message }) = asked {
                letter::failed(conn, held.tenant_id, message)?;
            }
            job::end(conn, &held, status, Some(&why))
        })
    });
    ended.await
}
