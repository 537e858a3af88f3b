//! By which links quotes were sent and handed over, and what was said by them: `/v1/quotes/{id}/links`, `/v1/quote-links`.
use crate::answer::{Created, Found, Result, Secret, Shown};
use crate::extract::{Can, Id, List, ListQuery, Valid};
use crate::house::House;
use crate::routes::Routes;
use crate::worker::quotes::PAGE;
use ::sales::quote::link::{self, FreshQuoteLink, NewQuoteLink, QuoteLink};
use ::sales::quote::{self, Quote};
use actix_web::web::{Data, Json};
use actix_web::{get, post};
use kernel::{Page, QuoteId, QuoteLinkId, Read, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_all_quote_links)
        .service(list_quote_links)
        .service(create_quote_link)
        .service(get_quote_link)
        .service(revoke_quote_link);
}

type QuoteLinkPage = Page<QuoteLink>;

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
/// The evidence of an acceptance: who says that they are whom, when, from where and by which program. What a link opens by
/// is not told again.
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

/// Make a link to a quote
///
/// To be handed over by the caller, in a chat or wherever: who has it looks at the quote, prints it, accepts or declines it,
/// as by the link of a letter. Its token is shown this once. The first link of a quote is what sends it: what `send` asks
/// of it, this does.
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)), request_body = NewQuoteLink,
    responses((status = 201, description = "the link, with its token", body = FreshQuoteLink)))]
#[post("/quotes/{id}/links")]
async fn create_quote_link(
    house: Data<House>,
    Can(can): Can<Update<Quote>>,
    Id(id): Id<QuoteId>,
    Valid(new): Valid<NewQuoteLink>,
) -> Result<Secret<Created<FreshQuoteLink>>> {
    let made = house.db.change(can, move |conn, ctx| quote::hand_over(conn, ctx, id, &new));
    let (link, token) = made.await?;
    Ok(Secret(Created(FreshQuoteLink { url: house.mail.link(PAGE, &token), token, link })))
}

/// Get a link to a quote
///
/// Without its token, which nobody can show again.
#[utoipa::path(tag = "quotes", params(("id" = QuoteLinkId, Path)),
    responses((status = 200, description = "the link", body = QuoteLink)))]
#[get("/quote-links/{id}")]
async fn get_quote_link(db: Data<Db>, Can(can): Can<Read<Quote>>, Id(id): Id<QuoteLinkId>) -> Result<Found<QuoteLink>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| link::find(conn, ctx, id)).await?))
}

/// Revoke a link to a quote
///
/// From then on it shows nothing and accepts nothing; what was said by it stays. One that was revoked already is answered
/// as it is.
#[utoipa::path(tag = "quotes", params(("id" = QuoteLinkId, Path)),
    responses((status = 200, description = "the link as it is now", body = QuoteLink)))]
#[post("/quote-links/{id}/revoke")]
async fn revoke_quote_link(
    db: Data<Db>,
    Can(can): Can<Update<Quote>>,
    Id(id): Id<QuoteLinkId>,
) -> Result<Found<QuoteLink>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| quote::revoke(conn, ctx, id)).await?))
}
