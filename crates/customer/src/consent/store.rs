//! The queries of the ledger and of what holds. Both are parts of contacts that were asked for.
use super::effective::{EffectiveConsent, Word};
use super::{Consent, NewConsent, Proof};
use crate::schema::{consent_states, consents, effective_consents};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::upsert::excluded;
use kernel::event::Verb;
use kernel::{ConsentId, ContactId, Ctx, Page, Result};
use platform::{Conn, Listing, Record};
use uuid::Uuid;

/// How much of the ledger is told of one contact at once.
const MOST: i64 = 200;

/// The words of all contacts that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<consents::table>) -> Result<Page<Consent>> {
    let all = || consents::table.filter(consents::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Consent::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(consents::id),
        |one| &one.purpose,
    )
}

pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: ConsentId) -> QueryResult<Option<Consent>> {
    consents::table.find((ctx.tenant, id)).select(Consent::as_select()).first(conn).optional()
}

/// The newest words of a contact first, by when they were said.
pub(super) fn of(conn: &mut Conn, ctx: &Ctx, contact: ContactId) -> QueryResult<Vec<Consent>> {
    consents::table
        .filter(consents::tenant_id.eq(ctx.tenant))
        .filter(consents::contact_id.eq(contact))
        .order((consents::occurred_at.desc(), consents::id.desc()))
        .limit(MOST)
        .select(Consent::as_select())
        .load(conn)
}

/// The same, from where the page before has ended. The contact was asked for before.
pub fn page_of(
    conn: &mut Conn,
    ctx: &Ctx,
    contact: ContactId,
    below: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Consent>> {
    let page = consents::table
        .filter(consents::tenant_id.eq(ctx.tenant))
        .filter(consents::contact_id.eq(contact))
        .order((consents::occurred_at.desc(), consents::id.desc()))
        .limit(limit)
        .select(Consent::as_select());
    let Some((at, id)) = below else { return Ok(page.load(conn)?) };
    let lower = consents::occurred_at.lt(at).or(consents::occurred_at.eq(at).and(consents::id.lt(id)));
    Ok(page.filter(consents::occurred_at.le(at).and(lower)).load(conn)?)
}

/// What was said last of the same purpose and channel.
pub(super) fn newest(conn: &mut Conn, ctx: &Ctx, new: &NewConsent) -> QueryResult<Option<String>> {
    let of_key = consents::purpose.eq(&new.purpose).and(consents::channel.eq(&new.channel));
    consents::table
        .filter(consents::tenant_id.eq(ctx.tenant))
        .filter(consents::contact_id.eq(new.contact_id))
        .filter(of_key)
        .order((consents::occurred_at.desc(), consents::id.desc()))
        .select(consents::status)
        .first(conn)
        .optional()
}

/// Whether the same was said at the same moment.
pub(super) fn was_said(conn: &mut Conn, ctx: &Ctx, new: &NewConsent, at: DateTime<Utc>) -> QueryResult<bool> {
    let the_same = consents::table
        .filter(consents::tenant_id.eq(ctx.tenant))
        .filter(consents::contact_id.eq(new.contact_id))
        .filter(consents::purpose.eq(&new.purpose))
        .filter(consents::channel.eq(&new.channel))
        .filter(consents::status.eq(&new.status))
        .filter(consents::occurred_at.eq(at));
    diesel::select(diesel::dsl::exists(the_same)).get_result(conn)
}

/// What waits for a confirmation, the oldest first.
pub(super) fn pending(conn: &mut Conn, ctx: &Ctx, contact: ContactId) -> QueryResult<Vec<Consent>> {
    consents::table
        .filter(consents::tenant_id.eq(ctx.tenant))
        .filter(consents::contact_id.eq(contact))
        .filter(consents::status.eq("pending"))
        .order(consents::id)
        .select(Consent::as_select())
        .load(conn)
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewConsent) -> QueryResult<Consent> {
    let row = (
        consents::tenant_id.eq(ctx.tenant),
        consents::id.eq(ConsentId::new()),
        consents::contact_id.eq(new.contact_id),
        consents::purpose.eq(&new.purpose),
        consents::channel.eq(&new.channel),
        consents::status.eq(&new.status),
        consents::lawful_basis.eq(&new.lawful_basis),
        consents::source.eq(&new.source),
        consents::evidence.eq(Proof(new.evidence.clone())),
        consents::occurred_at.eq(new.occurred_at.unwrap_or(ctx.now)),
        consents::expires_at.eq(new.expires_at),
        consents::created_at.eq(ctx.now),
        consents::created_by.eq(ctx.actor.user),
    );
    diesel::insert_into(consents::table)
        .values(row)
        .returning(Consent::as_returning())
        .recorded::<Consent>(ctx, Verb::Changed)
        .get_result(conn)
}

/// All words of a contact about a purpose.
pub(super) fn words(conn: &mut Conn, ctx: &Ctx, contact: ContactId, purpose: &str) -> QueryResult<Vec<Word>> {
    consents::table
        .filter(consents::tenant_id.eq(ctx.tenant))
        .filter(consents::contact_id.eq(contact))
        .filter(consents::purpose.eq(purpose))
        .select((
            consents::id,
            consents::channel,
            consents::status,
            consents::lawful_basis,
            consents::occurred_at,
            consents::expires_at,
        ))
        .load(conn)
}

/// Keeps the words that decide.
pub(super) fn settle(
    conn: &mut Conn,
    ctx: &Ctx,
    contact: ContactId,
    purpose: &str,
    decided: &[(&str, &Word)],
) -> QueryResult<usize> {
    let row = |(channel, word): &(&str, &Word)| {
        (
            consent_states::tenant_id.eq(ctx.tenant),
            consent_states::contact_id.eq(contact),
            consent_states::purpose.eq(purpose.to_owned()),
            consent_states::channel.eq((*channel).to_owned()),
            consent_states::status.eq(word.status.clone()),
            consent_states::lawful_basis.eq(word.lawful_basis.clone()),
            consent_states::consent_id.eq(word.id),
            consent_states::occurred_at.eq(word.occurred_at),
            consent_states::expires_at.eq(word.expires_at),
        )
    };
    let rows: Vec<_> = decided.iter().map(row).collect();
    diesel::insert_into(consent_states::table)
        .values(rows)
        .on_conflict((
            consent_states::tenant_id,
            consent_states::contact_id,
            consent_states::purpose,
            consent_states::channel,
        ))
        .do_update()
        .set((
            consent_states::status.eq(excluded(consent_states::status)),
            consent_states::lawful_basis.eq(excluded(consent_states::lawful_basis)),
            consent_states::consent_id.eq(excluded(consent_states::consent_id)),
            consent_states::occurred_at.eq(excluded(consent_states::occurred_at)),
            consent_states::expires_at.eq(excluded(consent_states::expires_at)),
        ))
        .execute(conn)
}

/// Nothing is known any more of what holds of these contacts.
pub(super) fn forget(conn: &mut Conn, ctx: &Ctx, contacts: &[ContactId]) -> QueryResult<usize> {
    let theirs = consent_states::table
        .filter(consent_states::tenant_id.eq(ctx.tenant))
        .filter(consent_states::contact_id.eq_any(contacts));
    diesel::delete(theirs).execute(conn)
}

/// To what these contacts have said something.
pub(super) fn purposes(conn: &mut Conn, ctx: &Ctx, contacts: &[ContactId]) -> QueryResult<Vec<(ContactId, String)>> {
    consents::table
        .filter(consents::tenant_id.eq(ctx.tenant))
        .filter(consents::contact_id.eq_any(contacts))
        .select((consents::contact_id, consents::purpose))
        .distinct()
        .load(conn)
}

/// What holds of these contacts.
pub(super) fn effective(conn: &mut Conn, ctx: &Ctx, contacts: &[ContactId]) -> QueryResult<Vec<EffectiveConsent>> {
    effective_consents::table
        .filter(effective_consents::tenant_id.eq(ctx.tenant))
        .filter(effective_consents::contact_id.eq_any(contacts))
        .order((effective_consents::contact_id, effective_consents::purpose, effective_consents::channel))
        .select(EffectiveConsent::as_select())
        .load(conn)
}
