//! `/v1/price-books`: what products cost, by list.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, external, unknown_key};
use crate::routes::Routes;
use ::sales::price_book::{self, Key, NewPriceBook, PriceBook, PriceBookPatch};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Page, PriceBookId, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_price_books)
        .service(create_price_book)
        .service(batch_price_books)
        .service(upsert_price_book)
        .service(get_price_book)
        .service(update_price_book)
        .service(delete_price_book)
        .service(restore_price_book);
}

type PriceBookPage = Page<PriceBook>;

/// List price books
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "price-books", params(ListQuery),
    responses((status = 200, description = "a page of price books", body = PriceBookPage)))]
#[get("/price-books")]
async fn list_price_books(
    db: Data<Db>,
    Can(can): Can<Read<PriceBook>>,
    List(listing, view): List<price_book::Table>,
) -> Result<Shown<PriceBookPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| price_book::list(conn, ctx, &listing)).await
}

/// Create a price book
///
/// Refused where another has the name. One that is the default of its currency takes the place of the one before.
#[utoipa::path(tag = "price-books", request_body = NewPriceBook,
    responses((status = 201, description = "the price book as it was made", body = PriceBook)))]
#[post("/price-books")]
async fn create_price_book(
    db: Data<Db>,
    Can(can): Can<Create<PriceBook>>,
    Valid(new): Valid<NewPriceBook>,
) -> Result<Created<PriceBook>> {
    Ok(Created(db.change(can, move |conn, ctx| price_book::create(conn, ctx, &new)).await?))
}

/// Get a price book
#[utoipa::path(tag = "price-books", params(("id" = PriceBookId, Path), ViewQuery),
    responses((status = 200, description = "the price book", body = PriceBook)))]
#[get("/price-books/{id}")]
async fn get_price_book(
    db: Data<Db>,
    Can(can): Can<Read<PriceBook>>,
    Id(id): Id<PriceBookId>,
    view: View,
) -> Result<Found<PriceBook>> {
    view.one(&db, can, id).await
}

/// Update a price book
#[utoipa::path(tag = "price-books", params(("id" = PriceBookId, Path)),
    request_body(content = PriceBookPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the price book as it is now", body = PriceBook)))]
#[patch("/price-books/{id}")]
async fn update_price_book(
    db: Data<Db>,
    Can(can): Can<Update<PriceBook>>,
    Id(id): Id<PriceBookId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<PriceBookPatch>,
) -> Result<Found<PriceBook>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| price_book::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a price book
#[utoipa::path(tag = "price-books", params(("id" = PriceBookId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/price-books/{id}")]
async fn delete_price_book(
    db: Data<Db>,
    Can(can): Can<Delete<PriceBook>>,
    Id(id): Id<PriceBookId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<PriceBook>>().and_then(|()| price_book::purge(conn, ctx, id, base)),
        false => price_book::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived price book
#[utoipa::path(tag = "price-books", params(("id" = PriceBookId, Path)),
    responses((status = 200, description = "the price book, in use again", body = PriceBook)))]
#[post("/price-books/{id}/restore")]
async fn restore_price_book(
    db: Data<Db>,
    Can(can): Can<Delete<PriceBook>>,
    Id(id): Id<PriceBookId>,
) -> Result<Found<PriceBook>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| price_book::restore(conn, ctx, id)).await?))
}

/// Create or update a price book by a key
///
/// The key is `name` or `ext:{source_system}`.
#[utoipa::path(tag = "price-books", params(KeyPath, UpsertQuery), request_body = NewPriceBook,
    responses((status = 200, description = "the price book as it is now", body = PriceBook),
              (status = 201, description = "the price book as it was made", body = PriceBook)))]
#[put("/price-books/by/{key}/{value}")]
async fn upsert_price_book(
    db: Data<Db>,
    Can(can): Can<(Create<PriceBook>, Update<PriceBook>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewPriceBook, PriceBookPatch>,
) -> Result<Put<PriceBook>> {
    let key = key(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| price_book::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many price books
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "price-books", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/price-books/batch")]
async fn batch_price_books(db: Data<Db>, Can(can): Can<Writes<PriceBook>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<PriceBook>>()?;
                price_book::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<PriceBook>>()?;
                price_book::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<PriceBook>, Update<PriceBook>)>()?;
                let (path, ask) = item.upsert()?;
                price_book::upsert(conn, ctx, &key(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<PriceBook>>()?;
                price_book::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

fn key(path: KeyPath) -> kernel::Result<Key> {
    Ok(match path.key.as_str() {
        "name" => Key::Name(path.value.trim().to_owned()),
        other => {
            let source_system = external(other).ok_or_else(|| unknown_key(other))?;
            Key::External { source_system, external_id: path.value }
        }
    })
}
