//! The queries of leads that lie in pools. What is taken is asked for through the lead's `scope`; what was locked is
//! written whoever sees it from then on.
use super::entry::Turn;
use super::mask::Reached;
use crate::lead::Lead;
use crate::lead::schema::{leads, leads_beside};
use crate::lead::standing::{ASSIGNED, NEW, OPEN};
use crate::lead::store::scope;
use crate::pool::Pool;
use crate::pool::schema::lead_covers;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Text};
use kernel::event::Verb;
use kernel::{Action, Ctx, LeadId, PoolId, TeamId, UserId};
use platform::search::{Tsvector, array_to_tsvector};
use platform::{Conn, Record};

diesel::define_sql_function! { fn ts_delete(words: Tsvector, lexemes: Array<Text>) -> Tsvector; }
diesel::define_sql_function! { fn tsvector_concat(words: Tsvector, others: Tsvector) -> Tsvector; }

/// What is shown of it from now on, and the words that come and go with that.
type Shown<'a> = (&'a Reached, Turn);

/// The lead that lies there longest of those that nobody else is about to take.
pub fn next(conn: &mut Conn, ctx: &Ctx, pool: PoolId) -> QueryResult<Option<Lead>> {
    scope(ctx, Action::Update)
        .filter(leads::deleted_at.is_null())
        .filter(leads_beside::pool_id.eq(pool))
        .filter(leads_beside::pooled_at.is_not_null())
        .order((leads_beside::pooled_at, leads::id))
        .for_update()
        .skip_locked()
        .select(Lead::as_select())
        .first(conn)
        .optional()
}

/// How many lie there that the actor could take.
pub fn lying(conn: &mut Conn, ctx: &Ctx, pool: PoolId) -> QueryResult<i64> {
    scope(ctx, Action::Update)
        .filter(leads::deleted_at.is_null())
        .filter(leads_beside::pool_id.eq(pool))
        .filter(leads_beside::pooled_at.is_not_null())
        .count()
        .get_result(conn)
}

/// How many open leads of the pool the actor has in hand, whoever sees them.
pub fn held(conn: &mut Conn, ctx: &Ctx, pool: PoolId) -> QueryResult<i64> {
    leads::table
        .filter(leads::tenant_id.eq(ctx.tenant))
        .filter(leads::owner_id.eq(ctx.actor.user))
        .filter(leads::status.eq_any(OPEN))
        .filter(leads::deleted_at.is_null())
        .filter(leads_beside::pool_id.eq(pool))
        .count()
        .get_result(conn)
}

/// Puts away how it is reached.
pub fn cover(conn: &mut Conn, ctx: &Ctx, id: LeadId, open: &Reached) -> QueryResult<usize> {
    let name = Some(&open.display_name).filter(|_| open.is_named_by_it());
    let row = (
        lead_covers::tenant_id.eq(ctx.tenant),
        lead_covers::lead_id.eq(id),
        lead_covers::email.eq(&open.email),
        lead_covers::phone.eq(&open.phone),
        lead_covers::phone_text.eq(&open.phone_text),
        lead_covers::display_name.eq(name),
    );
    diesel::insert_into(lead_covers::table).values(row).execute(conn)
}

type Covered = (Option<String>, Option<String>, Option<String>, Option<String>);

/// Address, number with its text and, where it is one of them, the name; it is put away no longer.
pub fn uncover(conn: &mut Conn, ctx: &Ctx, id: LeadId) -> QueryResult<Option<Covered>> {
    let ways = (lead_covers::email, lead_covers::phone, lead_covers::phone_text, lead_covers::display_name);
    diesel::delete(lead_covers::table.find((ctx.tenant, id))).returning(ways).get_result(conn).optional()
}

pub fn put_in(
    conn: &mut Conn,
    ctx: &Ctx,
    before: &Lead,
    pool: &Pool,
    (shown, turn): Shown,
    (due, promise): (Option<DateTime<Utc>>, Option<String>),
    verb: Verb,
) -> QueryResult<Lead> {
    let place = (
        leads::owner_id.eq(pool.queue_id),
        leads_beside::pool_id.eq(pool.id),
        leads_beside::pooled_at.eq(ctx.now),
        leads_beside::is_masked.eq(pool.is_masked),
        leads::status.eq(NEW),
        leads::disqualify_reason.eq(None::<String>),
        leads::assigned_at.eq(None::<DateTime<Utc>>),
        leads::response_due_at.eq(due),
        leads::response_status.eq(promise),
    );
    write(conn, ctx, before, place, (shown, turn), verb)
}

/// A team is named, or left as it is.
pub fn take_out(
    conn: &mut Conn,
    ctx: &Ctx,
    before: &Lead,
    (owner, team): (UserId, Option<Option<TeamId>>),
    shown: Shown,
    verb: Verb,
) -> QueryResult<Lead> {
    let status = if before.status == NEW { ASSIGNED } else { &before.status };
    let place = (
        leads::owner_id.eq(owner),
        leads::team_id.eq(team.unwrap_or(before.team_id)),
        leads_beside::pooled_at.eq(None::<DateTime<Utc>>),
        leads_beside::is_masked.eq(false),
        leads::status.eq(status.to_owned()),
        leads::assigned_at.eq(ctx.now),
    );
    write(conn, ctx, before, place, shown, verb)
}

fn write<S>(conn: &mut Conn, ctx: &Ctx, before: &Lead, place: S, (shown, turn): Shown, verb: Verb) -> QueryResult<Lead>
where
    S: AsChangeset<Target = leads::table>,
    S::Changeset: diesel::query_builder::QueryFragment<diesel::pg::Pg> + 'static,
{
    let words = tsvector_concat(leads_beside::search, array_to_tsvector(turn.come));
    let moved = (
        place,
        leads::email.eq(shown.email.clone()),
        leads::phone.eq(shown.phone.clone()),
        leads_beside::phone_text.eq(shown.phone_text.clone()),
        leads::display_name.eq(shown.display_name.clone()),
        leads_beside::search.eq(ts_delete(words, turn.gone)),
        leads::version.eq(leads::version + 1),
        leads::updated_at.eq(ctx.now),
        leads::updated_by.eq(ctx.actor.user),
    );
    diesel::update(leads::table.find((ctx.tenant, before.id)))
        .set(moved)
        .returning(Lead::as_returning())
        .recorded::<Lead>(ctx, verb)
        .get_result(conn)
}
