//! Contacts as their rows: a contact, its points, its membership, and the words it is found by, which are those of a
//! new contact with all its points.
use super::lexemes::Lexemes;
use super::owners::Owners;
use super::schema::{contact_points, contacts, memberships};
use crate::seed::{self, part};
use chrono::{DateTime, NaiveDate, Utc};
use customer::contact::point::norm;
use diesel::prelude::*;
use platform::search::Words;
use uuid::Uuid;

/// The rows of some contacts.
#[derive(Default)]
pub struct People {
    contacts: Vec<Contact>,
    points: Vec<Point>,
    memberships: Vec<Membership>,
}

impl People {
    pub fn new(owners: &Owners, contacts: Vec<seed::Contact>) -> Self {
        let mut people = Self::default();
        for contact in contacts {
            people.points.extend(Point::all(owners, &contact));
            people.memberships.extend(Membership::new(owners, &contact));
            people.contacts.push(Contact::new(owners, contact));
        }
        people
    }

    pub fn copy(self, conn: &mut PgConnection) -> QueryResult<()> {
        diesel::copy_from(contacts::table).from_insertable(self.contacts).execute(conn)?;
        diesel::copy_from(contact_points::table).from_insertable(self.points).execute(conn)?;
        diesel::copy_from(memberships::table).from_insertable(self.memberships).execute(conn).map(drop)
    }
}

#[derive(Insertable)]
#[diesel(table_name = contacts, treat_none_as_default_value = false)]
struct Contact {
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
struct Point {
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
struct Membership {
    tenant_id: Uuid,
    id: Uuid,
    contact_id: Uuid,
    account_id: Uuid,
    is_primary: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The parts of a contact, numbered for their ids.
const MEMBERSHIP: u32 = 0;
const FIRST_POINT: u32 = 1;

impl Point {
    fn all(owners: &Owners, contact: &seed::Contact) -> impl Iterator<Item = Self> {
        let values = [("email", &contact.email), ("phone", &contact.phone), ("wechat", &contact.wechat)];
        let row = |(place, (kind, value)): (u32, (&'static str, &Option<String>))| {
            let value = value.clone()?;
            Some(Self {
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
}

impl Membership {
    fn new(owners: &Owners, contact: &seed::Contact) -> Option<Self> {
        Some(Self {
            tenant_id: owners.tenant,
            id: part(contact.id, MEMBERSHIP),
            contact_id: contact.id,
            account_id: contact.account_id?,
            is_primary: true,
            created_at: contact.created_at,
            updated_at: contact.created_at,
        })
    }
}

impl Contact {
    fn new(owners: &Owners, contact: seed::Contact) -> Self {
        let words = Words::new()
            .name(&contact.display_name)
            .name(&contact.given_name)
            .name(contact.family_name)
            .maybe(contact.email.as_ref(), |all, text| all.whole(text))
            .maybe(contact.phone.as_ref(), |all, text| all.phone(text))
            .maybe(contact.wechat.as_ref(), |all, text| all.whole(text));
        Self {
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
}
