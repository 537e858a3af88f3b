//! What may be done with a product.
use super::{Key, NewProduct, Product, ProductPatch, SKU_TAKEN, store};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Noun, ProductId, Result, error};
use platform::deed::{self, Called, Upsert, Upserted, untouched};
use platform::search::Words;
use platform::{Conn, custom};

const SKU: u8 = 100;
/// Sizes and colours of one thing share a name: worth showing, not worth refusing.
const NAME: u8 = 60;

/// Refused where the SKU is taken; nothing else makes two products one.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewProduct) -> Result<Product> {
    is_free(conn, ctx, &new.sku)?;
    let words = words(&new.sku, &new.name, new.category.as_deref());
    let words = custom::words(ctx, Product::NAME, &new.custom.0, words);
    let done = store::insert(conn, ctx, new, words);
    done.map_err(|e| with_existing(conn, ctx, named(e), Some(&new.sku)))
}

/// The products that `new` may be, the likeliest first.
pub fn duplicates(conn: &mut Conn, ctx: &Ctx, new: &NewProduct) -> Result<Vec<Existing>> {
    let judge = |one: &Product| match one.sku == new.sku {
        true => Existing::new(one.id, "sku", SKU),
        false => Existing::new(one.id, "name", NAME),
    };
    let alike = store::alike(conn, ctx, &new.sku, Some(&new.name))?;
    let mut existing: Vec<Existing> = alike.iter().map(judge).collect();
    existing.sort_by_key(|one| std::cmp::Reverse(one.score));
    Ok(existing)
}

/// With a `base`, only if the product is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: ProductId, base: Option<i32>, patch: &ProductPatch) -> Result<Product> {
    if patch.sku.is_none() && patch.name.is_none() && patch.category.is_none() && patch.custom.is_none() {
        return plain_update(conn, ctx, id, base, patch);
    }
    conn.transaction(|conn| {
        let after = plain_update(conn, ctx, id, base, patch)?;
        let words = words(&after.sku, &after.name, after.category.as_deref());
        store::set_words(conn, ctx, id, custom::words(ctx, Product::NAME, &after.custom.0, words))?;
        Ok(after)
    })
    .map_err(|error| with_existing(conn, ctx, error, patch.sku.as_deref()))
}

fn plain_update(conn: &mut Conn, ctx: &Ctx, id: ProductId, base: Option<i32>, patch: &ProductPatch) -> Result<Product> {
    match store::update(conn, ctx, id, base, patch).map_err(named)? {
        Some(product) => Ok(product),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// The product with this key is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &Key,
    ask: &Upsert<NewProduct, ProductPatch>,
) -> Result<Upserted<Product>> {
    deed::upsert(
        conn,
        ctx,
        key,
        ask,
        (store::find_by, store::find_any),
        |conn, new| {
            let mut new = new.clone();
            if let Key::Sku(sku) = key {
                new.sku.clone_from(sku);
            }
            create(conn, ctx, &new)
        },
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

impl Called for Key {
    fn called(&self) -> Option<(&str, &str)> {
        match self {
            Self::External { source_system, external_id } => Some((source_system, external_id)),
            _ => None,
        }
    }
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: ProductId, base: Option<i32>) -> Result<Product> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(product) => Ok(product),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A product that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: ProductId) -> Result<Product> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = store::set_archived(conn, ctx, id, None, false);
    let done = done.map_err(|e| with_existing(conn, ctx, named(e), Some(&found.sku)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good; refused while order lines refer to it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: ProductId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

fn is_free(conn: &mut Conn, ctx: &Ctx, sku: &str) -> Result<()> {
    let taken = store::alike(conn, ctx, sku, None)?;
    if taken.is_empty() { Ok(()) } else { Err(conflict(SKU_TAKEN, &existing(&taken))) }
}

fn existing(products: &[Product]) -> Vec<Existing> {
    products.iter().map(|one| Existing::new(one.id, "sku", SKU)).collect()
}

/// What it is found by: the one choice of words, for imports too.
pub(super) fn words(sku: &str, name: &str, category: Option<&str>) -> Vec<String> {
    Words::new().whole(sku).name(name).maybe(category, |all, text| all.text(text)).lexemes()
}

/// The constraints of the table, by the codes of the room.
fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("products_sku_key") => {
            Error::from(SKU_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

/// Which product has the SKU: asked after the transaction that failed on it.
fn with_existing(conn: &mut Conn, ctx: &Ctx, error: Error, sku: Option<&str>) -> Error {
    match sku {
        Some(sku) if error.code == SKU_TAKEN => {
            let found = store::alike(conn, ctx, sku, None).unwrap_or_default();
            let list = conflict(SKU_TAKEN, &existing(&found));
            Error { members: list.members, ..error }
        }
        _ => error,
    }
}
