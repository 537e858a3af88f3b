//! How an account has come on: a row for the stage that it began with, and one for each that it came to, with how long
//! it was in the one before. See [`crate::lifecycle`].
mod store;

pub use crate::schema::account_lifecycle_changes::table as Table;
pub(super) use store::note;
pub use store::{list, list_of, of_all};

use super::{Account, CATALOGUE as ACCOUNT};
use crate::choices::LIFECYCLE_STAGES;
use crate::lifecycle::{CAUSES, Cause, STAGE, Step, behind, there_and_back};
use crate::schema::account_lifecycle_changes;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::event::Verb;
use kernel::{AccountId, AccountLifecycleChangeId, Ctx, Noun, Record, Result, UserId};
use platform::Conn;
use platform::filter::Listed;
use platform::import::many;
use platform::privacy::restriction;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// That an account came to a stage.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = account_lifecycle_changes, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-7a3b-7000-8000-0000000000a1", "account_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6",
    "from_stage": "opportunity", "to_stage": "customer", "cause": "order_placed",
    "cause_id": "0192f0c1-3333-7000-8000-000000000005", "duration_seconds": 604800,
    "changed_at": "2026-11-28T08:00:00Z", "changed_by": "0192f0c1-0000-7000-8000-000000000001"
}))]
pub struct AccountLifecycleChange {
    pub id: AccountLifecycleChangeId,
    pub account_id: AccountId,
    /// the stage before; absent where it began with this one
    pub from_stage: Option<String>,
    pub to_stage: String,
    /// `created` where it began there, `set` where somebody has said so; else what moved it on by itself:
    /// `lead_converted`, `opportunity_won` or `order_placed`
    #[schema(example = "order_placed")]
    pub cause: String,
    /// the lead, the opportunity or the order that moved it on
    pub cause_id: Option<Uuid>,
    /// how long it was in the stage before, where that is known
    pub duration_seconds: Option<i64>,
    pub changed_at: DateTime<Utc>,
    /// who said so, or did what moved it on
    pub changed_by: UserId,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "account_lifecycle_change",
    table: "account_lifecycle_changes",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("account_id", Holds::Id),
        Field::new("from_stage", Holds::Choice(LIFECYCLE_STAGES)).nullable(),
        Field::new("to_stage", Holds::Choice(LIFECYCLE_STAGES)),
        Field::new("cause", Holds::Choice(CAUSES)),
        Field::new("cause_id", Holds::Id).nullable(),
        Field::new("duration_seconds", Holds::Int).nullable(),
        Field::new("changed_at", Holds::Instant),
        Field::new("changed_by", Holds::Id),
    ],
    relations: &[Relation::one("account", "account", "account_id")],
    custom: None,
    owned: Owned::Part { of: "account", column: "account_id" },
};

impl Noun for AccountLifecycleChange {
    const NAME: &'static str = "account_lifecycle_change";
}
impl Record for AccountLifecycleChange {
    type Id = AccountLifecycleChangeId;
    fn id(&self) -> AccountLifecycleChangeId {
        self.id
    }
    /// It is written once.
    fn version(&self) -> i32 {
        1
    }
}
impl Listed for account_lifecycle_changes::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}

/// What was said of an account: a step, where it is in another stage since.
pub(super) fn moved(conn: &mut Conn, ctx: &Ctx, before: &Account, after: &Account) -> Result<()> {
    if before.lifecycle_stage == after.lifecycle_stage {
        return Ok(());
    }
    let (from, to) = (Some(before.lifecycle_stage.clone()), after.lifecycle_stage.clone());
    note(conn, ctx, &[Step { of: after.id, from, to, cause: Cause::Set }])?;
    Ok(())
}

/// Takes the steps of some away that a union has made of them, and its end has made back.
pub(crate) fn parted(conn: &mut Conn, ctx: &Ctx, ids: &[AccountId]) -> Result<()> {
    let taken = store::taken(conn, ctx, ids)?;
    store::forget(conn, ctx, &there_and_back(&taken, ctx.now))?;
    Ok(())
}

/// Moves those of them on to a stage that have not come as far, whoever sees them: none of them back, and nobody whose
/// processing is restricted. By [`crate::lifecycle::advance`] alone, in its transaction.
pub(crate) fn advance(conn: &mut Conn, ctx: &Ctx, to: &'static str, whom: &[(AccountId, Cause)]) -> Result<()> {
    if whom.is_empty() {
        return Ok(());
    }
    let stages = behind(to);
    let ids: Vec<AccountId> = whom.iter().map(|(id, _)| *id).collect();
    let late: Vec<Uuid> = store::standing(conn, ctx, &ids, &stages)?.into_iter().map(|id| id.0).collect();
    if late.is_empty() {
        return Ok(());
    }
    let kept = restriction::of_all(conn, ctx, &late)?;
    let free = late.into_iter().filter(|id| !kept.iter().any(|one| one.record_id == *id)).map(AccountId).collect();
    let held: Vec<(AccountId, String)> = store::hold(conn, ctx, free, &stages)?;
    let moved: Vec<Uuid> = held.iter().map(|(id, _)| id.0).collect();
    many::advance(conn, ctx, &ACCOUNT, Verb::LifecycleChanged, (STAGE, to), &moved)?;
    let cause = |id: AccountId| whom.iter().find(|(one, _)| *one == id).map_or(Cause::Set, |(_, cause)| *cause);
    let step = |(id, from)| Step { of: id, from: Some(from), to: to.to_owned(), cause: cause(id) };
    note(conn, ctx, &held.into_iter().map(step).collect::<Vec<_>>())?;
    Ok(())
}
