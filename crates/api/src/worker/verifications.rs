//! Letters and text messages that bring a code or a link: the job says which verification, and what is sent is drawn here.
//! What became of it stands in the verification, written with the end of the job.
use super::acting::payload;
use crate::house::House;
use ::customer::verification::{self, JOB, Way};
use ::identity::notice;
use diesel::Connection;
use kernel::{Code, Result, VerificationId, clock};
use platform::job::{self, Held};
use platform::{mail, sms};
use serde::Deserialize;

pub const KINDS: &[&str] = &[JOB];

/// The page of the business that a link opens.
const PAGE: &str = "confirm-address";
/// There was a way when it was asked for, and is none any more.
const SHUT: [Code; 2] = [mail::NOT_CONFIGURED, sms::NOT_CONFIGURED];

#[derive(Deserialize)]
struct Payload {
    verification: VerificationId,
}

pub async fn run(house: &House, held: &Held) -> Result<()> {
    let Payload { verification: id } = payload(held)?;
    let (tenant, held) = (held.tenant_id, held.clone());
    match send(house, &held, id).await {
        Ok(true) => {
            let done = house.jobs.unpermitted(move |conn| {
                conn.transaction(|conn| {
                    verification::sent(conn, tenant, id, clock::now())?;
                    job::end(conn, &held, "succeeded", None)
                })
            });
            done.await
        }
        Ok(false) => {
            let why = Some("it is wanted no more");
            house.jobs.unpermitted(move |conn| job::end(conn, &held, "cancelled", why)).await
        }
        Err(error) if SHUT.contains(&error.code) => {
            end(house, held, error.code, "cancelled", error.code.meaning.to_owned()).await
        }
        Err(error) => Err(error),
    }
}

/// `false` where it is wanted no more.
async fn send(house: &House, held: &Held, id: VerificationId) -> Result<bool> {
    let (tenant, now, seal) = (held.tenant_id, clock::now(), house.seal.clone());
    let found = house.jobs.unpermitted(move |conn| {
        let issued = verification::issue(conn, tenant, id, &seal, now)?;
        Ok(issued.zip(notice::house(conn, tenant)?))
    });
    let Some((issued, name)) = found.await? else { return Ok(false) };
    match issued.way {
        Way::Letter => {
            let link = |token: &str| house.mail.link(PAGE, token);
            house.mail.send(&verification::letter(held.id.0, &issued, &name, link)).await?;
        }
        Way::Text => house.sms.send(&verification::message(id.0, &issued, &name)).await?,
    }
    platform::crash::point("verification_sent");
    Ok(true)
}

/// It is not tried again.
pub async fn give_up(house: &House, held: Held, code: Code, why: String) -> Result<()> {
    end(house, held, code, "failed", why).await
}

async fn end(house: &House, held: Held, code: Code, status: &'static str, why: String) -> Result<()> {
    let asked = payload::<Payload>(&held).ok();
    let ended = house.jobs.unpermitted(move |conn| {
        conn.transaction(|conn| {
            if let Some(Payload { verification }) = asked {
                verification::failed(conn, held.tenant_id, verification, code.name, clock::now())?;
            }
            job::end(conn, &held, status, Some(&why))
        })
    });
    ended.await
}
