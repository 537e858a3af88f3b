//! Rows that become price books, and rows that become prices in them.
mod entries;

pub use entries::{PriceBookEntries, REMOVER as ENTRY_REMOVER};

use super::{CATALOGUE, NewPriceBook, PriceBook, PriceBookPatch, store};
use crate::schema::price_books;
use diesel::prelude::*;
use kernel::{Create, Ctx, Fault, Import, Result, Update, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::many::{self, Columns};
use platform::import::records::{self, Change, Draft, Room, faults_of};
use platform::import::{Holds, Importer, Outcome, Plan, Remover, Row, Target, Work, Written};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub struct PriceBooks;

const TARGETS: &[Target] = &[
    Target::id("id"),
    Target::text("external_id"),
    Target::text("name"),
    Target::text("description"),
    Target::new("currency", Holds::Currency),
    Target::new("is_default", Holds::Bool),
    Target::new("is_active", Holds::Bool),
    Target::new("valid_from_on", Holds::Date),
    Target::new("valid_until_on", Holds::Date),
];

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for PriceBooks {
    fn resource(&self) -> &'static str {
        "price_books"
    }
    fn noun(&self) -> &'static str {
        "price_book"
    }
    fn targets(&self) -> &'static [Target] {
        TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &[]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        match ["name", "id", "external_id"].iter().any(|target| plan.at(target).is_some()) {
            true => Vec::new(),
            false => {
                vec![Fault::new("/mapping/columns", "required", text!("name or external_id says which price book"))]
            }
        }
    }
    fn may(&self, ctx: &Ctx, mode: Mode, _: &dyn Fn(&str) -> bool) -> Result<()> {
        ctx.must::<Import<PriceBook>>()?;
        if mode != Mode::UpdateOnly {
            ctx.must::<Create<PriceBook>>()?;
        }
        if mode != Mode::CreateOnly { ctx.must::<Update<PriceBook>>() } else { Ok(()) }
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let (mut written, mut drafts) = (Written::of(rows.len()), Vec::new());
        for (place, row) in rows.iter().enumerate() {
            match Draft::of(&CATALOGUE, work, place, row) {
                Ok(draft) => drafts.push(draft),
                Err(faults) => written.put(place, Outcome::Failed(faults)),
            }
        }
        records::write::<PriceBooks>(conn, ctx, work, drafts, &mut written)?;
        Ok(written)
    }
}

impl Room for PriceBooks {
    type Record = PriceBook;
    const CATALOGUE: &'static kernel::catalogue::Catalogue = &CATALOGUE;
    const UNIQUE: &'static [&'static str] = &["name"];

    fn with(conn: &mut Conn, ctx: &Ctx, field: Option<&str>, values: &[String]) -> Result<Vec<PriceBook>> {
        if field.is_none() {
            return Ok(Vec::new());
        }
        let living =
            store::scope(ctx).filter(price_books::deleted_at.is_null()).filter(price_books::name.eq_any(values));
        Ok(living.select(PriceBook::as_select()).load(conn)?)
    }

    fn lock(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<PriceBook>> {
        let living = store::scope(ctx).filter(price_books::deleted_at.is_null()).filter(price_books::id.eq_any(ids));
        Ok(living.order(price_books::id).for_update().select(PriceBook::as_select()).load(conn)?)
    }

    fn check_new(fields: &Map<String, Value>) -> Vec<Fault> {
        faults_of::<NewPriceBook>(fields)
    }

    /// Another currency is another book.
    fn check_change(before: &Columns, fields: &Map<String, Value>) -> Vec<Fault> {
        let mut changed = fields.clone();
        if changed.get("currency") == before.get("currency") {
            changed.remove("currency");
        }
        faults_of::<PriceBookPatch>(&changed)
    }

    fn complete(_: &Ctx, columns: &mut Columns, _: &Map<String, Value>, _: Option<&Columns>) {
        for (name, value) in [("is_active", json!(true)), ("is_default", json!(false)), ("entry_count", json!(0))] {
            columns.entry(name).or_insert(value);
        }
    }

    fn words(columns: &Columns, _: &Map<String, Value>) -> Vec<String> {
        super::deeds::words(columns.get("name").and_then(Value::as_str).unwrap_or_default())
    }

    fn beside(_: &mut Conn, _: &Ctx, _: &mut [Change]) -> Result<()> {
        Ok(())
    }
}

/// Its prices go with it.
fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    many::delete(conn, ctx, &CATALOGUE, ids)?;
    Ok(ids.to_vec())
}
