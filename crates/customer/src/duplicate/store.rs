//! The queries of candidates. A pair is there for whoever sees both of its records.
use super::likeness::Reasons;
use super::{DuplicateCandidate, RESOURCES};
use crate::schema::{duplicate_candidates, duplicate_pairs};
use crate::{account, contact};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use diesel::upsert::excluded;
use kernel::event::Verb;
use kernel::{Ctx, DuplicateCandidateId, Page, Result, TenantId};
use platform::{Batch, Conn, Listing, Record};
use rust_decimal::Decimal;
use uuid::Uuid;

/// Pairs in one statement: it takes 65,535 values, of which a pair has ten.
const AT_ONCE: usize = 5_000;

type Condition = Box<dyn BoxableExpression<duplicate_candidates::table, Pg, SqlType = Bool>>;

/// Of records that the actor sees.
fn seen(ctx: &Ctx) -> Condition {
    use duplicate_candidates::{other_id, record_id, resource};
    let [account, contact] = [RESOURCES.first(), RESOURCES.last()].map(|noun| noun.copied().unwrap_or_default());
    let accounts =
        resource.eq(account).and(record_id.eq_any(account::seen_ids(ctx))).and(other_id.eq_any(account::seen_ids(ctx)));
    let contacts =
        resource.eq(contact).and(record_id.eq_any(contact::seen_ids(ctx))).and(other_id.eq_any(contact::seen_ids(ctx)));
    Box::new(accounts.or(contacts))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: DuplicateCandidateId) -> Result<DuplicateCandidate> {
    let of_tenant = duplicate_candidates::tenant_id.eq(ctx.tenant);
    let one = duplicate_candidates::table.filter(of_tenant).filter(seen(ctx)).filter(duplicate_candidates::id.eq(id));
    Ok(one.select(DuplicateCandidate::as_select()).first(conn)?)
}

pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    listing: &Listing<duplicate_candidates::table>,
) -> Result<Page<DuplicateCandidate>> {
    let of_tenant = duplicate_candidates::tenant_id.eq(ctx.tenant);
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = duplicate_candidates::table.filter(of_tenant).filter(seen(ctx)).filter(ask.matching());
            let page = page.order(ask.order()).limit(ask.limit());
            page.select((DuplicateCandidate::as_select(), ask.keys())).load(conn)
        },
        |ask| {
            let all = duplicate_candidates::table.filter(of_tenant).filter(seen(ctx)).filter(ask.matching());
            all.select(duplicate_candidates::id)
        },
        |one| &one.resource,
    )
}

/// Nobody is asked of an open one again.
pub(super) fn set_dismissed(conn: &mut Conn, ctx: &Ctx, id: DuplicateCandidateId) -> QueryResult<usize> {
    let open = duplicate_pairs::table
        .filter(duplicate_pairs::tenant_id.eq(ctx.tenant))
        .filter(duplicate_pairs::id.eq(id))
        .filter(duplicate_pairs::status.eq("open"));
    let moved = (
        duplicate_pairs::status.eq("dismissed"),
        duplicate_pairs::version.eq(duplicate_pairs::version + 1),
        duplicate_pairs::updated_at.eq(ctx.now),
    );
    let done: Option<(DuplicateCandidateId, i32)> = diesel::update(open)
        .set(moved)
        .returning((duplicate_pairs::id, duplicate_pairs::version))
        .recorded::<DuplicateCandidate>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()?;
    Ok(usize::from(done.is_some()))
}

/// A pair that was found.
pub(super) struct Found {
    pub record: Uuid,
    pub other: Uuid,
    pub score: Decimal,
    pub reasons: Reasons,
}

/// Writes down pairs that were found; those that were dismissed stay so. How many are new, or found for other reasons.
pub(super) fn put(conn: &mut Conn, ctx: &Ctx, resource: &str, found: &[Found]) -> QueryResult<usize> {
    let row = |one: &Found| {
        (
            duplicate_pairs::tenant_id.eq(ctx.tenant),
            duplicate_pairs::id.eq(DuplicateCandidateId::new()),
            duplicate_pairs::resource.eq(resource.to_owned()),
            duplicate_pairs::record_id.eq(one.record),
            duplicate_pairs::other_id.eq(one.other),
            duplicate_pairs::score.eq(one.score),
            duplicate_pairs::reasons.eq(one.reasons.clone()),
            duplicate_pairs::status.eq("open"),
            duplicate_pairs::created_at.eq(ctx.now),
            duplicate_pairs::updated_at.eq(ctx.now),
        )
    };
    let known = known(conn, ctx, resource, found)?;
    let is_new = |one: &&Found| {
        let same = known.iter().find(|(record, other, ..)| (*record, *other) == (one.record, one.other));
        same.is_none_or(|(_, _, reasons, status)| status == "open" && *reasons != one.reasons)
    };
    let rows: Vec<_> = found.iter().filter(is_new).map(row).collect();
    let pair =
        (duplicate_pairs::tenant_id, duplicate_pairs::resource, duplicate_pairs::record_id, duplicate_pairs::other_id);
    let mut written = 0;
    let mut rows = rows.into_iter();
    loop {
        let some: Vec<_> = rows.by_ref().take(AT_ONCE).collect();
        if some.is_empty() {
            return Ok(written);
        }
        written += diesel::insert_into(duplicate_pairs::table)
            .values(some)
            .on_conflict(pair)
            .do_update()
            .set((
                duplicate_pairs::score.eq(excluded(duplicate_pairs::score)),
                duplicate_pairs::reasons.eq(excluded(duplicate_pairs::reasons)),
                duplicate_pairs::version.eq(duplicate_pairs::version + 1),
                duplicate_pairs::updated_at.eq(excluded(duplicate_pairs::updated_at)),
            ))
            .execute(conn)?;
    }
}

type Known = (Uuid, Uuid, Reasons, String);

/// Those of them that were found before, with their reasons and what became of them.
fn known(conn: &mut Conn, ctx: &Ctx, resource: &str, found: &[Found]) -> QueryResult<Vec<Known>> {
    let records: Vec<Uuid> = found.iter().map(|one| one.record).collect();
    duplicate_pairs::table
        .filter(duplicate_pairs::tenant_id.eq(ctx.tenant))
        .filter(duplicate_pairs::resource.eq(resource))
        .filter(duplicate_pairs::record_id.eq_any(records))
        .select((
            duplicate_pairs::record_id,
            duplicate_pairs::other_id,
            duplicate_pairs::reasons,
            duplicate_pairs::status,
        ))
        .load(conn)
}

impl Batch for DuplicateCandidate {
    fn find(conn: &mut Conn, ctx: &Ctx, id: DuplicateCandidateId) -> Result<Self> {
        find(conn, ctx, id)
    }
    /// Who sees all candidates does not see all records: each is asked for alone.
    fn batch(_: &mut Conn, _: TenantId, _: &[DuplicateCandidateId]) -> Result<Vec<Self>> {
        Ok(Vec::new())
    }
}
