//! The queries of an account. `scope` is the only way in.
use super::{Account, AccountPatch, CATALOGUE, Key, NewAccount};
use crate::beside::Began;
use crate::lifecycle::BEGINNING;
use crate::schema::{accounts, accounts_beside};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{AccountId, Action, ContactId, Ctx, Page, Result, TenantId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record, Visible, merge, visible};

diesel::define_sql_function! { fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text; }

/// Of which sort an account is to be, by whether it is somebody's.
pub(super) const ANY: &[bool] = &[false, true];
pub(super) const ORGANISATIONS: &[bool] = &[false];
pub(super) const PEOPLE: &[bool] = &[true];

/// The accounts of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
pub(super) fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<accounts::table> = visible::rows(ctx, action);
    accounts::table.filter(accounts::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> Result<Account> {
    let living = scope(ctx, Action::Read).filter(accounts::deleted_at.is_null()).filter(accounts::id.eq(id));
    let found = living.select(Account::as_select()).first(conn).optional()?;
    found.ok_or_else(|| merge::instead(conn, ctx, &CATALOGUE, id.0))
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<accounts::table>) -> Result<Page<Account>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Account::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(accounts::id),
        |account| &account.name,
    )
}

/// The living accounts among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[AccountId]) -> Result<Vec<Account>> {
    Ok(scope(ctx, Action::Read)
        .filter(accounts::deleted_at.is_null())
        .filter(accounts::id.eq_any(ids))
        .select(Account::as_select())
        .load(conn)?)
}

/// Those that the actor sees, archived ones too, to be asked of ids.
#[auto_type]
pub(crate) fn seen_ids(ctx: &Ctx) -> _ {
    let seen: scope = scope(ctx, Action::Read);
    seen.select(accounts::id)
}

/// The ids of living ones that the actor sees, the newest first, below a mark.
pub(crate) fn newest_ids(conn: &mut Conn, ctx: &Ctx, below: Option<AccountId>, limit: i64) -> Result<Vec<AccountId>> {
    let living = scope(ctx, Action::Read).filter(accounts::deleted_at.is_null());
    let mark = below.unwrap_or(AccountId(uuid::Uuid::max()));
    Ok(living.filter(accounts::id.lt(mark)).order(accounts::id.desc()).limit(limit).select(accounts::id).load(conn)?)
}

/// The living accounts with this key; several may share a name.
pub fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<Account>> {
    let living = scope(ctx, Action::Read).filter(accounts::deleted_at.is_null()).select(Account::as_select());
    Ok(match key {
        Key::TaxNumber(number) => living.filter(accounts::tax_number.eq(number)).load(conn)?,
        Key::Name(name) => living.filter(lower(accounts::name).eq(name.to_lowercase())).limit(10).load(conn)?,
        Key::External { source_system, external_id } => {
            match platform::external::find::<Account>(conn, ctx, source_system, external_id)? {
                Some(id) => living.filter(accounts::id.eq(id)).load(conn)?,
                None => Vec::new(),
            }
        }
    })
}

/// The living accounts that have one of these addresses, each with the address.
pub fn at_addresses(conn: &mut Conn, ctx: &Ctx, addresses: &[&str]) -> Result<Vec<(String, Account)>> {
    let here =
        scope(ctx, Action::Read).filter(accounts::deleted_at.is_null()).filter(accounts::email.eq_any(addresses));
    let found: Vec<Account> = here.limit(500).select(Account::as_select()).load(conn)?;
    Ok(found.into_iter().filter_map(|account| Some((account.email.clone()?, account))).collect())
}

/// With a name, which `new` may say by a person.
pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewAccount,
    person: Option<ContactId>,
    words: Vec<String>,
) -> QueryResult<Account> {
    let revenue = new.annual_revenue.as_ref();
    let given = (
        accounts::tenant_id.eq(ctx.tenant),
        accounts::id.eq(new.id.unwrap_or_else(AccountId::new)),
        accounts::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        (accounts_beside::person_id.eq(person), accounts_beside::is_person.eq(person.is_some())),
        accounts::name.eq(new.name.as_deref().unwrap_or_default()),
        accounts::annual_revenue_amount.eq(revenue.map(|money| money.amount)),
        accounts::annual_revenue_currency.eq(revenue.map(|money| &money.currency)),
        accounts::lifecycle_stage.eq(new.lifecycle_stage.as_deref().unwrap_or(BEGINNING)),
        accounts::created_at.eq(ctx.now),
        accounts::updated_at.eq(ctx.now),
        accounts::created_by.eq(ctx.actor.user),
        accounts::updated_by.eq(ctx.actor.user),
        accounts_beside::phone_text.eq(&new.phone_text),
        accounts_beside::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(accounts::table)
        .values((given, new))
        .returning(Account::as_returning())
        .recorded_with::<Account, _>(ctx, Verb::Created, Began::of_account(ctx))
        .get_result(conn)
}

/// Nothing comes back where the account may not be changed, is no longer at version `base`, or is of none of these
/// sorts.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    (id, sorts): (AccountId, &'static [bool]),
    base: Option<i32>,
    patch: &AccountPatch,
    verb: Verb,
) -> QueryResult<Option<Account>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(accounts::deleted_at.is_null())
        .filter(accounts::id.eq(id))
        .filter(accounts_beside::is_person.eq_any(sorts))
        .filter(accounts::version.between(oldest, newest));
    let revenue = patch.annual_revenue.as_ref().map(Option::as_ref);
    let moved = (
        accounts::version.eq(accounts::version + 1),
        accounts::updated_at.eq(ctx.now),
        accounts::updated_by.eq(ctx.actor.user),
        revenue.map(|money| accounts::annual_revenue_amount.eq(money.map(|money| money.amount))),
        revenue.map(|money| accounts::annual_revenue_currency.eq(money.map(|money| &money.currency))),
        patch.phone_text.as_ref().map(|text| accounts_beside::phone_text.eq(text)),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Account::as_returning())
        .recorded::<Account>(ctx, verb)
        .get_result(conn)
        .optional()
}

/// Locks the account, if the actor may change it and it is of one of these sorts. Whoever only refers to it does not wait.
pub(super) fn lock(
    conn: &mut Conn,
    ctx: &Ctx,
    (id, sorts): (AccountId, &'static [bool]),
) -> QueryResult<Option<Account>> {
    scope(ctx, Action::Update)
        .filter(accounts::deleted_at.is_null())
        .filter(accounts::id.eq(id))
        .filter(accounts_beside::is_person.eq_any(sorts))
        .for_no_key_update()
        .select(Account::as_select())
        .first(conn)
        .optional()
}

/// Locks those of them that the actor may change, in the order of their ids.
pub(super) fn lock_all(conn: &mut Conn, ctx: &Ctx, ids: &[AccountId]) -> QueryResult<Vec<Account>> {
    let living = scope(ctx, Action::Update).filter(accounts::deleted_at.is_null()).filter(accounts::id.eq_any(ids));
    living.order(accounts::id).for_update().select(Account::as_select()).load(conn)
}

/// What is searched follows every change; who changed it may see it no longer.
pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: AccountId, words: Vec<String>) -> QueryResult<usize> {
    diesel::update(accounts::table.find((ctx.tenant, id)))
        .set(accounts_beside::search.eq(array_to_tsvector(words)))
        .execute(conn)
}

/// Archives a living account of one of these sorts, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    (id, sorts): (AccountId, &'static [bool]),
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Account>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(accounts::deleted_at.is_null().eq(archived))
        .filter(accounts::id.eq(id))
        .filter(accounts_beside::is_person.eq_any(sorts))
        .filter(accounts::version.between(oldest, newest));
    let moved = (
        accounts::deleted_at.eq(at),
        accounts::version.eq(accounts::version + 1),
        accounts::updated_at.eq(ctx.now),
        accounts::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Account::as_returning())
        .recorded::<Account>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> QueryResult<Option<Account>> {
    diesel::delete(scope(ctx, Action::Purge).filter(accounts::id.eq(id)))
        .returning(Account::as_returning())
        .recorded::<Account>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The account whether living or archived, as far as the caller may see it.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> QueryResult<Account> {
    scope(ctx, Action::Read).filter(accounts::id.eq(id)).select(Account::as_select()).first(conn)
}

/// Living accounts of organisations that share one of these; few are enough to know.
pub(super) fn alike(conn: &mut Conn, ctx: &Ctx, name: &str, tax_number: Option<&str>) -> QueryResult<Vec<Account>> {
    scope(ctx, Action::Read)
        .filter(accounts::deleted_at.is_null())
        .filter(accounts_beside::is_person.eq(false))
        .filter(lower(accounts::name).eq(name.to_lowercase()).nullable().or(accounts::tax_number.eq(tax_number)))
        .limit(20)
        .select(Account::as_select())
        .load(conn)
}

/// The account above this one, whoever may see it.
pub(super) fn above(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> QueryResult<Option<AccountId>> {
    let one = accounts::table.find((ctx.tenant, id)).select(accounts::parent_id);
    Ok(one.first::<Option<AccountId>>(conn).optional()?.flatten())
}

impl Batch for Account {
    fn find(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[AccountId]) -> Result<Vec<Self>> {
        Ok(accounts::table
            .filter(accounts::tenant_id.eq(tenant))
            .filter(accounts::deleted_at.is_null())
            .filter(accounts::id.eq_any(ids))
            .select(Account::as_select())
            .load(conn)?)
    }
}
