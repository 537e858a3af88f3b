//! Where an account is found by post: see [`crate::address`]. Whatever changes here is a change of the account, with
//! its version, event and audit row.
mod import;
mod store;

pub use crate::schema::account_addresses::table as Table;
pub use import::REMOVER;
pub use store::list;

use super::{changeable, touch};
use crate::address::{AddressPatch, KINDS, NewAddress, Written, check};
use crate::schema::{account_addresses, of_account};
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{AccountAddressId, AccountId, Ctx, Error, Noun, Record, Result, error, text};
use platform::Conn;
use platform::deed::untouched;
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

/// Where an account is found by post.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = account_addresses, check_for_backend(diesel::pg::Pg))]
pub struct AccountAddress {
    pub id: AccountAddressId,
    pub account_id: AccountId,
    #[schema(example = "shipping")]
    pub kind: String,
    pub label: Option<String>,
    /// who takes what is sent there
    #[schema(example = "王伟")]
    pub recipient: Option<String>,
    /// in E.164
    #[schema(example = "+8613800138000")]
    pub phone: Option<String>,
    /// the number as it was given
    #[schema(example = "+86 138 0013 8000")]
    pub phone_text: Option<String>,
    /// its code of two letters (ISO 3166-1)
    #[schema(example = "CN")]
    pub country: String,
    /// the province, state or prefecture
    #[schema(example = "上海市")]
    pub region: Option<String>,
    #[schema(example = "上海市")]
    pub city: Option<String>,
    /// the part of the city: in China the third level, 区 or 县
    #[schema(example = "黄浦区")]
    pub district: Option<String>,
    /// the number of the district in GB/T 2260
    #[schema(example = "310101")]
    pub division_code: Option<String>,
    /// the road and the number of the house
    #[schema(example = "南京东路100号")]
    pub street: Option<String>,
    /// where in the house: building, entrance, floor, room
    #[schema(example = "5楼502室")]
    pub detail: Option<String>,
    #[schema(example = "200001")]
    pub postal_code: Option<String>,
    /// the whole of it as it was given, where it came as one text
    pub raw_text: Option<String>,
    /// the whole of it in the order of its country, without the recipient
    #[diesel(select_expression = of_account::COLUMNS, select_expression_type = of_account::Columns)]
    #[schema(value_type = String, example = "中国上海市黄浦区南京东路100号5楼502室 200001")]
    pub formatted: Written,
    pub is_primary: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "account_address",
    table: "account_addresses",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("account_id", Holds::Id),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("label", Holds::Text).nullable(),
        Field::new("recipient", Holds::Text).nullable(),
        Field::new("phone", Holds::Text).nullable(),
        Field::new("phone_text", Holds::Text).nullable(),
        Field::new("country", Holds::Text),
        Field::new("region", Holds::Text).nullable(),
        Field::new("city", Holds::Text).nullable(),
        Field::new("district", Holds::Text).nullable(),
        Field::new("division_code", Holds::Text).nullable(),
        Field::new("street", Holds::Text).nullable(),
        Field::new("detail", Holds::Text).nullable(),
        Field::new("postal_code", Holds::Text).nullable(),
        Field::new("raw_text", Holds::Text).nullable().unsortable(),
        // written of several columns as it is read; one of them stands for it
        Field::new("formatted", Holds::Text).column("country").unfilterable().unsortable(),
        Field::new("is_primary", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[Relation::one("account", "account", "account_id")],
    custom: None,
    owned: Owned::Part { of: "account", column: "account_id" },
};

/// What says where it is: the whole of an address tells no more than each of them may be told.
pub(crate) const PLACE: &[(&str, &str)] = &[
    ("account_address", "country"),
    ("account_address", "region"),
    ("account_address", "city"),
    ("account_address", "district"),
    ("account_address", "street"),
    ("account_address", "detail"),
    ("account_address", "postal_code"),
    ("account_address", "raw_text"),
];

impl Noun for AccountAddress {
    const NAME: &'static str = "account_address";
}
impl Record for AccountAddress {
    type Id = AccountAddressId;
    fn id(&self) -> AccountAddressId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for account_addresses::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}

/// The addresses of an account that the caller may see, the primary ones first.
pub fn of(conn: &mut Conn, ctx: &Ctx, account: AccountId) -> Result<Vec<AccountAddress>> {
    super::find(conn, ctx, account)?;
    of_all(conn, ctx, &[account])
}

/// The addresses of many accounts, which the caller may see.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, accounts: &[AccountId]) -> Result<Vec<AccountAddress>> {
    Ok(store::of(conn, ctx, accounts)?)
}

/// An address of an account that the caller may see.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: AccountAddressId) -> Result<AccountAddress> {
    let one = store::find(conn, ctx, id)?.ok_or(error::NOT_FOUND)?;
    super::find(conn, ctx, one.account_id)?;
    Ok(one)
}

/// Adds an address; one that is primary takes the place of the one of its kind that was.
pub fn add(conn: &mut Conn, ctx: &Ctx, account: AccountId, new: &NewAddress) -> Result<AccountAddress> {
    changeable(conn, ctx, account)?;
    if new.is_primary {
        store::demote(conn, ctx, account, &new.kind)?;
    }
    let added = store::insert(conn, ctx, account, new)?;
    touch(conn, ctx, account)?;
    Ok(added)
}

/// Those of a new account, in the transaction that makes it.
pub(super) fn begin(conn: &mut Conn, ctx: &Ctx, account: AccountId, all: &[NewAddress]) -> Result<()> {
    for new in all {
        store::insert(conn, ctx, account, new)?;
    }
    Ok(())
}

/// Changes an address. With a `base`, only if it is still at that version. One that is or becomes primary takes the
/// place of the one of its kind that was, and is primary until another is.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: AccountAddressId,
    base: Option<i32>,
    patch: &AddressPatch,
) -> Result<AccountAddress> {
    let before = locked(conn, ctx, id, base)?;
    if before.is_primary && patch.is_primary == Some(false) {
        return Err(Error::invalid("/is_primary", "primary", text!("make another address primary instead")));
    }
    let kind = patch.kind.as_ref().unwrap_or(&before.kind);
    let becomes = patch.is_primary == Some(true) && !before.is_primary;
    if becomes || before.is_primary && *kind != before.kind {
        ctx.may_write::<AccountAddress>("is_primary")?;
        store::demote(conn, ctx, before.account_id, kind)?;
    }
    let after = store::update(conn, ctx, id, patch)?.ok_or(error::NOT_FOUND)?;
    check(&after.formatted, after.division_code.as_deref())?;
    touch(conn, ctx, before.account_id)?;
    Ok(after)
}

/// Removes an address. With a `base`, only if it is still at that version.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: AccountAddressId, base: Option<i32>) -> Result<()> {
    let account = locked(conn, ctx, id, base)?.account_id;
    store::remove(conn, ctx, id)?;
    touch(conn, ctx, account).map(drop)
}

/// The address as it is while its account is held: nobody else changes one of theirs meanwhile.
fn locked(conn: &mut Conn, ctx: &Ctx, id: AccountAddressId, base: Option<i32>) -> Result<AccountAddress> {
    let account = find(conn, ctx, id)?.account_id;
    changeable(conn, ctx, account)?;
    let now = find(conn, ctx, id)?;
    match base.is_some_and(|version| version != now.version) {
        true => Err(untouched(conn, ctx, find, id, base)),
        false => Ok(now),
    }
}
