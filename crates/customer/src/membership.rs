//! A membership says that a contact works with or for an account, in which role, and from when to when.
//!
//! A contact may have several; one of them may be primary, and is then the contact's `account_id`. A membership is part
//! of its contact.
pub use crate::schema::memberships::table as Table;

use crate::schema::memberships;
use crate::{account, contact};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{AccountId, ContactId, Ctx, MembershipId, Noun, Page, Record, Result, Tidy, patch, rule, text};
use platform::deed::unmoved;
use platform::filter::Listed;
use platform::{Conn, Listing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// That a contact works with or for an account.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = memberships, check_for_backend(diesel::pg::Pg))]
pub struct Membership {
    pub id: MembershipId,
    pub contact_id: ContactId,
    pub account_id: AccountId,
    #[schema(example = "decision_maker")]
    pub role: Option<String>,
    pub is_primary: bool,
    pub started_on: Option<NaiveDate>,
    pub ended_on: Option<NaiveDate>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Puts a contact to an account.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "ends_after_start"))]
#[schema(example = json!({"account_id": "0192f0c1-1111-7000-8000-000000000002", "role": "decision_maker"}))]
pub struct NewMembership {
    pub account_id: AccountId,
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub role: Option<String>,
    /// makes this the contact's account
    #[serde(default)]
    pub is_primary: bool,
    pub started_on: Option<NaiveDate>,
    pub ended_on: Option<NaiveDate>,
}

/// A merge patch of how a contact belongs to an account.
#[derive(Clone, Debug, Default, Deserialize, Validate, AsChangeset, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = memberships)]
#[schema(example = json!({"role": "decision_maker", "is_primary": true, "started_on": "2024-03-01"}))]
pub struct MembershipPatch {
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub role: Option<Option<String>>,
    /// `true` makes this the contact's account, `false` leaves it without one
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[schema(value_type = bool, required = false)]
    pub is_primary: Option<bool>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub started_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub ended_on: Option<Option<NaiveDate>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "membership",
    table: "memberships",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("contact_id", Holds::Id),
        Field::new("account_id", Holds::Id),
        Field::new("role", Holds::Text).nullable(),
        Field::new("is_primary", Holds::Bool),
        Field::new("started_on", Holds::Date).nullable(),
        Field::new("ended_on", Holds::Date).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[Relation::one("contact", "contact", "contact_id"), Relation::one("account", "account", "account_id")],
    custom: None,
    owned: Owned::Part { of: "contact", column: "contact_id" },
};

impl Noun for Membership {
    const NAME: &'static str = "membership";
}
impl Record for Membership {
    type Id = MembershipId;
    fn id(&self) -> MembershipId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for memberships::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
impl Tidy for NewMembership {}
impl Tidy for MembershipPatch {}

/// The memberships of a contact, the primary one first.
pub fn of_contact(conn: &mut Conn, ctx: &Ctx, contact: ContactId) -> Result<Vec<Membership>> {
    contact::find(conn, ctx, contact)?;
    of_contacts(conn, ctx, &[contact])
}

/// The memberships of contacts that the caller may see.
pub fn of_contacts(conn: &mut Conn, ctx: &Ctx, contacts: &[ContactId]) -> Result<Vec<Membership>> {
    Ok(memberships::table
        .filter(memberships::tenant_id.eq(ctx.tenant))
        .filter(memberships::contact_id.eq_any(contacts))
        .order((memberships::is_primary.desc(), memberships::id))
        .select(Membership::as_select())
        .load(conn)?)
}

/// The memberships of all contacts that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<memberships::table>) -> Result<Page<Membership>> {
    let all = || memberships::table.filter(memberships::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Membership::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(memberships::id),
        |_| "",
    )
}

/// Puts the contact to the account; where it is there already, this says how.
pub fn add(conn: &mut Conn, ctx: &Ctx, contact: ContactId, new: &NewMembership) -> Result<Membership> {
    contact::changeable(conn, ctx, contact)?;
    account::is_there(conn, ctx, Some(new.account_id))?;
    insert(conn, ctx, contact, new.account_id)?;
    let patch = MembershipPatch {
        role: new.role.clone().map(Some),
        is_primary: new.is_primary.then_some(true),
        started_on: new.started_on.map(Some),
        ended_on: new.ended_on.map(Some),
    };
    let one: Membership = of_pair(ctx, contact, new.account_id).select(Membership::as_select()).first(conn)?;
    change(conn, ctx, &one, &patch)
}

/// Changes how a contact belongs to an account. With a `base`, only if that is still at this version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: MembershipId,
    base: Option<i32>,
    patch: &MembershipPatch,
) -> Result<Membership> {
    let one = locked(conn, ctx, id, base)?;
    change(conn, ctx, &one, patch)
}

/// The contact no longer belongs to the account.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: MembershipId, base: Option<i32>) -> Result<()> {
    let one = locked(conn, ctx, id, base)?;
    ctx.may_write::<Membership>("account_id")?;
    if one.is_primary {
        contact::set_account(conn, ctx, one.contact_id, None)?;
    }
    diesel::delete(memberships::table.find((ctx.tenant, id))).execute(conn)?;
    if !one.is_primary {
        contact::touch(conn, ctx, one.contact_id)?;
    }
    Ok(())
}

/// A membership of a contact that the caller may see.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: MembershipId) -> Result<Membership> {
    let one: Membership = memberships::table.find((ctx.tenant, id)).select(Membership::as_select()).first(conn)?;
    contact::find(conn, ctx, one.contact_id)?;
    Ok(one)
}

/// The membership as it is while its contact is held: nobody else changes one of theirs meanwhile.
fn locked(conn: &mut Conn, ctx: &Ctx, id: MembershipId, base: Option<i32>) -> Result<Membership> {
    let contact = find(conn, ctx, id)?.contact_id;
    contact::changeable(conn, ctx, contact)?;
    let now = find(conn, ctx, id)?;
    unmoved(conn, ctx, &now, base)?;
    Ok(now)
}

fn change(conn: &mut Conn, ctx: &Ctx, one: &Membership, patch: &MembershipPatch) -> Result<Membership> {
    let moved = (memberships::version.eq(memberships::version + 1), memberships::updated_at.eq(ctx.now));
    let one_row = memberships::table.find((ctx.tenant, one.id));
    let after: Membership =
        diesel::update(one_row).set((patch, moved)).returning(Membership::as_returning()).get_result(conn)?;
    if after.started_on.zip(after.ended_on).is_some_and(|(start, end)| end < start) {
        return Err(kernel::Error::invalid("/ended_on", "order", text!("ends before it starts")));
    }
    match patch.is_primary {
        Some(true) if !one.is_primary => contact::set_account(conn, ctx, one.contact_id, Some(one.account_id))?,
        Some(false) if one.is_primary => contact::set_account(conn, ctx, one.contact_id, None)?,
        _ => contact::touch(conn, ctx, one.contact_id)?,
    };
    find(conn, ctx, one.id)
}

/// Keeps the primary membership in step with the contact's `account_id`.
pub(crate) fn set_primary(conn: &mut Conn, ctx: &Ctx, contact: ContactId, account: Option<AccountId>) -> Result<()> {
    let primary = memberships::table
        .filter(memberships::tenant_id.eq(ctx.tenant))
        .filter(memberships::contact_id.eq(contact))
        .filter(memberships::is_primary);
    diesel::update(primary).set(memberships::is_primary.eq(false)).execute(conn)?;
    if let Some(account) = account {
        insert(conn, ctx, contact, account)?;
        diesel::update(of_pair(ctx, contact, account)).set(memberships::is_primary.eq(true)).execute(conn)?;
    }
    Ok(())
}

#[diesel::dsl::auto_type]
fn of_pair(ctx: &Ctx, contact: ContactId, account: AccountId) -> _ {
    let tenant: kernel::TenantId = ctx.tenant;
    memberships::table
        .filter(memberships::tenant_id.eq(tenant))
        .filter(memberships::contact_id.eq(contact))
        .filter(memberships::account_id.eq(account))
}

fn insert(conn: &mut Conn, ctx: &Ctx, contact: ContactId, account: AccountId) -> Result<()> {
    let row = (
        memberships::tenant_id.eq(ctx.tenant),
        memberships::id.eq(MembershipId::new()),
        memberships::contact_id.eq(contact),
        memberships::account_id.eq(account),
        memberships::is_primary.eq(false),
        memberships::created_at.eq(ctx.now),
        memberships::updated_at.eq(ctx.now),
    );
    diesel::insert_into(memberships::table).values(row).on_conflict_do_nothing().execute(conn)?;
    Ok(())
}

fn ends_after_start(new: &NewMembership) -> std::result::Result<(), ValidationError> {
    match (new.started_on, new.ended_on) {
        (Some(start), Some(end)) if end < start => Err(rule!("order", "ends before it starts")),
        _ => Ok(()),
    }
}
