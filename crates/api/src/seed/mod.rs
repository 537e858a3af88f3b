//! A believable company's customers, made from a number: accounts, contacts, products and orders for demonstrations,
//! measurements and tests. The same profile, size, seed and anchor date give the same bytes on every machine: no clock,
//! no floating point, no hash order. Every record is computed from its own index, so the iterators hold one account at
//! a time whatever the size of the world. Ids are shaped like UUIDv7 (creation time, then drawn bits) and stable.
//! E-mail addresses are unique and, like web sites, end in the reserved `.example`: no demo can write to a stranger.

mod account;
mod calendar;
mod contact;
mod crowd;
mod en;
mod order;
mod pattern;
mod place;
mod product;
mod random;
#[cfg(test)]
mod tests;
mod zh;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use calendar::Calendar;
pub use random::{made_at, part};

/// Whose customers they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Profile {
    /// A Chinese distributor of food, household goods and small electronics: shops, restaurants, wholesalers; CNY.
    RetailZh,
    /// A software vendor with business customers in North America, Europe and Australia: plans, seats, add-ons; USD.
    SaasEn,
}

/// Everything one seed makes, yielded lazily. Accounts come before what refers to them, in the order to be inserted.
#[derive(Clone, Copy, Debug)]
pub struct World {
    profile: Profile,
    contacts: u32,
    seed: u64,
    calendar: Calendar,
}

/// A world of `contacts` people, with about one account to five of them, ending at the default anchor date.
pub fn world(profile: Profile, contacts: u32, seed: u64) -> World {
    // the same number gives another world, with other ids, in each profile
    let salt = match profile {
        Profile::RetailZh => 1,
        Profile::SaasEn => 2,
    };
    World { profile, contacts, seed: random::reseed(seed, salt), calendar: Calendar::default() }
}

impl World {
    /// The same world ending at `date`: everything happened in the years before it, nothing after.
    #[must_use]
    pub fn anchored(self, date: NaiveDate) -> Self {
        Self { calendar: Calendar::ending(date), ..self }
    }

    /// How many contacts `contacts` yields.
    pub fn contact_count(&self) -> u32 {
        self.contacts
    }

    /// How many accounts `accounts` yields.
    pub fn account_count(&self) -> u32 {
        crowd::accounts(self.contacts)
    }

    /// The companies.
    pub fn accounts(&self) -> impl Iterator<Item = Account> {
        let world = *self;
        (0..self.account_count()).map(move |index| account::firm(&world, index).account)
    }

    /// The people, those of one account together.
    pub fn contacts(&self) -> impl Iterator<Item = Contact> {
        let world = *self;
        (0..self.account_count()).flat_map(move |index| contact::around(&world, index))
    }

    /// The price list.
    pub fn products(&self) -> impl Iterator<Item = Product> {
        let world = *self;
        (0u32..).zip(product::wares(self.profile)).map(move |(index, ware)| product::product(&world, index, ware))
    }

    /// The orders, account by account and by date within an account.
    pub fn orders(&self) -> impl Iterator<Item = Order> {
        let world = *self;
        let orders = (0..self.account_count()).flat_map(move |index| order::of(&world, index));
        (0u64..)
            .zip(orders)
            .map(move |(sequence, order)| Order { number: order::number(&world, sequence, &order), ..order })
    }
}

/// A customer company.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    pub id: Uuid,
    pub name: String,
    /// The registered name, where it is known.
    pub legal_name: Option<String>,
    pub industry: &'static str,
    pub website: Option<String>,
    /// E.164, a land line.
    pub phone: Option<String>,
    pub employee_count: Option<i32>,
    /// Amount and ISO currency.
    pub annual_revenue: Option<(Decimal, &'static str)>,
    pub lifecycle_stage: &'static str,
    pub rating: &'static str,
    pub source: &'static str,
    pub locale: &'static str,
    /// ISO 3166 alpha-2.
    pub country: &'static str,
    /// Province, state or county.
    pub region: &'static str,
    pub city: &'static str,
    pub district: Option<&'static str>,
    pub street: String,
    pub postal_code: String,
    pub created_at: DateTime<Utc>,
}

/// A person, mostly at an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    pub id: Uuid,
    pub account_id: Option<Uuid>,
    pub given_name: String,
    pub family_name: &'static str,
    pub display_name: String,
    pub job_title: Option<&'static str>,
    /// Unique in the world.
    pub email: Option<String>,
    /// E.164; a few are shared by two people.
    pub phone: Option<String>,
    pub wechat: Option<String>,
    pub gender: Option<&'static str>,
    pub birth_date: Option<NaiveDate>,
    pub locale: &'static str,
    pub time_zone: &'static str,
    pub lifecycle_stage: &'static str,
    pub source: &'static str,
    pub created_at: DateTime<Utc>,
}

/// A thing for sale.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    pub id: Uuid,
    pub sku: &'static str,
    pub name: &'static str,
    pub category: &'static str,
    pub unit_price: Decimal,
    pub currency: &'static str,
    pub is_active: bool,
}

/// What an account bought on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    pub id: Uuid,
    /// Unique in the world.
    pub number: String,
    pub account_id: Uuid,
    /// Who ordered: somebody of the account who was known by then.
    pub contact_id: Option<Uuid>,
    pub status: &'static str,
    pub currency: &'static str,
    pub placed_at: DateTime<Utc>,
    pub lines: Vec<Line>,
}

/// One product in an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The position of the product in `World::products`.
    pub product: usize,
    pub sku: &'static str,
    pub name: &'static str,
    pub quantity: u32,
    pub unit_price: Decimal,
    /// A fraction: 0.05 is five percent off.
    pub discount_rate: Decimal,
    /// A fraction: 0.13 is thirteen percent.
    pub tax_rate: Decimal,
}
