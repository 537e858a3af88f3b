//! The queries of a contract. `scope` is the only way in.
use super::schema::contracts;
use super::{Contract, ContractPatch, Key, NewContract};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Action, ContractId, Ctx, Page, QuoteId, Result, TenantId, UserId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record, Visible, visible};
use rust_decimal::Decimal;

/// The contracts of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
pub(crate) fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<contracts::table> = visible::rows(ctx, action);
    contracts::table.filter(contracts::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: ContractId) -> Result<Contract> {
    Ok(scope(ctx, Action::Read)
        .filter(contracts::deleted_at.is_null())
        .filter(contracts::id.eq(id))
        .select(Contract::as_select())
        .first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<contracts::table>) -> Result<Page<Contract>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Contract::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(contracts::id),
        |contract| &contract.title,
    )
}

/// The living contracts among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[ContractId]) -> Result<Vec<Contract>> {
    Ok(scope(ctx, Action::Read)
        .filter(contracts::deleted_at.is_null())
        .filter(contracts::id.eq_any(ids))
        .select(Contract::as_select())
        .load(conn)?)
}

/// The living contracts with this key.
pub fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<Contract>> {
    let living = scope(ctx, Action::Read).filter(contracts::deleted_at.is_null()).select(Contract::as_select());
    Ok(match key {
        Key::Number(number) => living.filter(contracts::number.eq(number)).load(conn)?,
        Key::External { source_system, external_id } => {
            match platform::external::find::<Contract>(conn, ctx, source_system, external_id)? {
                Some(id) => living.filter(contracts::id.eq(id)).load(conn)?,
                None => Vec::new(),
            }
        }
    })
}

/// What a contract goes on from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub quote: Option<QuoteId>,
    pub renews: Option<ContractId>,
    pub status: &'static str,
}

impl Default for Origin {
    fn default() -> Self {
        Self { quote: None, renews: None, status: "draft" }
    }
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewContract,
    number: &str,
    from: Origin,
    words: Vec<String>,
) -> QueryResult<Contract> {
    let given = (
        contracts::tenant_id.eq(ctx.tenant),
        contracts::id.eq(new.id.unwrap_or_else(ContractId::new)),
        contracts::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        contracts::number.eq(number),
        contracts::quote_id.eq(from.quote),
        contracts::renews_id.eq(from.renews),
        contracts::status.eq(from.status),
        contracts::renewal.eq(new.renewal.as_deref().unwrap_or("none")),
        contracts::currency.eq(&new.value.currency),
        contracts::value_amount.eq(new.value.amount),
        contracts::created_at.eq(ctx.now),
        contracts::updated_at.eq(ctx.now),
        contracts::created_by.eq(ctx.actor.user),
        contracts::updated_by.eq(ctx.actor.user),
        contracts::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(contracts::table)
        .values((given, new))
        .returning(Contract::as_returning())
        .recorded::<Contract>(ctx, Verb::Created)
        .get_result(conn)
}

/// What every change moves.
#[auto_type]
pub(super) fn touched(ctx: &Ctx) -> _ {
    let (now, user): (DateTime<Utc>, UserId) = (ctx.now, ctx.actor.user);
    (contracts::version.eq(contracts::version + 1_i32), contracts::updated_at.eq(now), contracts::updated_by.eq(user))
}

/// Of one that is locked. Nothing comes back where it may not be changed.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContractId,
    patch: &ContractPatch,
) -> QueryResult<Option<Contract>> {
    let value = patch.value.as_ref();
    let worth = value.map(|money| (contracts::value_amount.eq(money.amount), contracts::currency.eq(&money.currency)));
    diesel::update(scope(ctx, Action::Update).filter(contracts::id.eq(id)))
        .set((patch, worth, touched(ctx)))
        .returning(Contract::as_returning())
        .recorded::<Contract>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// What its instalments have got by now; whoever has received a payment may not see the contract.
pub(crate) fn set_paid(conn: &mut Conn, ctx: &Ctx, id: ContractId, paid: Decimal) -> QueryResult<Contract> {
    diesel::update(contracts::table.find((ctx.tenant, id)))
        .set((contracts::paid_amount.eq(paid), touched(ctx)))
        .returning(Contract::as_returning())
        .recorded::<Contract>(ctx, Verb::Updated)
        .get_result(conn)
}

/// What of its instalments is waived by now, of one that is locked.
pub(super) fn set_waived(conn: &mut Conn, ctx: &Ctx, id: ContractId, waived: Decimal) -> QueryResult<Contract> {
    diesel::update(contracts::table.find((ctx.tenant, id)))
        .set((contracts::waived_amount.eq(waived), touched(ctx)))
        .returning(Contract::as_returning())
        .recorded::<Contract>(ctx, Verb::Updated)
        .get_result(conn)
}

/// What is searched follows every change; who changed it may see it no longer.
pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: ContractId, words: Vec<String>) -> QueryResult<usize> {
    diesel::update(contracts::table.find((ctx.tenant, id)))
        .set(contracts::search.eq(array_to_tsvector(words)))
        .execute(conn)
}

/// Locks the contract, if the actor may do that.
pub(crate) fn lock(conn: &mut Conn, ctx: &Ctx, action: Action, id: ContractId) -> QueryResult<Option<Contract>> {
    scope(ctx, action)
        .filter(contracts::deleted_at.is_null())
        .filter(contracts::id.eq(id))
        .for_update()
        .select(Contract::as_select())
        .first(conn)
        .optional()
}

/// Archives a living contract, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContractId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Contract>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(contracts::deleted_at.is_null().eq(archived))
        .filter(contracts::id.eq(id))
        .filter(contracts::version.between(oldest, newest));
    diesel::update(target)
        .set((contracts::deleted_at.eq(at), touched(ctx)))
        .returning(Contract::as_returning())
        .recorded::<Contract>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: ContractId) -> QueryResult<Option<Contract>> {
    diesel::delete(scope(ctx, Action::Purge).filter(contracts::id.eq(id)))
        .returning(Contract::as_returning())
        .recorded::<Contract>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The contract whether living or archived, as far as the caller may see it.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: ContractId) -> QueryResult<Contract> {
    scope(ctx, Action::Read).filter(contracts::id.eq(id)).select(Contract::as_select()).first(conn)
}

/// Whether a living contract has this number, whoever may see it.
pub(super) fn is_taken(conn: &mut Conn, ctx: &Ctx, number: &str) -> QueryResult<bool> {
    let same = contracts::table
        .filter(contracts::tenant_id.eq(ctx.tenant))
        .filter(contracts::deleted_at.is_null())
        .filter(contracts::number.eq(number));
    diesel::select(diesel::dsl::exists(same)).get_result(conn)
}

/// The contract that came of a quote, whoever may see it; archived ones too.
pub(super) fn of_quote(conn: &mut Conn, ctx: &Ctx, quote: QuoteId) -> QueryResult<Option<ContractId>> {
    contracts::table
        .filter(contracts::tenant_id.eq(ctx.tenant))
        .filter(contracts::quote_id.eq(quote))
        .select(contracts::id)
        .first(conn)
        .optional()
}

impl Batch for Contract {
    fn find(conn: &mut Conn, ctx: &Ctx, id: ContractId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[ContractId]) -> Result<Vec<Self>> {
        Ok(contracts::table
            .filter(contracts::tenant_id.eq(tenant))
            .filter(contracts::deleted_at.is_null())
            .filter(contracts::id.eq_any(ids))
            .select(Contract::as_select())
            .load(conn)?)
    }
}
