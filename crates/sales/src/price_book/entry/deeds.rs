//! What may be done with the entries of a price book. Each deed is one transaction, which locks the book.
use super::{NewPriceBookEntry, PriceBookEntry, PriceBookEntryPatch, store};
use crate::price_book::{self, ENTRY_TAKEN, PriceBook, changeable, counted};
use crate::product;
use diesel::Connection;
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Fault, PriceBookEntryId, PriceBookId, ProductId, Result, error, text};
use platform::Conn;
use platform::deed::untouched;
use rust_decimal::Decimal;

/// An entry of a book that is in use.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: PriceBookEntryId) -> Result<PriceBookEntry> {
    let entry = store::find(conn, ctx, id)?.ok_or(error::NOT_FOUND)?;
    price_book::find(conn, ctx, entry.price_book_id)?;
    Ok(entry)
}

/// Refused where the book has a price for the product from this quantity on. With a `base`, only if the book is still
/// at that version.
pub fn add(
    conn: &mut Conn,
    ctx: &Ctx,
    book: PriceBookId,
    base: Option<i32>,
    new: &NewPriceBookEntry,
) -> Result<PriceBookEntry> {
    conn.transaction(|conn| {
        let book = changeable(conn, ctx, book, base)?;
        let (product, least) = (meant(conn, ctx, new)?, new.min_quantity.unwrap_or_default());
        is_free(conn, ctx, book.id, product, least)?;
        let added = store::insert(conn, ctx, &book, product, least, new.unit_price)?;
        counted(conn, ctx, book.id, 1)?;
        Ok(added)
    })
}

/// The price of a product from a quantity on, in a book that is locked, where it stood already or not; says whether it is
/// new, or nothing where it was so already. Whoever is done with a book counts it anew.
pub(in crate::price_book) fn put(
    conn: &mut Conn,
    ctx: &Ctx,
    book: &PriceBook,
    product: ProductId,
    new: &NewPriceBookEntry,
    there: Option<PriceBookEntry>,
) -> Result<(PriceBookEntry, Option<bool>)> {
    let least = new.min_quantity.unwrap_or_default();
    Ok(match there {
        Some(there) if there.unit_price == new.unit_price => (there, None),
        Some(there) => {
            let patch = PriceBookEntryPatch { unit_price: Some(new.unit_price), ..PriceBookEntryPatch::default() };
            (store::update(conn, ctx, &there, &patch)?, Some(false))
        }
        None => (store::insert(conn, ctx, book, product, least, new.unit_price)?, Some(true)),
    })
}

/// With a `base`, only if the entry is still at that version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PriceBookEntryId,
    base: Option<i32>,
    patch: &PriceBookEntryPatch,
) -> Result<PriceBookEntry> {
    conn.transaction(|conn| {
        let entry = locked(conn, ctx, id, base)?;
        if let Some(least) = patch.min_quantity.filter(|least| *least != entry.min_quantity) {
            is_free(conn, ctx, entry.price_book_id, entry.product_id, least)?;
        }
        let changed = store::update(conn, ctx, &entry, patch)?;
        counted(conn, ctx, entry.price_book_id, 0)?;
        Ok(changed)
    })
}

/// With a `base`, only if the entry is still at that version.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: PriceBookEntryId, base: Option<i32>) -> Result<()> {
    conn.transaction(|conn| {
        let entry = locked(conn, ctx, id, base)?;
        store::remove(conn, ctx, &entry)?;
        counted(conn, ctx, entry.price_book_id, -1).map(drop)
    })
}

/// The entry, its book being locked.
fn locked(conn: &mut Conn, ctx: &Ctx, id: PriceBookEntryId, base: Option<i32>) -> Result<PriceBookEntry> {
    let book = find(conn, ctx, id)?.price_book_id;
    changeable(conn, ctx, book, None)?;
    match store::find(conn, ctx, id)? {
        Some(entry) if base.is_none_or(|version| version == entry.version) => Ok(entry),
        _ => Err(untouched(conn, ctx, find, id, base)),
    }
}

fn is_free(conn: &mut Conn, ctx: &Ctx, book: PriceBookId, product: ProductId, least: Decimal) -> Result<()> {
    match store::same(conn, ctx, book, product, least)? {
        Some(there) => Err(conflict(ENTRY_TAKEN, &[Existing::new(there.id, "min_quantity", 100)])),
        None => Ok(()),
    }
}

/// The product that a new entry names, by its id or its SKU.
fn meant(conn: &mut Conn, ctx: &Ctx, new: &NewPriceBookEntry) -> Result<ProductId> {
    let (place, ids, skus): (_, Vec<ProductId>, Vec<&str>) = match (new.product_id, new.sku.as_deref()) {
        (Some(id), _) => ("/product_id", vec![id], Vec::new()),
        (None, Some(sku)) => ("/sku", Vec::new(), vec![sku]),
        (None, None) => {
            let fault = Fault::new("/product_id", "required", text!("product_id or sku says which product"));
            return Err(Error::from(error::INVALID).fault(fault));
        }
    };
    let found = product::meant(conn, ctx, &ids, &skus)?;
    let found = found.first().map(|product| product.id);
    found.ok_or_else(|| {
        let fault = Fault::new(place, "unknown_reference", text!("there is no such product"));
        Error::from(error::UNKNOWN_REFERENCE).fault(fault)
    })
}
