//! How rows of order lines name their product: by an external id or a SKU.
use super::Products;
use crate::product::{CATALOGUE, Product, store};
use crate::schema::products;
use diesel::prelude::*;
use kernel::money::MaybeMoney;
use kernel::{Action, Ctx, Money, ProductId, Reach, Result};
use platform::import::records::{self, Draft};
use platform::import::{At, Plan, Row, Work, Written};
use platform::{Conn, external};
use serde_json::Map;
use std::collections::HashMap;

/// How rows of order lines name their product.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    id: Option<At>,
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
    This(&'a Sold),
    Missing,
}

/// What a line takes from its product.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = products, check_for_backend(diesel::pg::Pg))]
pub struct Sold {
    pub id: ProductId,
    pub sku: String,
    pub name: String,
    #[diesel(select_expression = (products::unit_price_amount, products::unit_price_currency),
             select_expression_type = (products::unit_price_amount, products::unit_price_currency),
             deserialize_as = MaybeMoney)]
    pub unit_price: Option<Money>,
}

/// The products that the rows of a chunk mean.
#[derive(Debug, Default)]
pub struct Known {
    called: HashMap<String, ProductId>,
    sold: HashMap<String, ProductId>,
    products: HashMap<ProductId, Sold>,
}

impl Known {
    fn and(mut self, more: Self) -> Self {
        self.called.extend(more.called);
        self.sold.extend(more.sold);
        self.products.extend(more.products);
        self
    }
}

impl Named {
    pub fn of(plan: &Plan) -> Self {
        Self {
            id: plan.at("product_id"),
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
        Ok(known.and(self.known(conn, ctx, work, &missing)?))
    }

    /// The product of a row. A SKU in its own right may stand for none.
    pub fn meant<'a>(&self, row: &Row, known: &'a Known) -> Meant<'a> {
        let strict = row.text(self.id).or_else(|| row.text(self.external_id)).or_else(|| row.text(self.sku)).is_some();
        match self.look(row, known) {
            Some(product) => Meant::This(product),
            None if strict => Meant::Missing,
            None => Meant::None,
        }
    }

    fn key<'a>(&self, row: &'a Row) -> Option<&'a str> {
        row.text(self.id).or_else(|| row.text(self.external_id)).or_else(|| self.sku(row))
    }

    fn look<'a>(&self, row: &Row, known: &'a Known) -> Option<&'a Sold> {
        if let Some(id) = row.id(self.id) {
            return known.products.get(&ProductId(id));
        }
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
        let skus = rows.iter().filter(|_| ctx.sees::<Product>("sku"));
        let skus = unique(skus.filter_map(|row| self.sku(row).map(str::to_owned)).collect());
        if !names.is_empty() {
            let called = external::find_all::<Product>(conn, ctx, work.plan.source_system(), &names)?;
            known.called.extend(called.into_iter().map(|(name, id)| (name, ProductId(id))));
        }
        let own = rows.iter().filter_map(|row| row.id(self.id).map(ProductId));
        let ids: Vec<ProductId> = known.called.values().copied().chain(own).collect();
        if ids.is_empty() && skus.is_empty() {
            return Ok(known);
        }
        let living = store::scope(ctx).filter(products::deleted_at.is_null()).select(Sold::as_select());
        let mut found: Vec<Sold> = living.filter(products::sku.eq_any(&skus)).load(conn)?;
        if !ids.is_empty() {
            let living = store::scope(ctx).filter(products::deleted_at.is_null()).select(Sold::as_select());
            found.extend(living.filter(products::id.eq_any(&ids)).load(conn)?);
        }
        for mut product in found {
            // a line takes over what it does not say: not what the caller does not see
            product.unit_price = product.unit_price.filter(|_| ctx.sees::<Product>("unit_price"));
            if !ctx.sees::<Product>("name") {
                product.name.clear();
            }
            known.sold.insert(product.sku.clone(), product.id);
            known.products.insert(product.id, product);
        }
        Ok(known)
    }

    fn make(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[&Row], written: &mut Written) -> Result<()> {
        let mut drafts: HashMap<&str, Draft> = HashMap::new();
        for row in rows {
            let Some(key) = self.key(row).filter(|_| row.text(self.id).is_none()) else { continue };
            let sku = self.sku(row).unwrap_or(key);
            let name = row.text(self.name).or_else(|| row.text(self.plain_name)).unwrap_or(sku);
            let place = drafts.len();
            drafts.entry(key).or_insert_with(|| Draft {
                row: place,
                id: None,
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
