//! `/v1/quotes`: what is offered, for how much, and until when. How one goes on is in `quote_moves`.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, Likeness, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, external, unknown_key};
use crate::routes::Routes;
use ::sales::quote::{self, Key, NewQuote, Quote, QuotePatch};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Existing, Page, Purge, QuoteId, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_quotes)
        .service(create_quote)
        .service(batch_quotes)
        .service(find_duplicate_quotes)
        .service(upsert_quote)
        .service(get_quote)
        .service(update_quote)
        .service(delete_quote)
        .service(restore_quote);
}

type QuotePage = Page<Quote>;

/// List quotes
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "quotes", params(ListQuery),
    responses((status = 200, description = "a page of quotes", body = QuotePage)))]
#[get("/quotes")]
async fn list_quotes(
    db: Data<Db>,
    Can(can): Can<Read<Quote>>,
    List(listing, view): List<quote::Table>,
) -> Result<Shown<QuotePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| quote::list(conn, ctx, &listing)).await
}

/// Create a quote
///
/// As a draft. Where it names an opportunity and no lines, it has those of the opportunity; prices that are not said come
/// of the price book. What the lines come to is computed. Refused where another quote has the number.
#[utoipa::path(tag = "quotes", request_body = NewQuote,
    responses((status = 201, description = "the quote as it was made", body = Quote)))]
#[post("/quotes")]
async fn create_quote(
    db: Data<Db>,
    Can(can): Can<Create<Quote>>,
    Valid(new): Valid<NewQuote>,
) -> Result<Created<Quote>> {
    Ok(Created(db.change(can, move |conn, ctx| quote::create(conn, ctx, &new)).await?))
}

/// Get a quote
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path), ViewQuery),
    responses((status = 200, description = "the quote", body = Quote)))]
#[get("/quotes/{id}")]
async fn get_quote(db: Data<Db>, Can(can): Can<Read<Quote>>, Id(id): Id<QuoteId>, view: View) -> Result<Found<Quote>> {
    view.one(&db, can, id).await
}

/// Update a quote
///
/// While it is a draft; later, its owner and team alone.
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)),
    request_body(content = QuotePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the quote as it is now", body = Quote)))]
#[patch("/quotes/{id}")]
async fn update_quote(
    db: Data<Db>,
    Can(can): Can<Update<Quote>>,
    Id(id): Id<QuoteId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<QuotePatch>,
) -> Result<Found<Quote>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| quote::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a quote
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/quotes/{id}")]
async fn delete_quote(
    db: Data<Db>,
    Can(can): Can<Delete<Quote>>,
    Id(id): Id<QuoteId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Quote>>().and_then(|()| quote::purge(conn, ctx, id, base)),
        false => quote::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived quote
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)),
    responses((status = 200, description = "the quote, in use again", body = Quote)))]
#[post("/quotes/{id}/restore")]
async fn restore_quote(db: Data<Db>, Can(can): Can<Delete<Quote>>, Id(id): Id<QuoteId>) -> Result<Found<Quote>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| quote::restore(conn, ctx, id)).await?))
}

/// Create or update a quote by a key
///
/// The key is `number`, which means the revision that holds, or `ext:{source_system}`. Where the body has lines, they
/// take the place of those that are there.
#[utoipa::path(tag = "quotes", params(KeyPath, UpsertQuery), request_body = NewQuote,
    responses((status = 200, description = "the quote as it is now", body = Quote),
              (status = 201, description = "the quote as it was made", body = Quote)))]
#[put("/quotes/by/{key}/{value}")]
async fn upsert_quote(
    db: Data<Db>,
    Can(can): Can<(Create<Quote>, Update<Quote>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewQuote, QuotePatch>,
) -> Result<Put<Quote>> {
    let key = key(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| quote::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many quotes
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "quotes", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/quotes/batch")]
async fn batch_quotes(db: Data<Db>, Can(can): Can<Writes<Quote>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Quote>>()?;
                quote::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Quote>>()?;
                quote::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Quote>, Update<Quote>)>()?;
                let (path, ask) = item.upsert()?;
                quote::upsert(conn, ctx, &key(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Quote>>()?;
                quote::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// Find quotes that a new one probably is
#[utoipa::path(tag = "quotes", request_body = NewQuote,
    responses((status = 200, description = "the candidates, the likeliest first", body = [Existing])))]
#[post("/quotes/duplicates")]
async fn find_duplicate_quotes(
    db: Data<Db>,
    Can(can): Can<Read<Quote>>,
    Likeness(new): Likeness<NewQuote>,
) -> Result<Json<Vec<Existing>>> {
    Ok(Json(db.read(can, move |conn, ctx| quote::duplicates(conn, ctx, &new)).await?))
}

fn key(path: KeyPath) -> kernel::Result<Key> {
    Ok(match path.key.as_str() {
        "number" => Key::Number(path.value.trim().to_owned()),
        other => {
            let source_system = external(other).ok_or_else(|| unknown_key(other))?;
            Key::External { source_system, external_id: path.value }
        }
    })
}
