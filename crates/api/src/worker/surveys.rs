//! Letters that ask: the job says whom, and the token is drawn when the letter is sent.
use super::acting::payload;
use crate::house::House;
use ::customer::contact::Contact;
use ::service::survey::Survey;
use ::service::survey::response::{self, JOB};
use kernel::{Permit, Read, Result, SurveyResponseId, Update, clock};
use platform::crash;
use platform::job::{self, Held};
use serde::Deserialize;

pub const KINDS: &[&str] = &[JOB];

/// The page of the business that a link opens.
const PAGE: &str = "survey";

#[derive(Clone, Copy, Deserialize)]
struct Payload {
    response: SurveyResponseId,
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
    let Payload { response: id } = payload(held)?;
    let ctx = response::asking(held.tenant_id, held.created_by, clock::now());
    let can = Permit::<(Update<Survey>, Read<Contact>)>::check(ctx.clone())?;
    let Some(issued) = house.jobs.write(can, move |conn, ctx| response::issue(conn, ctx, id)).await? else {
        return Ok(false);
    };
    let url = house.mail.link(PAGE, &issued.token);
    house.mail.send(&response::letter(held.id.0, &issued, &url)).await?;
    crash::point("survey_letter_sent");
    let can = Permit::<Update<Survey>>::check(ctx)?;
    house.jobs.write(can, move |conn, ctx| response::sent(conn, ctx, id)).await?;
    Ok(true)
}
