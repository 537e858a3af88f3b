//! Letters: the job says to whom and why; the link is made here, when it is sent.
use crate::house::House;
use ::identity::link::{self, Post};
use diesel::Connection;
use kernel::{Error, Result, clock};
use platform::job::{self, Held};

pub const KINDS: &[&str] = &[link::LETTER, link::PASSWORD_RESET];

pub async fn run(house: &House, held: &Held) -> Result<()> {
    let now = clock::now();
    if held.kind == link::PASSWORD_RESET {
        let held = held.clone();
        let spread = move |conn: &mut platform::Conn| conn.transaction(|conn| link::spread(conn, &held, now));
        house.jobs.unpermitted(spread).await?;
        super::wake();
        return Ok(());
    }
    let sent = if house.mail.is_configured() { send(house, held).await? } else { false };
    let held = held.clone();
    let (status, why) =
        if sent { ("succeeded", None) } else { ("cancelled", Some("there is nobody to write to, or no mail")) };
    house.jobs.unpermitted(move |conn| job::end(conn, &held, status, why)).await
}

/// `false` where the user is gone.
async fn send(house: &House, held: &Held) -> Result<bool> {
    let post: Post = serde_json::from_value(held.payload.clone()).map_err(Error::internal)?;
    let (tenant, now) = (held.tenant_id, clock::now());
    let issued =
        house.jobs.unpermitted(move |conn| link::issue(conn, tenant, post.user, post.purpose, true, now)).await?;
    let Some(issued) = issued else { return Ok(false) };
    let url = house.mail.link(post.purpose.page(), &issued.token);
    house.mail.send(&link::letter(held.id.0, &issued, post.purpose, &url)).await?;
    Ok(true)
}
