//! The queries of a scorecard. `scope` is the only way in.
use super::schema::qa_scorecards as cards;
use super::{NewQaScorecard, QaScorecard, QaScorecardPatch};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, Page, QaScorecardId, Result, TenantId};
use platform::deed::ByName;
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};
use rust_decimal::Decimal;

/// The scorecards of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    cards::table.filter(cards::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: QaScorecardId) -> Result<QaScorecard> {
    let living = scope(ctx).filter(cards::deleted_at.is_null());
    Ok(living.filter(cards::id.eq(id)).select(QaScorecard::as_select()).first(conn)?)
}

/// The scorecard whether living or archived.
pub(crate) fn find_any(conn: &mut Conn, ctx: &Ctx, id: QaScorecardId) -> QueryResult<QaScorecard> {
    scope(ctx).filter(cards::id.eq(id)).select(QaScorecard::as_select()).first(conn)
}

/// The living scorecards among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[QaScorecardId]) -> Result<Vec<QaScorecard>> {
    let living = scope(ctx).filter(cards::deleted_at.is_null());
    Ok(living.filter(cards::id.eq_any(ids)).select(QaScorecard::as_select()).load(conn)?)
}

/// The living scorecard with this name, if there is one.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<QaScorecard>> {
    let living = scope(ctx).filter(cards::deleted_at.is_null());
    Ok(living.filter(cards::name.eq(&name.0)).limit(10).select(QaScorecard::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<cards::table>) -> Result<Page<QaScorecard>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((QaScorecard::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(cards::id),
        |card| &card.name,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewQaScorecard, words: Vec<String>) -> QueryResult<QaScorecard> {
    let given = (
        cards::tenant_id.eq(ctx.tenant),
        cards::id.eq(new.id.unwrap_or_else(QaScorecardId::new)),
        cards::created_at.eq(ctx.now),
        cards::updated_at.eq(ctx.now),
        cards::created_by.eq(ctx.actor.user),
        cards::updated_by.eq(ctx.actor.user),
        cards::search.eq(array_to_tsvector(words)),
        cards::pass_mark.eq(new.pass_mark.unwrap_or_else(|| Decimal::from(80))),
        cards::sample_percent.eq(new.sample_percent.unwrap_or_else(|| Decimal::from(5))),
    );
    diesel::insert_into(cards::table)
        .values((given, new))
        .returning(QaScorecard::as_returning())
        .recorded::<QaScorecard>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the scorecard is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: QaScorecardId,
    base: Option<i32>,
    patch: &QaScorecardPatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<QaScorecard>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(cards::deleted_at.is_null())
        .filter(cards::id.eq(id))
        .filter(cards::version.between(oldest, newest));
    let moved = (
        cards::version.eq(cards::version + 1),
        cards::updated_at.eq(ctx.now),
        cards::updated_by.eq(ctx.actor.user),
        words.map(|words| cards::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(QaScorecard::as_returning())
        .recorded::<QaScorecard>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living scorecard, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: QaScorecardId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<QaScorecard>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(cards::deleted_at.is_null().eq(archived))
        .filter(cards::id.eq(id))
        .filter(cards::version.between(oldest, newest));
    let moved = (
        cards::deleted_at.eq(at),
        cards::version.eq(cards::version + 1),
        cards::updated_at.eq(ctx.now),
        cards::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(QaScorecard::as_returning())
        .recorded::<QaScorecard>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: QaScorecardId) -> QueryResult<Option<QaScorecard>> {
    diesel::delete(scope(ctx).filter(cards::id.eq(id)))
        .returning(QaScorecard::as_returning())
        .recorded::<QaScorecard>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

impl Batch for QaScorecard {
    fn find(conn: &mut Conn, ctx: &Ctx, id: QaScorecardId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[QaScorecardId]) -> Result<Vec<Self>> {
        Ok(cards::table
            .filter(cards::tenant_id.eq(tenant))
            .filter(cards::deleted_at.is_null())
            .filter(cards::id.eq_any(ids))
            .select(QaScorecard::as_select())
            .load(conn)?)
    }
}
