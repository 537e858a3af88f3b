//! The first half: accounts, contacts, and beside each contact its points and its membership.
use super::history::Table;
use super::lexemes::Lexemes;
use super::load::{Shown, pour};
use super::owners::Owners;
use super::schema::{accounts, contact_points, contacts, memberships};
use crate::seed::{self, World, part};
use chrono::{DateTime, NaiveDate, Utc};
use customer::contact::point::norm;
use diesel::prelude::*;
use platform::search::Words;
use rust_decimal::Decimal;
use uuid::Uuid;

/// By the first account: it is written with all others, or not at all.
pub fn are_there(conn: &mut PgConnection, world: &World, owners: &Owners) -> QueryResult<bool> {
    let Some(first) = world.accounts().next() else { return Ok(true) };
    diesel::select(diesel::dsl::exists(accounts::table.find((owners.tenant, first.id)))).get_result(conn)
}

pub fn load(conn: &mut PgConnection, world: &World, owners: &Owners) -> QueryResult<&'static [Table]> {
    pour(
        conn,
        &Shown::new("accounts", Some(world.account_count())),
        world.accounts(),
        |piece| piece.into_iter().map(|account| account_row(owners, account)).collect(),
        |conn, rows: Vec<AccountRow>| diesel::copy_from(accounts::table).from_insertable(rows).execute(conn).map(drop),
    )?;
    pour(
        conn,
        &Shown::new("contacts", Some(world.contact_count())),
        world.contacts(),
        |piece| People::of(owners, piece),
        |conn, people: People| {
            diesel::copy_from(contacts::table).from_insertable(people.contacts).execute(conn)?;
            diesel::copy_from(contact_points::table).from_insertable(people.points).execute(conn)?;
            diesel::copy_from(memberships::table).from_insertable(people.memberships).execute(conn).map(drop)
        },
    )?;
    Ok(&[Table::Accounts, Table::Contacts])
}

#[derive(Insertable)]
#[diesel(table_name = accounts, treat_none_as_default_value = false)]
struct AccountRow {
    tenant_id: Uuid,
    id: Uuid,
    owner_id: Uuid,
    name: String,
    legal_name: Option<String>,
    industry: &'static str,
    website: Option<String>,
    phone: Option<String>,
    employee_count: Option<i32>,
    annual_revenue_amount: Option<Decimal>,
    annual_revenue_currency: Option<&'static str>,
    lifecycle_stage: &'static str,
    rating: &'static str,
    source: &'static str,
    street: String,
    city: &'static str,
    region: &'static str,
    postal_code: String,
    country: &'static str,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    created_by: Uuid,
    updated_by: Uuid,
    search: Lexemes,
}

fn account_row(owners: &Owners, account: seed::Account) -> AccountRow {
    let words = Words::new().name(&account.name).maybe(account.legal_name.as_ref(), |all, text| all.name(text));
    let (amount, currency) = account.annual_revenue.unzip();
    AccountRow {
        tenant_id: owners.tenant,
        id: account.id,
        owner_id: owners.of_account(account.id),
        name: account.name,
        legal_name: account.legal_name,
        industry: account.industry,
        website: account.website,
        phone: account.phone,
        employee_count: account.employee_count,
        annual_revenue_amount: amount,
        annual_revenue_currency: currency,
        lifecycle_stage: account.lifecycle_stage,
        rating: account.rating,
        source: account.source,
        street: account.district.unwrap_or_default().to_owned() + &account.street,
        city: account.city,
        region: account.region,
        postal_code: account.postal_code,
        country: account.country,
        created_at: account.created_at,
        updated_at: account.created_at,
        created_by: owners.writer,
        updated_by: owners.writer,
        search: words.into(),
    }
}

#[derive(Insertable)]
#[diesel(table_name = contacts, treat_none_as_default_value = false)]
struct ContactRow {
    tenant_id: Uuid,
    id: Uuid,
    owner_id: Uuid,
    account_id: Option<Uuid>,
    given_name: String,
    family_name: &'static str,
    display_name: String,
    job_title: Option<&'static str>,
    email: Option<String>,
    phone: Option<String>,
    birth_on: Option<NaiveDate>,
    gender: Option<&'static str>,
    locale: &'static str,
    time_zone: &'static str,
    lifecycle_stage: &'static str,
    source: &'static str,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    created_by: Uuid,
    updated_by: Uuid,
    search: Lexemes,
}

#[derive(Insertable)]
#[diesel(table_name = contact_points, treat_none_as_default_value = false)]
struct PointRow {
    tenant_id: Uuid,
    id: Uuid,
    contact_id: Uuid,
    kind: &'static str,
    value: String,
    value_norm: String,
    is_primary: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(Insertable)]
#[diesel(table_name = memberships, treat_none_as_default_value = false)]
struct MembershipRow {
    tenant_id: Uuid,
    id: Uuid,
    contact_id: Uuid,
    account_id: Uuid,
    is_primary: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The rows of some contacts.
#[derive(Default)]
struct People {
    contacts: Vec<ContactRow>,
    points: Vec<PointRow>,
    memberships: Vec<MembershipRow>,
}

impl People {
    fn of(owners: &Owners, contacts: Vec<seed::Contact>) -> Self {
        let mut people = Self::default();
        for contact in contacts {
            people.points.extend(point_rows(owners, &contact));
            people.memberships.extend(membership_row(owners, &contact));
            people.contacts.push(contact_row(owners, contact));
        }
        people
    }
}

/// The parts of a contact, numbered for their ids.
const MEMBERSHIP: u32 = 0;
const FIRST_POINT: u32 = 1;

fn point_rows(owners: &Owners, contact: &seed::Contact) -> impl Iterator<Item = PointRow> {
    let values = [("email", &contact.email), ("phone", &contact.phone), ("wechat", &contact.wechat)];
    let row = |(place, (kind, value)): (u32, (&'static str, &Option<String>))| {
        let value = value.clone()?;
        Some(PointRow {
            tenant_id: owners.tenant,
            id: part(contact.id, place),
            contact_id: contact.id,
            kind,
            value_norm: norm(kind, &value),
            value,
            is_primary: true,
            created_at: contact.created_at,
            updated_at: contact.created_at,
        })
    };
    (FIRST_POINT..).zip(values).filter_map(row)
}

fn membership_row(owners: &Owners, contact: &seed::Contact) -> Option<MembershipRow> {
    Some(MembershipRow {
        tenant_id: owners.tenant,
        id: part(contact.id, MEMBERSHIP),
        contact_id: contact.id,
        account_id: contact.account_id?,
        is_primary: true,
        created_at: contact.created_at,
        updated_at: contact.created_at,
    })
}

fn contact_row(owners: &Owners, contact: seed::Contact) -> ContactRow {
    let words = Words::new()
        .name(&contact.display_name)
        .name(&contact.given_name)
        .name(contact.family_name)
        .maybe(contact.email.as_ref(), |all, text| all.whole(text))
        .maybe(contact.phone.as_ref(), |all, text| all.phone(text))
        .maybe(contact.wechat.as_ref(), |all, text| all.whole(text));
    ContactRow {
        tenant_id: owners.tenant,
        id: contact.id,
        owner_id: owners.of_account(contact.account_id.unwrap_or(contact.id)),
        account_id: contact.account_id,
        given_name: contact.given_name,
        family_name: contact.family_name,
        display_name: contact.display_name,
        job_title: contact.job_title,
        email: contact.email,
        phone: contact.phone,
        birth_on: contact.birth_date,
        gender: contact.gender,
        locale: contact.locale,
        time_zone: contact.time_zone,
        lifecycle_stage: contact.lifecycle_stage,
        source: contact.source,
        created_at: contact.created_at,
        updated_at: contact.created_at,
        created_by: owners.writer,
        updated_by: owners.writer,
        search: words.into(),
    }
}
