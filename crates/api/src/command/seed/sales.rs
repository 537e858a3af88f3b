//! The second half: products, and orders with their lines. A product that the tenant has already, by its SKU, is
//! ordered as it is.
use super::Half;
use super::history::Table;
use super::load::{Shown, pour};
use super::order::Sold;
use super::owners::Owners;
use super::product::Product;
use super::schema::{orders, products};
use crate::seed::{self, World};
use diesel::prelude::*;
use diesel::result::Error as Sql;
use uuid::Uuid;

pub const HALF: Half = Half { name: "products and orders", are_there, load };

/// By the first order: it is written with all others, or not at all.
fn are_there(conn: &mut PgConnection, world: &World, owners: &Owners) -> QueryResult<bool> {
    let Some(first) = world.orders().next() else { return Ok(false) };
    diesel::select(diesel::dsl::exists(orders::table.find((owners.tenant, first.id)))).get_result(conn)
}

fn load(conn: &mut PgConnection, world: &World, owners: &Owners) -> QueryResult<&'static [Table]> {
    let wares = price_list(conn, world, owners)?;
    pour(
        conn,
        &Shown::new("orders", None),
        world.orders(),
        |piece| Sold::new(owners, &wares, piece),
        |conn, sold| match sold {
            Some(sold) => sold.copy(conn),
            None => Err(Sql::QueryBuilderError("an order comes to more than can be kept".into())),
        },
    )?;
    Ok(&[Table::Products, Table::Orders])
}

/// The ids of the products, in the order of the world's; those that are not there yet are written.
fn price_list(conn: &mut PgConnection, world: &World, owners: &Owners) -> QueryResult<Vec<Uuid>> {
    let known: Vec<(String, Uuid)> = products::table
        .filter(products::tenant_id.eq(owners.tenant))
        .filter(products::deleted_at.is_null())
        .filter(products::sku.eq_any(world.products().map(|product| product.sku)))
        .select((products::sku, products::id))
        .load(conn)?;
    let found = |product: &seed::Product| known.iter().find(|(sku, _)| sku == product.sku).map(|(_, id)| *id);
    let ids = world.products().map(|product| found(&product).unwrap_or(product.id)).collect();
    pour(
        conn,
        &Shown::new("products", None),
        world.products().filter(|product| found(product).is_none()),
        |piece| piece.into_iter().map(|product| Product::new(owners, product)).collect(),
        Product::copy,
    )?;
    Ok(ids)
}
