//! The queries of what was written down at night, beside the one `scope` of opportunities.
use crate::opportunity::schema::{forecast_snapshots, opportunities};
use crate::opportunity::store::scope;
use crate::schema::stages;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Date, Timestamptz};
use kernel::{Action, Ctx, OpportunityId, StageId, TenantId, UserId};
use platform::Conn;
use rust_decimal::Decimal;

/// An opportunity as it is, and as it was.
pub struct Pair {
    pub id: OpportunityId,
    pub name: String,
    pub owner_id: UserId,
    pub stage_id: StageId,
    pub kind: String,
    pub amount: Option<Decimal>,
    pub currency: String,
    pub expected_close_on: Option<NaiveDate>,
    pub closed_at: Option<DateTime<Utc>>,
    pub changed_at: DateTime<Utc>,
    pub is_archived: bool,
    /// whether it was closed since: it was open, or came to its stage later
    pub has_closed: bool,
    pub was: Option<Was>,
}

pub struct Was {
    pub amount: Option<Decimal>,
    pub currency: String,
    pub expected_close_on: Option<NaiveDate>,
}

impl Pair {
    /// Whether all of its amounts are in this currency.
    pub fn is_in(&self, currency: &str) -> bool {
        self.currency == currency && self.was.as_ref().is_none_or(|was| was.currency == currency)
    }
}

type Now = (
    OpportunityId,
    String,
    UserId,
    StageId,
    String,
    Option<Decimal>,
    String,
    Option<NaiveDate>,
    Option<DateTime<Utc>>,
    DateTime<Utc>,
    DateTime<Utc>,
    Option<DateTime<Utc>>,
);
/// The day, and the moment.
pub type Night = (NaiveDate, DateTime<Utc>);
type Then = (Option<Decimal>, Option<String>, Option<NaiveDate>);

/// The last night not after a day, and when it was written down.
pub fn last(conn: &mut Conn, ctx: &Ctx, day: NaiveDate) -> QueryResult<Option<Night>> {
    forecast_snapshots::table
        .filter(forecast_snapshots::tenant_id.eq(ctx.tenant))
        .filter(forecast_snapshots::taken_on.le(day))
        .order(forecast_snapshots::taken_on.desc())
        .select((forecast_snapshots::taken_on, forecast_snapshots::taken_at))
        .first(conn)
        .optional()
}

/// What was changed since that night, the newest first; archived ones too.
pub fn pairs(conn: &mut Conn, ctx: &Ctx, (night, begin): Night) -> QueryResult<Vec<Pair>> {
    let of_stage = stages::tenant_id.eq(opportunities::tenant_id).and(stages::id.eq(opportunities::stage_id));
    let of_night = forecast_snapshots::tenant_id
        .eq(opportunities::tenant_id)
        .and(forecast_snapshots::opportunity_id.eq(opportunities::id))
        .and(forecast_snapshots::taken_on.eq(night));
    let found: Vec<(Now, Then)> = scope(ctx, Action::Read)
        .inner_join(stages::table.on(of_stage))
        .left_join(forecast_snapshots::table.on(of_night))
        .filter(opportunities::updated_at.gt(begin))
        .order((opportunities::updated_at.desc(), opportunities::id.desc()))
        .select((
            (
                opportunities::id,
                opportunities::name,
                opportunities::owner_id,
                opportunities::stage_id,
                stages::kind,
                opportunities::base_amount,
                opportunities::base_currency,
                opportunities::expected_close_on,
                opportunities::closed_at,
                opportunities::updated_at,
                opportunities::stage_entered_at,
                opportunities::deleted_at,
            ),
            (
                forecast_snapshots::base_amount.nullable(),
                forecast_snapshots::base_currency.nullable(),
                forecast_snapshots::expected_close_on.nullable(),
            ),
        ))
        .load(conn)?;
    Ok(found.into_iter().map(|(now, then)| pair(begin, now, then)).collect())
}

fn pair(begin: DateTime<Utc>, now: Now, then: Then) -> Pair {
    let (
        id,
        name,
        owner_id,
        stage_id,
        kind,
        amount,
        currency,
        expected_close_on,
        closed_at,
        changed_at,
        entered_at,
        gone,
    ) = now;
    let (was_amount, was_currency, was_expected) = then;
    let was = was_currency.map(|currency| Was { amount: was_amount, currency, expected_close_on: was_expected });
    let has_closed = was.is_some() || entered_at > begin;
    Pair {
        id,
        name,
        owner_id,
        stage_id,
        kind,
        amount,
        currency,
        expected_close_on,
        closed_at,
        changed_at,
        is_archived: gone.is_some(),
        has_closed,
        was,
    }
}

/// Writes the open opportunities of a tenant down, unless that was done on this day.
pub fn take(conn: &mut Conn, tenant: TenantId, day: NaiveDate, now: DateTime<Utc>) -> QueryResult<usize> {
    let done = forecast_snapshots::table
        .filter(forecast_snapshots::tenant_id.eq(tenant))
        .filter(forecast_snapshots::taken_on.eq(day));
    if diesel::select(exists(done)).get_result(conn)? {
        return Ok(0);
    }
    let open = opportunities::table
        .filter(opportunities::tenant_id.eq(tenant))
        .filter(opportunities::deleted_at.is_null())
        .filter(opportunities::closed_at.is_null());
    let rows = open.select((
        opportunities::tenant_id,
        day.into_sql::<Date>(),
        now.into_sql::<Timestamptz>(),
        opportunities::id,
        opportunities::base_amount,
        opportunities::base_currency,
        opportunities::expected_close_on,
        opportunities::probability,
        opportunities::forecast_category,
    ));
    diesel::insert_into(forecast_snapshots::table)
        .values(rows)
        .into_columns((
            forecast_snapshots::tenant_id,
            forecast_snapshots::taken_on,
            forecast_snapshots::taken_at,
            forecast_snapshots::opportunity_id,
            forecast_snapshots::base_amount,
            forecast_snapshots::base_currency,
            forecast_snapshots::expected_close_on,
            forecast_snapshots::probability,
            forecast_snapshots::forecast_category,
        ))
        // another worker may do so at this moment
        .on_conflict_do_nothing()
        .execute(conn)
}

/// Nights before this day go.
pub fn forget(conn: &mut Conn, tenant: TenantId, day: NaiveDate) -> QueryResult<usize> {
    let old = forecast_snapshots::table
        .filter(forecast_snapshots::tenant_id.eq(tenant))
        .filter(forecast_snapshots::taken_on.lt(day));
    diesel::delete(old).execute(conn)
}
