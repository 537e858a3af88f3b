//! `/v1/price-books/{id}/entries`, `/v1/price-book-entries/{id}`: the prices of a book.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid};
use crate::routes::Routes;
use ::sales::price_book::PriceBook;
use ::sales::price_book::entry::{self, NewPriceBookEntry, PriceBookEntry, PriceBookEntryPatch};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{Page, PriceBookEntryId, PriceBookId, Read, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_price_book_entries)
        .service(add_price_book_entry)
        .service(get_price_book_entry)
        .service(update_price_book_entry)
        .service(remove_price_book_entry);
}

type PriceBookEntryPage = Page<PriceBookEntry>;

/// List the prices of all books
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "price-books", params(ListQuery),
    responses((status = 200, description = "a page of them", body = PriceBookEntryPage)))]
#[get("/price-book-entries")]
async fn list_price_book_entries(
    db: Data<Db>,
    Can(can): Can<Read<PriceBook>>,
    List(listing, view): List<entry::Table>,
) -> Result<Shown<PriceBookEntryPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| entry::list(conn, ctx, &listing)).await
}

/// Add a price to a price book
///
/// Refused where the book has a price for the product from this quantity on. If-Match asks for the version of the book.
#[utoipa::path(tag = "price-books", params(("id" = PriceBookId, Path)), request_body = NewPriceBookEntry,
    responses((status = 201, description = "the price", body = PriceBookEntry)))]
#[post("/price-books/{id}/entries")]
async fn add_price_book_entry(
    db: Data<Db>,
    Can(can): Can<Update<PriceBook>>,
    Id(id): Id<PriceBookId>,
    IfMatch(base): IfMatch,
    Valid(new): Valid<NewPriceBookEntry>,
) -> Result<Created<PriceBookEntry>> {
    Ok(Created(db.write(can, move |conn, ctx| entry::add(conn, ctx, id, base, &new)).await?))
}

/// Get a price of a price book
#[utoipa::path(tag = "price-books", params(("id" = PriceBookEntryId, Path)),
    responses((status = 200, description = "the price", body = PriceBookEntry)))]
#[get("/price-book-entries/{id}")]
async fn get_price_book_entry(
    db: Data<Db>,
    Can(can): Can<Read<PriceBook>>,
    Id(id): Id<PriceBookEntryId>,
) -> Result<Found<PriceBookEntry>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| entry::find(conn, ctx, id)).await?))
}

/// Update a price of a price book
///
/// If-Match asks for the version of the price.
#[utoipa::path(tag = "price-books", params(("id" = PriceBookEntryId, Path)),
    request_body(content = PriceBookEntryPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the price as it is now", body = PriceBookEntry)))]
#[patch("/price-book-entries/{id}")]
async fn update_price_book_entry(
    db: Data<Db>,
    Can(can): Can<Update<PriceBook>>,
    Id(id): Id<PriceBookEntryId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<PriceBookEntryPatch>,
) -> Result<Found<PriceBookEntry>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| entry::update(conn, ctx, id, base, &patch)).await?))
}

/// Remove a price from its price book
#[utoipa::path(tag = "price-books", params(("id" = PriceBookEntryId, Path)),
    responses((status = 204, description = "removed")))]
#[delete("/price-book-entries/{id}")]
async fn remove_price_book_entry(
    db: Data<Db>,
    Can(can): Can<Update<PriceBook>>,
    Id(id): Id<PriceBookEntryId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.write(can, move |conn, ctx| entry::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}
