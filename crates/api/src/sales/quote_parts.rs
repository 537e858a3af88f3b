//! What a quote is made of, and whom it was sent to: `/v1/quotes/{id}/lines`, `…/links`, and the same of all.
use crate::answer::{Result, Shown};
use crate::extract::{Can, Id, List, ListQuery};
use crate::routes::Routes;
use ::sales::quote::Quote;
use ::sales::quote::line::{self, QuoteLine};
use ::sales::quote::link::{self, QuoteLink};
use actix_web::get;
use actix_web::web::{Data, Json};
use kernel::{Page, QuoteId, Read};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_all_quote_lines).service(list_quote_lines).service(list_all_quote_links).service(list_quote_links);
}

type QuoteLinePage = Page<QuoteLine>;
type QuoteLinkPage = Page<QuoteLink>;

/// List the lines of all quotes
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "quotes", params(ListQuery),
    responses((status = 200, description = "a page of them", body = QuoteLinePage)))]
#[get("/quote-lines")]
async fn list_all_quote_lines(
    db: Data<Db>,
    Can(can): Can<Read<Quote>>,
    List(listing, view): List<line::Table>,
) -> Result<Shown<QuoteLinePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| line::list(conn, ctx, &listing)).await
}

/// List the lines of a quote
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)),
    responses((status = 200, description = "all of them, by position", body = [QuoteLine])))]
#[get("/quotes/{id}/lines")]
async fn list_quote_lines(
    db: Data<Db>,
    Can(can): Can<Read<Quote>>,
    Id(id): Id<QuoteId>,
) -> Result<Json<Vec<QuoteLine>>> {
    Ok(Json(db.read(can, move |conn, ctx| line::of(conn, ctx, id)).await?))
}

/// List to whom all quotes were sent, and what they have said
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "quotes", params(ListQuery),
    responses((status = 200, description = "a page of them", body = QuoteLinkPage)))]
#[get("/quote-links")]
async fn list_all_quote_links(
    db: Data<Db>,
    Can(can): Can<Read<Quote>>,
    List(listing, view): List<link::Table>,
) -> Result<Shown<QuoteLinkPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| link::list(conn, ctx, &listing)).await
}

/// List to whom a quote was sent, and what they have said
///
/// The evidence of an acceptance: who says that they are whom, when, from where and by which program.
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)),
    responses((status = 200, description = "all of them, the oldest first", body = [QuoteLink])))]
#[get("/quotes/{id}/links")]
async fn list_quote_links(
    db: Data<Db>,
    Can(can): Can<Read<Quote>>,
    Id(id): Id<QuoteId>,
) -> Result<Json<Vec<QuoteLink>>> {
    Ok(Json(db.read(can, move |conn, ctx| link::of(conn, ctx, id)).await?))
}
