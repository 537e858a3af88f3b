//! What comes back of a mail: its reader follows a link, wants no more of them, says what they do want; a server says that
//! it could not deliver it, or that its reader complains ([`report`]). Whoever holds a link is its reader: the token says
//! which delivery it is of, and proves it.
//!
//! All of it may be said again and again and comes to the same.
pub mod report;
mod store;

use crate::campaign::Campaign;
use crate::delivery::token::{self, Opened, Use};
use crate::delivery::{self, Delivery, Happened, LINK_INVALID, happened};
use crate::suppression::{self, Digests};
use crate::template;
use chrono::{DateTime, Utc};
use customer::choices::one_of;
use customer::consent::{self, Consent, Evidence, NewConsent};
use customer::contact::{self, Contact};
use diesel::OptionalExtension;
use kernel::page::Seal;
use kernel::{Action, Ctx, Noun, Reach, Result, Tidy, UserId};
use platform::Conn;
use platform::privacy::restriction;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// From where somebody says something.
#[derive(Clone, Debug, Default)]
pub struct Place {
    pub address: Option<String>,
    pub user_agent: Option<String>,
}

/// What somebody may be written to about, and by which way.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"sender": "Acme", "address": "w***@example.cn",
    "choices": [{"purpose": "newsletter", "channel": "email", "is_granted": true}]}))]
pub struct MailPreferences {
    /// who writes
    pub sender: String,
    /// to whom, but for most of its letters
    pub address: Option<String>,
    pub choices: Vec<MailChoice>,
}

/// Whether somebody wants to be written to about something by a way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"purpose": "newsletter", "channel": "email", "is_granted": false}))]
pub struct MailChoice {
    #[validate(length(min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40)]
    pub purpose: String,
    #[validate(custom(function = "is_channel"))]
    #[schema(example = "email")]
    pub channel: String,
    pub is_granted: bool,
}

/// What somebody wants from now on; what they do not name stays.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"choices": [{"purpose": "newsletter", "channel": "email", "is_granted": false}]}))]
pub struct MailPreferencesChange {
    #[validate(nested, length(min = 1, max = 100))]
    #[schema(min_items = 1, max_items = 100)]
    pub choices: Vec<MailChoice>,
}

impl Tidy for MailPreferencesChange {}

fn is_channel(text: &str) -> std::result::Result<(), ValidationError> {
    one_of(text, consent::CHANNELS)
}

/// Whose a link is, and in whose name the mail went out.
pub fn whose(conn: &mut Conn, seal: &Seal, what: Use, token: &str) -> Result<(Opened, UserId)> {
    let opened = token::open(seal, what, token)?;
    let one = delivery::held(conn, opened.tenant, opened.delivery).optional()?.ok_or(LINK_INVALID)?;
    let sender = store::sender(conn, opened.tenant, one.send_id)?;
    Ok((opened, sender))
}

/// Whoever has a link speaks for its reader, whatever whoever has sent the mail may do by then.
#[must_use]
pub fn reader(opened: &Opened, sender: UserId, now: DateTime<Utc>) -> Ctx {
    let mut ctx = Ctx::powerless(opened.tenant, sender, now);
    let grants = Arc::make_mut(&mut ctx.grants);
    for (noun, action) in [
        (Contact::NAME, Action::Read),
        (Contact::NAME, Action::Update),
        (Consent::NAME, Action::Create),
        (Campaign::NAME, Action::Read),
        (Campaign::NAME, Action::Update),
    ] {
        grants.allow(noun, action, Reach::All);
    }
    ctx
}

/// The reader wants no more of this purpose: its address is suppressed for it, and what they agreed to is taken back. In a
/// transaction.
pub fn unsubscribe(conn: &mut Conn, ctx: &Ctx, opened: &Opened, digests: &Digests, from: &Place) -> Result<()> {
    let one = delivery::held(conn, ctx.tenant, opened.delivery)?;
    suppress(conn, ctx, &one, digests, "unsubscribed", Some(&one.purpose))?;
    say(
        conn,
        ctx,
        &one,
        &MailChoice { purpose: one.purpose.clone(), channel: one.channel.clone(), is_granted: false },
        from,
    )?;
    happened(conn, ctx.tenant, &one, Happened::Unsubscribe, ctx.now)?;
    Ok(())
}

/// Nothing goes to the address of a delivery any more.
fn suppress(
    conn: &mut Conn,
    ctx: &Ctx,
    one: &Delivery,
    digests: &Digests,
    reason: &str,
    purpose: Option<&str>,
) -> Result<()> {
    let Some(address) = delivery::address_of(conn, ctx.tenant, one.id)? else { return Ok(()) };
    let cause = suppression::Cause {
        channel: &one.channel,
        address: &address,
        digest: &digests.of(ctx.tenant, &one.channel, &address),
        contact: Some(one.contact_id),
        reason,
        purpose,
        note: None,
    };
    suppression::put(conn, ctx, &cause)?;
    Ok(())
}

/// Writes a word down, unless it holds already, or whoever says it is gone.
fn say(conn: &mut Conn, ctx: &Ctx, one: &Delivery, choice: &MailChoice, from: &Place) -> Result<()> {
    // of whom nothing may be written down, the suppression says enough
    let is_gone = contact::many(conn, ctx, &[one.contact_id])?.is_empty();
    if is_gone || restriction::restricted(conn, ctx, one.contact_id)? {
        return Ok(());
    }
    let status = if choice.is_granted { "granted" } else { "withdrawn" };
    let held = consent::effective_of_all(conn, ctx, &[one.contact_id])?;
    let same = |word: &consent::effective::EffectiveConsent| {
        word.purpose == choice.purpose && word.channel == choice.channel && word.status == status
    };
    if held.iter().any(same) {
        return Ok(());
    }
    let evidence = Evidence {
        address: from.address.clone(),
        user_agent: from.user_agent.clone(),
        text: Some(format!("delivery {}", one.id)),
        ..Evidence::default()
    };
    let word = NewConsent {
        contact_id: one.contact_id,
        purpose: choice.purpose.clone(),
        channel: choice.channel.clone(),
        status: status.to_owned(),
        lawful_basis: "consent".to_owned(),
        source: Some("mail_link".to_owned()),
        evidence,
        occurred_at: None,
        expires_at: None,
    };
    consent::record(conn, ctx, &word).map(drop)
}

/// Where a link of a mail leads. In a transaction: it is counted.
pub fn click(conn: &mut Conn, ctx: &Ctx, opened: &Opened) -> Result<String> {
    let link = opened.link.ok_or(LINK_INVALID)?;
    let one = delivery::held(conn, ctx.tenant, opened.delivery)?;
    let url = store::url(conn, ctx.tenant, one.send_id, link)?.ok_or(LINK_INVALID)?;
    happened(conn, ctx.tenant, &one, Happened::Click(link), ctx.now)?;
    Ok(url)
}

/// The picture of a mail was fetched. In a transaction.
pub fn seen(conn: &mut Conn, ctx: &Ctx, opened: &Opened) -> Result<()> {
    let one = delivery::held(conn, ctx.tenant, opened.delivery)?;
    happened(conn, ctx.tenant, &one, Happened::Open, ctx.now)?;
    Ok(())
}

/// What the reader may be written to about.
pub fn preferences(conn: &mut Conn, ctx: &Ctx, opened: &Opened) -> Result<MailPreferences> {
    let one = delivery::held(conn, ctx.tenant, opened.delivery)?;
    let sender = template::store::sender(conn, ctx)?;
    let address = delivery::address_of(conn, ctx.tenant, one.id)?.as_deref().map(masked);
    let mut choices: BTreeMap<(String, String), bool> = BTreeMap::new();
    choices.insert((one.purpose.clone(), one.channel.clone()), false);
    for word in consent::effective_of_all(conn, ctx, &[one.contact_id])? {
        choices.insert((word.purpose, word.channel), word.status == "granted");
    }
    let choice = |((purpose, channel), is_granted)| MailChoice { purpose, channel, is_granted };
    Ok(MailPreferences { sender, address, choices: choices.into_iter().map(choice).collect() })
}

/// Says what they want from now on; a yes to e-mails lifts what they had unsubscribed from. In a transaction.
pub fn prefer(
    conn: &mut Conn,
    ctx: &Ctx,
    opened: &Opened,
    change: &MailPreferencesChange,
    digests: &Digests,
    from: &Place,
) -> Result<MailPreferences> {
    let one = delivery::held(conn, ctx.tenant, opened.delivery)?;
    for choice in &change.choices {
        say(conn, ctx, &one, choice, from)?;
        if choice.channel != one.channel {
            continue;
        }
        if choice.is_granted {
            if let Some(address) = delivery::address_of(conn, ctx.tenant, one.id)? {
                let digest = digests.of(ctx.tenant, &one.channel, &address);
                suppression::lift(conn, ctx, &one.channel, &digest, &choice.purpose)?;
            }
        } else {
            suppress(conn, ctx, &one, digests, "unsubscribed", Some(&choice.purpose))?;
        }
    }
    preferences(conn, ctx, opened)
}

/// `w***@example.cn`
fn masked(address: &str) -> String {
    let (name, host) = address.split_once('@').unwrap_or((address, ""));
    let first: String = name.chars().take(1).collect();
    format!("{first}***@{host}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_is_told_so_that_its_owner_knows_it() {
        assert_eq!(super::masked("wang.wei@example.cn"), "w***@example.cn");
    }
}
