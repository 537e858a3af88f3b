//! Letters that bring a code or a link: the job says which verification, and what is sent is drawn here.
use crate::house::House;
use ::customer::verification::{self, JOB};
use ::identity::notice;
use kernel::{Error, Result, VerificationId, clock};
use platform::job::{self, Held};
use serde::Deserialize;

pub const KINDS: &[&str] = &[JOB];

/// The page of the business that a link opens.
const PAGE: &str = "confirm-address";

#[derive(Deserialize)]
struct Payload {
    verification: VerificationId,
}

pub async fn run(house: &House, held: &Held) -> Result<()> {
    let sent = house.mail.is_configured() && send(house, held).await?;
    let held = held.clone();
    let (status, why) =
        if sent { ("succeeded", None) } else { ("cancelled", Some("there is nobody to write to, or no mail")) };
    house.jobs.unpermitted(move |conn| job::end(conn, &held, status, why)).await
}

/// `false` where it is wanted no more.
async fn send(house: &House, held: &Held) -> Result<bool> {
    let Payload { verification } = serde_json::from_value(held.payload.clone()).map_err(Error::internal)?;
    let (tenant, now, seal) = (held.tenant_id, clock::now(), house.seal.clone());
    let found = house.jobs.unpermitted(move |conn| {
        let issued = verification::issue(conn, tenant, verification, &seal, now)?;
        Ok(issued.zip(notice::house(conn, tenant)?))
    });
    let Some((issued, name)) = found.await? else { return Ok(false) };
    let link = |token: &str| house.mail.link(PAGE, token);
    house.mail.send(&verification::letter(held.id.0, &issued, &name, link)).await?;
    Ok(true)
}
