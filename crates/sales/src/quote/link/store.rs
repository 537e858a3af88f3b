//! The queries of links. Their quote was asked for through its `scope` before, or a token says whose they are.
use super::{HANDED_OVER, LETTER, NOTED, NewQuoteLink, QuoteLink, Said};
use crate::quote::schema::quote_links;
use crate::quote::{self, Quote, QuoteSending};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, Language, Page, QuoteId, QuoteLinkId, Result, TenantId};
use platform::{Conn, Listing};

/// The links of a quote that the caller may see, the oldest first.
pub fn of(conn: &mut Conn, ctx: &Ctx, quote: QuoteId) -> Result<Vec<QuoteLink>> {
    quote::find(conn, ctx, quote)?;
    of_all(conn, ctx, &[quote])
}

/// The links of quotes that the caller may see.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, quotes: &[QuoteId]) -> Result<Vec<QuoteLink>> {
    Ok(quote_links::table
        .filter(quote_links::tenant_id.eq(ctx.tenant))
        .filter(quote_links::quote_id.eq_any(quotes))
        .order((quote_links::quote_id, quote_links::id))
        .select(QuoteLink::as_select())
        .load(conn)?)
}

/// The links of all quotes that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<quote_links::table>) -> Result<Page<QuoteLink>> {
    let all = || quote_links::table.filter(quote_links::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((QuoteLink::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(quote_links::id),
        |one| &one.language,
    )
}

pub fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    quote: &Quote,
    ask: &QuoteSending,
    language: Language,
    expires_at: DateTime<Utc>,
) -> QueryResult<QuoteLinkId> {
    let id = QuoteLinkId::new();
    let row = (
        quote_links::tenant_id.eq(ctx.tenant),
        quote_links::id.eq(id),
        quote_links::quote_id.eq(quote.id),
        quote_links::kind.eq(LETTER),
        quote_links::recipient.eq(&ask.to),
        quote_links::language.eq(language.tag()),
        quote_links::message.eq(&ask.message),
        quote_links::expires_at.eq(expires_at),
        quote_links::created_at.eq(ctx.now),
        quote_links::created_by.eq(ctx.actor.user),
    );
    diesel::insert_into(quote_links::table).values(row).execute(conn)?;
    Ok(id)
}

/// A link of which its maker alone has the token.
pub fn hand_over(
    conn: &mut Conn,
    ctx: &Ctx,
    quote: &Quote,
    new: &NewQuoteLink,
    (language, expires_at): (Language, DateTime<Utc>),
    hash: &[u8],
) -> QueryResult<QuoteLink> {
    let row = (
        quote_links::tenant_id.eq(ctx.tenant),
        quote_links::id.eq(QuoteLinkId::new()),
        quote_links::quote_id.eq(quote.id),
        quote_links::kind.eq(HANDED_OVER),
        quote_links::recipient.eq(&new.recipient),
        quote_links::language.eq(language.tag()),
        quote_links::hashes.eq(vec![hash.to_vec()]),
        quote_links::expires_at.eq(expires_at),
        quote_links::created_at.eq(ctx.now),
        quote_links::created_by.eq(ctx.actor.user),
    );
    diesel::insert_into(quote_links::table).values(row).returning(QuoteLink::as_returning()).get_result(conn)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: QuoteLinkId) -> QueryResult<Option<QuoteLink>> {
    quote_links::table.find((ctx.tenant, id)).select(QuoteLink::as_select()).first(conn).optional()
}

/// Of one that shows something still, or is to be sent.
pub fn revoke(conn: &mut Conn, ctx: &Ctx, id: QuoteLinkId) -> QueryResult<Option<QuoteLink>> {
    let row = (
        quote_links::revoked_by.eq(ctx.actor.user),
        quote_links::revoked_at.eq(ctx.now),
        quote_links::version.eq(quote_links::version + 1),
    );
    let standing = quote_links::table
        .find((ctx.tenant, id))
        .filter(quote_links::revoked_at.is_null())
        .filter(quote_links::kind.ne(NOTED));
    diesel::update(standing).set(row).returning(QuoteLink::as_returning()).get_result(conn).optional()
}

/// What was said otherwise: it is shown to nobody, and is over as it is written.
pub fn note(conn: &mut Conn, ctx: &Ctx, quote: &Quote, said: &Said) -> QueryResult<usize> {
    let row = (
        quote_links::tenant_id.eq(ctx.tenant),
        quote_links::id.eq(QuoteLinkId::new()),
        quote_links::quote_id.eq(quote.id),
        quote_links::kind.eq(NOTED),
        quote_links::language.eq(Language::default().tag()),
        quote_links::expires_at.eq(ctx.now),
        quote_links::decision.eq(said.decision),
        quote_links::decided_at.eq(ctx.now),
        quote_links::reason.eq(&said.reason),
        quote_links::created_at.eq(ctx.now),
        quote_links::created_by.eq(ctx.actor.user),
    );
    diesel::insert_into(quote_links::table).values(row).execute(conn)
}

pub fn decide(conn: &mut Conn, ctx: &Ctx, id: QuoteLinkId, said: &Said) -> QueryResult<usize> {
    let row = (
        quote_links::decision.eq(said.decision),
        quote_links::decided_at.eq(ctx.now),
        quote_links::name.eq(&said.name),
        quote_links::job_title.eq(&said.job_title),
        quote_links::reason.eq(&said.reason),
        quote_links::address.eq(&said.address),
        quote_links::user_agent.eq(&said.user_agent),
        quote_links::version.eq(quote_links::version + 1),
    );
    diesel::update(quote_links::table.find((ctx.tenant, id))).set(row).execute(conn)
}

/// One whose letter is to be sent, while nothing was said to it.
pub fn waiting(conn: &mut Conn, ctx: &Ctx, id: QuoteLinkId) -> QueryResult<Option<QuoteLink>> {
    quote_links::table
        .find((ctx.tenant, id))
        .filter(quote_links::decision.is_null())
        .filter(quote_links::expires_at.gt(ctx.now))
        .filter(quote_links::revoked_at.is_null())
        .select(QuoteLink::as_select())
        .for_update()
        .first(conn)
        .optional()
}

pub fn add_hash(conn: &mut Conn, ctx: &Ctx, id: QuoteLinkId, hash: &[u8]) -> QueryResult<usize> {
    let known: Vec<Vec<u8>> = quote_links::table.find((ctx.tenant, id)).select(quote_links::hashes).first(conn)?;
    let all: Vec<Vec<u8>> = known.into_iter().chain([hash.to_vec()]).collect();
    diesel::update(quote_links::table.find((ctx.tenant, id))).set(quote_links::hashes.eq(all)).execute(conn)
}

/// The link with this token, while it is good.
pub fn good(
    conn: &mut Conn,
    tenant: TenantId,
    id: QuoteLinkId,
    hash: &[u8],
    now: DateTime<Utc>,
) -> QueryResult<Option<QuoteLink>> {
    quote_links::table
        .find((tenant, id))
        .filter(quote_links::hashes.contains(vec![hash.to_vec()]))
        .filter(quote_links::expires_at.gt(now))
        .filter(quote_links::revoked_at.is_null())
        .select(QuoteLink::as_select())
        .first(conn)
        .optional()
}
