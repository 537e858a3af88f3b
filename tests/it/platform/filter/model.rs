//! A small CRM: contacts, their account and owner; orders with lines and the products on them.
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use embedded::Pg;
use kernel::catalogue::{Catalogue, Catalogues, Field, Kind, Owned, Relation};
use kernel::{Action, Actor, Ctx, Grants, Reach, RequestId, TeamId, TenantId, UserId};
use platform::filter::{Customs, Filter, Listed, Refusal};
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

diesel::table! { contacts (tenant_id, id) { tenant_id -> Uuid, id -> Uuid, name -> Text, } }
diesel::table! { lines (tenant_id, id) { tenant_id -> Uuid, id -> Uuid, } }

impl Listed for contacts::table {
    const CATALOGUE: &'static Catalogue = &CONTACT;
}
impl Listed for lines::table {
    const CATALOGUE: &'static Catalogue = &LINE;
}

const ROWS: Owned = Owned::Rows { owner: "owner_id", team: "team_id" };

pub static CONTACT: Catalogue = Catalogue {
    noun: "contact",
    table: "contacts",
    fields: &[
        Field::new("id", Kind::Id),
        Field::new("name", Kind::Text),
        Field::new("city", Kind::Text).nullable(),
        Field::new("status", Kind::Choice(&["open", "won", "lost"])),
        Field::new("score", Kind::Int).nullable(),
        Field::new("visits", Kind::Int),
        Field::new("rate", Kind::Decimal).nullable(),
        Field::new("active", Kind::Bool),
        Field::new("subscribed", Kind::Bool).nullable(),
        Field::new("birthday", Kind::Date).nullable(),
        Field::new("created_at", Kind::Instant),
        Field::new("owner_id", Kind::Id).nullable(),
        Field::new("tags", Kind::Tags),
        Field::new("shoe_size", Kind::Text).unfilterable().unsortable(),
    ],
    relations: &[Relation::one("account", "account", "account_id"), Relation::many("labels", "label", "contact_id")],
    custom: Some("custom"),
    owned: ROWS,
};
static ACCOUNT: Catalogue = Catalogue {
    noun: "account",
    table: "accounts",
    fields: &[
        Field::new("industry", Kind::Text).nullable(),
        Field::new("size", Kind::Int).nullable(),
        Field::new("owner_id", Kind::Id).nullable(),
    ],
    relations: &[Relation::one("parent", "account", "parent_id"), Relation::many("contacts", "contact", "account_id")],
    custom: None,
    owned: ROWS,
};
/// What goes by a name.
static LABEL: Catalogue = Catalogue {
    noun: "label",
    table: "labels",
    fields: &[Field::new("color", Kind::Text).nullable(), Field::new("name", Kind::Text).names()],
    relations: &[],
    custom: None,
    owned: Owned::Part { of: "contact", column: "contact_id" },
};
static ORDER: Catalogue = Catalogue {
    noun: "order",
    table: "orders",
    fields: &[
        Field::new("total", Kind::Money { currency: "currency" }).column("total_amount"),
        Field::new("worth", Kind::Money { currency: "currency" }).column("worth_amount").nullable().base("base_worth"),
        Field::new("base_worth", Kind::Money { currency: "base_currency" }).nullable(),
        Field::new("paid", Kind::Decimal).nullable(),
        Field::new("placed_on", Kind::Date),
    ],
    relations: &[Relation::one("contact", "contact", "contact_id"), Relation::many("lines", "line", "order_id")],
    custom: None,
    owned: ROWS,
};
static LINE: Catalogue = Catalogue {
    noun: "line",
    table: "lines",
    fields: &[Field::new("sku", Kind::Text), Field::new("quantity", Kind::Int)],
    relations: &[
        Relation::one("order", "order", "order_id"),
        Relation::one("product", "product", "product_id"),
        Relation::many("parcels", "parcel", "line_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "order", column: "order_id" },
};
/// A part of a part.
static PARCEL: Catalogue = Catalogue {
    noun: "parcel",
    table: "parcels",
    fields: &[Field::new("carrier", Kind::Text)],
    relations: &[Relation::one("line", "line", "line_id")],
    custom: None,
    owned: Owned::Part { of: "line", column: "line_id" },
};
static PRODUCT: Catalogue = Catalogue {
    noun: "product",
    table: "products",
    fields: &[Field::new("sku", Kind::Text)],
    relations: &[Relation::many("lines", "line", "product_id"), Relation::many("parcels", "parcel", "product_id")],
    custom: None,
    owned: Owned::Shared,
};

/// As the house is assembled: orders come to contacts from another wing.
pub fn house() -> &'static Catalogues {
    static HOUSE: OnceLock<&'static Catalogues> = OnceLock::new();
    HOUSE.get_or_init(|| {
        let orders = [("contact", Relation::many("orders", "order", "contact_id"))];
        Catalogues::assemble(&[&CONTACT, &ACCOUNT, &ORDER, &LINE, &PARCEL, &PRODUCT, &LABEL], &orders).unwrap()
    })
}

pub struct TenantFields;
impl Customs for TenantFields {
    fn kind(&self, noun: &str, key: &str) -> Option<Kind> {
        match (noun, key) {
            ("contact", "region" | "客户等级") => Some(Kind::Text),
            ("contact", "weight") => Some(Kind::Decimal),
            ("contact", "vip") => Some(Kind::Bool),
            ("contact", "since") => Some(Kind::Date),
            ("contact", "level") => Some(Kind::Int),
            ("contact", "grade") => Some(Kind::Choice(&["a", "b"])),
            ("contact", "friend") => Some(Kind::Id),
            _ => None,
        }
    }
}

pub fn compile(text: &str) -> Result<Filter<contacts::table>, Refusal> {
    Filter::compile(text, house(), &TenantFields)
}

pub const TENANT: Uuid = Uuid::from_u128(1);
pub const ME: Uuid = Uuid::from_u128(77);
pub const QUEUE: Uuid = Uuid::from_u128(78);

/// Somebody who may read everything.
pub fn ctx() -> Ctx {
    seeing(&[("contact", Reach::All), ("account", Reach::All), ("order", Reach::All), ("product", Reach::All)])
}

/// Somebody of the teams 7, and below it 8, who serves a queue and may read what is named.
pub fn seeing(reaches: &[(&str, Reach)]) -> Ctx {
    let team = |n| TeamId(Uuid::from_u128(n));
    let grants = Grants::new(vec![team(7)], vec![team(7), team(8)]);
    let mut grants = grants.serving(vec![UserId(QUEUE)]);
    for (noun, reach) in reaches {
        grants.allow(*noun, Action::Read, *reach);
    }
    Ctx {
        tenant: TenantId(TENANT),
        actor: Actor { user: UserId(ME), key: None },
        grants: Arc::new(grants),
        request: RequestId(Uuid::nil()),
        origin: kernel::Origin::default(),
        now: "2026-06-30T22:00:00Z".parse().unwrap(),
    }
}

const SCHEMA: &str = "
create function custom_number(custom jsonb, key text) returns numeric language sql immutable parallel safe
  return case jsonb_typeof(custom -> key) when 'number' then (custom -> key)::numeric when 'string' then
  case when (custom ->> key) ~ '^-?[0-9]+[.]?[0-9]*$' then (custom ->> key)::numeric end end;
create table accounts (tenant_id uuid, id uuid, parent_id uuid, industry text, size int, owner_id uuid, team_id uuid,
  primary key (tenant_id, id));
create table contacts (tenant_id uuid, id uuid, account_id uuid, name text not null, city text, status text not null,
  score int, visits int not null, rate numeric, active bool not null, subscribed bool, birthday date,
  created_at timestamptz not null, owner_id uuid, team_id uuid, tags text[] not null,
  custom jsonb not null default '{}', shoe_size text, primary key (tenant_id, id));
create table orders (tenant_id uuid, id uuid, contact_id uuid not null, total_amount numeric(20,4) not null,
  currency text not null, worth_amount numeric(20,4), base_worth numeric(20,4), base_currency text,
  paid numeric(20,4), placed_on date not null, owner_id uuid, team_id uuid,
  primary key (tenant_id, id));
create table lines (tenant_id uuid, id uuid, order_id uuid not null, sku text not null, quantity int not null,
  product_id uuid, primary key (tenant_id, id));
create table parcels (tenant_id uuid, id uuid, line_id uuid not null, product_id uuid, carrier text not null,
  primary key (tenant_id, id));
create table products (tenant_id uuid, id uuid, sku text not null, primary key (tenant_id, id));
create table labels (tenant_id uuid, id uuid, contact_id uuid not null, name text not null, color text,
  primary key (tenant_id, id));
create table shares (tenant_id uuid, id uuid, resource text not null, record_id uuid not null, grantee_id uuid not null,
  access text not null, expires_at timestamptz, deleted_at timestamptz, primary key (tenant_id, id));
create index on contacts using gin (tags);
create index on orders (tenant_id, contact_id);
create index on lines (tenant_id, order_id);
";

/// A database of its own for each test, on a server that goes when the tests are over.
pub fn fresh(name: &str) -> PgConnection {
    static SERVER: OnceLock<Pg> = OnceLock::new();
    let server = SERVER.get_or_init(|| embedded::start(&embedded::Config::test("guanxi")).unwrap());
    let name = format!("{name}_{}", std::process::id());
    let mut admin = PgConnection::establish(&server.url("postgres")).unwrap();
    admin.batch_execute(&format!("drop database if exists {name}")).unwrap();
    admin.batch_execute(&format!("create database {name}")).unwrap();
    let mut conn = PgConnection::establish(&server.url(&name)).unwrap();
    conn.batch_execute("set timezone = 'UTC'").unwrap();
    conn.batch_execute(SCHEMA).unwrap();
    conn
}
