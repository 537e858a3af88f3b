//! What is shown on somebody's devices, in the language of each: that something has happened, and nothing that a record
//! holds. A message that is sent a second time goes by the same id; tokens that the gateway knows no more go.
use super::acting::payload;
use super::news::{said, words};
use crate::house::House;
use ::identity::notice::{self, Reader};
use diesel::Connection;
use kernel::{Language, Result, clock, error};
use platform::job::{self, Held};
use platform::mail::{filled, plain};
use platform::notify::device::{self, Reached};
use platform::notify::letter::{self, Line, PUSH, Parcel};
use platform::notify::push::Message;
use serde_json::json;

pub const KINDS: &[&str] = &[PUSH];

pub async fn run(house: &House, held: &Held) -> Result<()> {
    let sent = send(house, held).await?;
    let held = held.clone();
    let (status, why) = if sent {
        ("succeeded", None)
    } else {
        ("cancelled", Some("there is nothing to tell, or nobody to tell it to"))
    };
    house.jobs.unpermitted(move |conn| job::end(conn, &held, status, why)).await
}

/// `false` where they have no device, or there is nothing to tell them any more.
async fn send(house: &House, held: &Held) -> Result<bool> {
    let (parcel, tenant, user) = (payload::<Parcel>(held)?, held.tenant_id, held.created_by);
    let ctx = match house.identity.acting(tenant, user, None, clock::now()).await {
        Err(error) if error.code == error::UNAUTHENTICATED => return Ok(false),
        acting => acting?,
    };
    let (catalogues, vault, beyond) = (house.catalogues, house.vault.clone(), parcel.more);
    let found = house.jobs.unpermitted(move |conn| {
        let lines = letter::lines(conn, &ctx, catalogues, &parcel)?;
        let devices = conn.transaction(|conn| device::reached(conn, &vault, tenant, user))?;
        Ok(notice::reader(conn, tenant, user)?.map(|reader| (reader, lines, devices)))
    });
    let Some((reader, lines, devices)) = found.await? else { return Ok(false) };
    if lines.is_empty() || devices.is_empty() {
        return Ok(false);
    }
    for language in Language::ALL {
        let theirs: Vec<&Reached> = devices.iter().filter(|one| spoken(one, &reader) == language).collect();
        if theirs.is_empty() {
            continue;
        }
        let message = written(language, &reader, &lines, beyond, &theirs);
        let gone = house.push.send(&format!("{}-{}", held.id, language.tag()), &message).await?;
        platform::crash::point("notify_push_sent");
        let gone = theirs.iter().filter(|one| gone.iter().any(|token| token == one.token.text()));
        let gone: Vec<_> = gone.map(|one| one.id).collect();
        house.jobs.unpermitted(move |conn| Ok(device::gone(conn, tenant, &gone)?)).await?;
    }
    Ok(true)
}

/// That of the device, else that of its owner.
fn spoken(device: &Reached, reader: &Reader) -> Language {
    device.locale.as_deref().and_then(Language::of).unwrap_or(reader.language)
}

/// `beyond`: how many more there are than those lines.
fn written(language: Language, reader: &Reader, lines: &[Line], beyond: usize, to: &[&Reached]) -> Message {
    let (many, house) = (lines.len() + beyond, plain(&reader.house));
    let (body, data) = match lines {
        [one] if beyond == 0 => {
            let of = (&one.kind, &one.resource, one.record, &one.event);
            let what = json!({"count": 1, "kind": of.0, "resource": of.1, "record_id": of.2, "event": of.3});
            (said(language, one), what)
        }
        _ => {
            let places = [("house", house.as_str()), ("many", &many.to_string())];
            (filled(words(language).0, &places), json!({"count": many}))
        }
    };
    let tokens = to.iter().map(|one| one.token.text().to_owned()).collect();
    Message { tokens, title: house, body, data }
}
