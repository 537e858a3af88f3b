//! Rows that become products, and rows of order lines that name one: by an external id or a SKU.
use super::{CATALOGUE, NewProduct, Product, ProductPatch, store};
use crate::schema::products;
use diesel::prelude::*;
use kernel::{Action, Create, Ctx, Fault, Import, ProductId, Reach, Result, Update};
use platform::deed::Mode;
use platform::import::many::{self, Columns};
use platform::import::records::{self, Change, Draft, Room, faults_of};
use platform::import::{At, Holds, Importer, Outcome, Plan, Remover, Row, Target, Work, Written};
use platform::search::Words;
use platform::{Conn, external};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use uuid::Uuid;

pub struct Products;

const TARGETS: &[Target] = &[
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
    fn targets(&self) -> &'static [Target] {
        TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &[]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        match ["sku", "external_id"].iter().any(|target| plan.at(target).is_some()) {
            true => Vec::new(),
            false => vec![Fault::new("/mapping/columns", "required", "sku or external_id says which product")],
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
        let words = Words::new().maybe(text("sku"), |all, text| all.whole(text));
        let words = words.maybe(text("name"), |all, text| all.name(text));
        words.maybe(text("category"), |all, text| all.text(text)).lexemes()
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

/// How rows of order lines name their product.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    external_id: Option<At>,
    /// it must be there
    sku: Option<At>,
    /// it may be there
    plain_sku: Option<At>,
    name: Option<At>,
    plain_name: Option<At>,
}

/// Which product a row means.
#[derive(Clone, Copy, Debug)]
pub enum Meant<'a> {
    None,
    This(&'a Product),
    Missing,
}

/// The products that the rows of a chunk mean.
#[derive(Debug, Default)]
pub struct Known {
    called: HashMap<String, ProductId>,
    sold: HashMap<String, ProductId>,
    products: HashMap<ProductId, Product>,
}

impl Named {
    pub fn of(plan: &Plan) -> Self {
        Self {
            external_id: plan.at("product.external_id"),
            sku: plan.at("product.sku"),
            plain_sku: plan.at("sku"),
            name: plan.at("product.name"),
            plain_name: plan.at("name"),
        }
    }

    /// The SKU that a row gives.
    pub fn sku<'a>(&self, row: &'a Row) -> Option<&'a str> {
        row.text(self.sku).or_else(|| row.text(self.plain_sku))
    }

    /// The products of the rows; made where they are missing and may be.
    pub fn find(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[&Row], written: &mut Written) -> Result<Known> {
        let known = self.known(conn, ctx, work, rows)?;
        let missing: Vec<&Row> =
            rows.iter().copied().filter(|row| self.key(row).is_some() && self.look(row, &known).is_none()).collect();
        if missing.is_empty() || !work.plan.makes(CATALOGUE.noun) {
            return Ok(known);
        }
        self.make(conn, ctx, work, &missing, written)?;
        self.known(conn, ctx, work, rows)
    }

    /// The product of a row. A SKU in its own right may stand for none.
    pub fn meant<'a>(&self, row: &Row, known: &'a Known) -> Meant<'a> {
        let strict = row.text(self.external_id).or_else(|| row.text(self.sku)).is_some();
        match self.look(row, known) {
            Some(product) => Meant::This(product),
            None if strict => Meant::Missing,
            None => Meant::None,
        }
    }

    fn key<'a>(&self, row: &'a Row) -> Option<&'a str> {
        row.text(self.external_id).or_else(|| self.sku(row))
    }

    fn look<'a>(&self, row: &Row, known: &'a Known) -> Option<&'a Product> {
        let id = match row.text(self.external_id) {
            Some(name) => known.called.get(name),
            None => known.sold.get(self.sku(row)?),
        };
        known.products.get(id?)
    }

    fn known(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[&Row]) -> Result<Known> {
        let mut known = Known::default();
        if ctx.reach::<Product>(Action::Read) == Reach::None {
            return Ok(known);
        }
        let unique = |mut texts: Vec<String>| {
            texts.sort_unstable();
            texts.dedup();
            texts
        };
        let names = unique(rows.iter().filter_map(|row| row.text(self.external_id).map(str::to_owned)).collect());
        let skus = unique(rows.iter().filter_map(|row| self.sku(row).map(str::to_owned)).collect());
        if !names.is_empty() {
            let called = external::find_all::<Product>(conn, ctx, work.plan.source_system(), &names)?;
            known.called.extend(called.into_iter().map(|(name, id)| (name, ProductId(id))));
        }
        let ids: Vec<ProductId> = known.called.values().copied().collect();
        if ids.is_empty() && skus.is_empty() {
            return Ok(known);
        }
        let living = store::scope(ctx).filter(products::deleted_at.is_null()).select(Product::as_select());
        let mut found: Vec<Product> = living.filter(products::sku.eq_any(&skus)).load(conn)?;
        if !ids.is_empty() {
            let living = store::scope(ctx).filter(products::deleted_at.is_null()).select(Product::as_select());
            found.extend(living.filter(products::id.eq_any(&ids)).load(conn)?);
        }
        for product in found {
            known.sold.insert(product.sku.clone(), product.id);
            known.products.insert(product.id, product);
        }
        Ok(known)
    }

    fn make(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[&Row], written: &mut Written) -> Result<()> {
        let mut drafts: HashMap<&str, Draft> = HashMap::new();
        for row in rows {
            let Some(key) = self.key(row) else { continue };
            let sku = self.sku(row).unwrap_or(key);
            let name = row.text(self.name).or_else(|| row.text(self.plain_name)).unwrap_or(sku);
            let place = drafts.len();
            drafts.entry(key).or_insert_with(|| Draft {
                row: place,
                external_id: row.text(self.external_id).map(str::to_owned),
                fields: Map::from_iter([("sku".to_owned(), sku.into()), ("name".to_owned(), name.into())]),
            });
        }
        let mut drafts: Vec<Draft> = drafts.into_values().collect();
        drafts.sort_by_key(|draft| draft.row);
        let mut made = Written::of(drafts.len());
        records::write::<Products>(conn, ctx, &work.making(), drafts, &mut made)?;
        written.created.extend(made.created);
        Ok(())
    }
}
