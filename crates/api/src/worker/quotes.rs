//! Letters that bring a quote: the job says which link, and the token is drawn when the letter is sent.
use super::acting::payload;
use crate::house::House;
use crate::sales::printing;
use ::sales::quote::{self, JOB, link};
use kernel::{Permit, QuoteLinkId, Read, Result, Update, clock};
use platform::crash;
use platform::job::{self, Held};
use serde::Deserialize;

pub const KINDS: &[&str] = &[JOB];

/// The page of the business that a link opens.
pub const PAGE: &str = "quote";

#[derive(Clone, Copy, Deserialize)]
struct Payload {
    link: QuoteLinkId,
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
    let Payload { link: id } = payload(held)?;
    let ctx = link::customer(held.tenant_id, held.created_by, clock::now());
    let can = Permit::<(Update<quote::Quote>, Read<quote::Quote>)>::check(ctx)?;
    let Some(issued) = house.jobs.write(can, move |conn, ctx| link::issue(conn, ctx, id)).await? else {
        return Ok(false);
    };
    let pdf = printing::print(house, printing::sheet(&issued.shown, issued.language)).await?;
    let url = house.mail.link(PAGE, &issued.token);
    let message = issued.link.message.as_deref();
    let letter = quote::letter(held.id.0, &issued.to, issued.language, &issued.shown, message, &url, pdf);
    house.mail.send(&letter).await?;
    crash::point("quote_letter_sent");
    Ok(true)
}
