//! What may be done with a link: it is put down and its letter is sent, or it is handed over; it is opened, something is
//! said by it, and it is revoked.
use super::{NewQuoteLink, QuoteLink, Said, store};
use crate::opportunity::Opportunity;
use crate::others;
use crate::quote::{self, Quote, QuoteSending, Shown};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Duration, Utc};
use customer::account::Account;
use customer::contact::Contact;
use diesel::Connection;
use kernel::{Action, Ctx, Error, Language, Noun, QuoteLinkId, Reach, Result, TenantId, UserId, error, text};
use platform::{Conn, random};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use uuid::Uuid;

const PREFIX: &str = "gxq_";
/// How long a link shows a quote that says nothing of its last day; and one that does, after that.
const SHOWN: Duration = Duration::days(90);
const SHOWN_AFTER: Duration = Duration::days(30);

pub fn put_down(
    conn: &mut Conn,
    ctx: &Ctx,
    quote: &Quote,
    ask: &QuoteSending,
    language: Language,
) -> Result<QuoteLinkId> {
    let expires_at = shown_until(conn, ctx, quote)?;
    Ok(store::insert(conn, ctx, quote, ask, language, expires_at)?)
}

/// A link that somebody hands over by themselves, with its token, which stands nowhere else.
pub fn hand_over(conn: &mut Conn, ctx: &Ctx, quote: &Quote, new: &NewQuoteLink) -> Result<(QuoteLink, String)> {
    if new.expires_at.is_some_and(|at| at <= ctx.now) {
        return Err(Error::invalid("/expires_at", "past", text!("is not in the future")));
    }
    let expires_at = match new.expires_at {
        Some(at) => at,
        None => shown_until(conn, ctx, quote)?,
    };
    let language = Language::of(&others::store::letterhead(conn, ctx)?.1).unwrap_or_default();
    let secret: [u8; 32] = random::bytes();
    let link = store::hand_over(conn, ctx, quote, new, (language, expires_at), &of_secret(&secret))?;
    let token = written(ctx.tenant, link.id, &secret);
    Ok((link, token))
}

/// Until when a link is good of which nobody says otherwise.
fn shown_until(conn: &mut Conn, ctx: &Ctx, quote: &Quote) -> Result<DateTime<Utc>> {
    Ok(match quote.valid_until_on {
        Some(last) => others::end_of(conn, ctx, last)? + SHOWN_AFTER,
        None => ctx.now + SHOWN,
    })
}

/// A link of a quote that the caller may see.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: QuoteLinkId) -> Result<QuoteLink> {
    let link = store::find(conn, ctx, id)?.ok_or(error::NOT_FOUND)?;
    quote::find(conn, ctx, link.quote_id)?;
    Ok(link)
}

/// Nothing, where it showed nothing any more already, or never did.
pub fn revoke(conn: &mut Conn, ctx: &Ctx, id: QuoteLinkId) -> Result<Option<QuoteLink>> {
    Ok(store::revoke(conn, ctx, id)?)
}

/// What was said otherwise.
pub fn note(conn: &mut Conn, ctx: &Ctx, quote: &Quote, said: &Said) -> Result<()> {
    store::note(conn, ctx, quote, said)?;
    Ok(())
}

pub fn decided(conn: &mut Conn, ctx: &Ctx, link: &QuoteLink, said: &Said) -> Result<()> {
    store::decide(conn, ctx, link.id, said)?;
    Ok(())
}

/// What a letter brings, and to whom.
pub struct Issued {
    pub link: QuoteLink,
    pub to: String,
    pub language: Language,
    pub token: String,
    pub shown: Shown,
}

/// Whoever has a link reads the quote and decides on it, whatever whoever has sent it may do by then.
pub fn customer(tenant: TenantId, sender: UserId, now: DateTime<Utc>) -> Ctx {
    let mut ctx = Ctx::powerless(tenant, sender, now);
    let grants = Arc::make_mut(&mut ctx.grants);
    let (quote, deal) = (Quote::NAME, Opportunity::NAME);
    let reads =
        [(quote, Action::Read), (deal, Action::Read), (Account::NAME, Action::Read), (Contact::NAME, Action::Read)];
    for (noun, action) in reads.into_iter().chain([(quote, Action::Update), (deal, Action::Update)]) {
        grants.allow(noun, action, Reach::All);
    }
    ctx
}

/// Draws the token of a letter; one that is sent once more brings another. Nothing, where it is no longer wanted.
pub fn issue(conn: &mut Conn, ctx: &Ctx, id: QuoteLinkId) -> Result<Option<Issued>> {
    conn.transaction(|conn| {
        let Some(link) = store::waiting(conn, ctx, id)? else { return Ok(None) };
        let Some(to) = link.recipient.clone() else { return Ok(None) };
        let quote = match quote::find(conn, ctx, link.quote_id) {
            Err(error) if error.code == error::NOT_FOUND => return Ok(None),
            quote => quote?,
        };
        // revised or decided meanwhile: what it would bring is offered no more
        if quote.status != "sent" {
            return Ok(None);
        }
        let shown = quote::shown(conn, ctx, quote)?;
        let secret: [u8; 32] = random::bytes();
        store::add_hash(conn, ctx, id, &of_secret(&secret))?;
        let language = Language::of(&link.language).unwrap_or_default();
        Ok(Some(Issued { link, to, language, token: written(ctx.tenant, id, &secret), shown }))
    })
}

/// What a token shows, while it is good: to whoever acts for its customer.
pub fn open(conn: &mut Conn, ctx: &Ctx, token: &str) -> Result<(QuoteLink, Shown)> {
    let link = good(conn, ctx.tenant, token, ctx.now)?.ok_or(error::NOT_FOUND)?;
    let quote = quote::find(conn, ctx, link.quote_id)?;
    Ok((link, quote::shown(conn, ctx, quote)?))
}

/// The tenant that a token is of, and who has sent it, while it is good.
pub fn whose(conn: &mut Conn, token: &str, now: DateTime<Utc>) -> Result<(TenantId, UserId)> {
    let (tenant, ..) = read(token).ok_or(error::NOT_FOUND)?;
    let link = good(conn, tenant, token, now)?.ok_or(error::NOT_FOUND)?;
    Ok((tenant, link.created_by))
}

/// The link of a token, while it is good.
pub fn good(conn: &mut Conn, tenant: TenantId, token: &str, now: DateTime<Utc>) -> Result<Option<QuoteLink>> {
    let Some((of, id, hash)) = read(token).filter(|(of, ..)| *of == tenant) else { return Ok(None) };
    Ok(store::good(conn, of, id, &hash, now)?)
}

fn of_secret(secret: &[u8]) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

fn written(tenant: TenantId, id: QuoteLinkId, secret: &[u8; 32]) -> String {
    let token = [tenant.0.as_bytes().as_slice(), id.0.as_bytes(), secret].concat();
    format!("{PREFIX}{}", BASE64.encode(token))
}

fn read(token: &str) -> Option<(TenantId, QuoteLinkId, Vec<u8>)> {
    let bytes = BASE64.decode(token.strip_prefix(PREFIX)?).ok()?;
    let (tenant, rest) = bytes.split_first_chunk::<16>()?;
    let (id, secret) = rest.split_first_chunk::<16>()?;
    (secret.len() == 32).then(|| (Uuid::from_bytes(*tenant).into(), Uuid::from_bytes(*id).into(), of_secret(secret)))
}
