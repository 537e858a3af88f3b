//! Rows that become products, and rows of order lines that name one.
mod named;

pub use named::{Known, Meant, Named, Sold};

use super::{CATALOGUE, NewProduct, Product, ProductPatch, store};
use crate::schema::products;
use diesel::prelude::*;
use kernel::{Create, Ctx, Fault, Import, Result, Update, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::many::{self, Columns};
use platform::import::records::{self, Change, Draft, Room, faults_of};
use platform::import::{Holds, Importer, Outcome, Plan, Remover, Row, Target, Work, Written};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub struct Products;

const TARGETS: &[Target] = &[
    Target::id("id"),
    Target::text("external_id"),
    Target::text("sku"),
    Target::text("name"),
    Target::text("category"),
    Target::text("description"),
    Target::text("unit"),
    Target::new("unit_price", Holds::Decimal),
    Target::new("unit_price.currency", Holds::Currency),
    Target::new("is_active", Holds::Bool),
];

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for Products {
    fn resource(&self) -> &'static str {
        "products"
    }
    fn noun(&self) -> &'static str {
        "product"
    }
    fn targets(&self) -> &'static [Target] {
        TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &[]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        match ["sku", "id", "external_id"].iter().any(|target| plan.at(target).is_some()) {
            true => Vec::new(),
            false => vec![Fault::new("/mapping/columns", "required", text!("sku or external_id says which product"))],
        }
    }
    fn may(&self, ctx: &Ctx, mode: Mode, _: &dyn Fn(&str) -> bool) -> Result<()> {
        ctx.must::<Import<Product>>()?;
        if mode != Mode::UpdateOnly {
            ctx.must::<Create<Product>>()?;
        }
        if mode != Mode::CreateOnly { ctx.must::<Update<Product>>() } else { Ok(()) }
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let (mut written, mut drafts) = (Written::of(rows.len()), Vec::new());
        for (place, row) in rows.iter().enumerate() {
            match Draft::of(&CATALOGUE, work, place, row) {
                Ok(draft) => drafts.push(draft),
                Err(faults) => written.put(place, Outcome::Failed(faults)),
            }
        }
        records::write::<Products>(conn, ctx, work, drafts, &mut written)?;
        Ok(written)
    }
}

impl Room for Products {
    type Record = Product;
    const CATALOGUE: &'static kernel::catalogue::Catalogue = &CATALOGUE;
    const UNIQUE: &'static [&'static str] = &["sku"];

    fn with(conn: &mut Conn, ctx: &Ctx, field: Option<&str>, values: &[String]) -> Result<Vec<Product>> {
        if field.is_none() {
            return Ok(Vec::new());
        }
        let living = store::scope(ctx).filter(products::deleted_at.is_null()).filter(products::sku.eq_any(values));
        Ok(living.select(Product::as_select()).load(conn)?)
    }

    fn lock(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Product>> {
        let living = store::scope(ctx).filter(products::deleted_at.is_null()).filter(products::id.eq_any(ids));
        Ok(living.order(products::id).for_update().select(Product::as_select()).load(conn)?)
    }

    fn check_new(fields: &Map<String, Value>) -> Vec<Fault> {
        faults_of::<NewProduct>(fields)
    }

    fn check_change(_: &Columns, fields: &Map<String, Value>) -> Vec<Fault> {
        faults_of::<ProductPatch>(fields)
    }

    fn complete(_: &Ctx, columns: &mut Columns, _: &Map<String, Value>, _: Option<&Columns>) {
        columns.entry("is_active").or_insert_with(|| json!(true));
    }

    fn words(columns: &Columns, _: &Map<String, Value>) -> Vec<String> {
        let text = |name: &str| columns.get(name).and_then(Value::as_str);
        super::deeds::words(text("sku").unwrap_or_default(), text("name").unwrap_or_default(), text("category"))
    }

    fn beside(_: &mut Conn, _: &Ctx, _: &mut [Change]) -> Result<()> {
        Ok(())
    }
}

/// Order lines hold a product fast.
fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    many::delete(conn, ctx, &CATALOGUE, ids)?;
    Ok(ids.to_vec())
}
