//! `/v1/quotes/{id}/…`: how a quote goes its way, what is printed of it, and the order that comes of it.
use super::printing;
use crate::answer::{Created, Found, Put, Result};
use crate::extract::{Asked, Can, Id, Valid};
use crate::house::House;
use crate::routes::Routes;
use crate::{language, worker};
use ::sales::order::Order;
use ::sales::quote::{self, Quote, QuoteRejection, QuoteSending};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use kernel::{Approve, Create, Error, Language, QuoteId, Read, Update, text};
use platform::Db;
use platform::mail::NOT_CONFIGURED;
use serde::Deserialize;
use utoipa::IntoParams;

pub fn routes(cfg: &mut Routes) {
    cfg.service(submit_quote)
        .service(approve_quote)
        .service(reject_quote_approval)
        .service(send_quote)
        .service(accept_quote)
        .service(reject_quote)
        .service(revise_quote)
        .service(order_quote)
        .service(get_quote_pdf);
}

/// Submit a quote
///
/// A draft with lines: it is `approved` at once, or `in_review` where more is off than the tenant lets go without being
/// asked (`quote_approval_discount`). Then those who may approve it are notified, and its `approvals` tell that it waits.
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)),
    responses((status = 200, description = "the quote as it is now", body = Quote)))]
#[post("/quotes/{id}/submit")]
async fn submit_quote(db: Data<Db>, Can(can): Can<Update<Quote>>, Id(id): Id<QuoteId>) -> Result<Found<Quote>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| quote::submit(conn, ctx, id)).await?))
}

/// Approve a quote
///
/// One that is in review. Whoever has asked for it is notified.
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)),
    responses((status = 200, description = "the quote as it is now", body = Quote)))]
#[post("/quotes/{id}/approve")]
async fn approve_quote(db: Data<Db>, Can(can): Can<Approve<Quote>>, Id(id): Id<QuoteId>) -> Result<Found<Quote>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| quote::approve(conn, ctx, id)).await?))
}

/// Send a quote back instead of approving it
///
/// One that is in review: it is a draft again. Whoever has asked for it is notified, and reads why.
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)), request_body = QuoteRejection,
    responses((status = 200, description = "the quote as it is now", body = Quote)))]
#[post("/quotes/{id}/reject-approval")]
async fn reject_quote_approval(
    db: Data<Db>,
    Can(can): Can<Approve<Quote>>,
    Id(id): Id<QuoteId>,
    Valid(why): Valid<QuoteRejection>,
) -> Result<Found<Quote>> {
    let done = db.change(can, move |conn, ctx| quote::reject_approval(conn, ctx, id, why.reason.as_deref()));
    Ok(Found::plain(done.await?))
}

/// Send a quote
///
/// By a letter with the PDF and a link, by which whoever reads it accepts or declines. A draft need not be approved first
/// unless the tenant wants to be asked. What was sent may be sent again, and to others. Where this server sends no mail,
/// nothing is sent (409 `mail_not_configured`): `POST …/links` makes a link that is handed over by another way.
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)), request_body = QuoteSending,
    responses((status = 200, description = "the quote as it is now; its letter is on its way", body = Quote)))]
#[post("/quotes/{id}/send")]
async fn send_quote(
    house: Data<House>,
    Can(can): Can<Update<Quote>>,
    Id(id): Id<QuoteId>,
    Valid(ask): Valid<QuoteSending>,
) -> Result<Found<Quote>> {
    let is_configured = house.mail.is_configured();
    let sent = house.db.write(can, move |conn, ctx| {
        let sent = quote::send(conn, ctx, id, &ask)?;
        if is_configured { Ok(sent) } else { Err(NOT_CONFIGURED.into()) }
    });
    let sent = sent.await?;
    worker::wake();
    Ok(Found::plain(sent))
}

/// Write down that a quote was accepted
///
/// By another way than its link. Its opportunity comes to what was agreed upon.
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)),
    responses((status = 200, description = "the quote as it is now", body = Quote)))]
#[post("/quotes/{id}/accept")]
async fn accept_quote(db: Data<Db>, Can(can): Can<Update<Quote>>, Id(id): Id<QuoteId>) -> Result<Found<Quote>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| quote::accept(conn, ctx, id)).await?))
}

/// Write down that a quote was declined
///
/// By another way than its link, and why.
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)), request_body = QuoteRejection,
    responses((status = 200, description = "the quote as it is now", body = Quote)))]
#[post("/quotes/{id}/reject")]
async fn reject_quote(
    db: Data<Db>,
    Can(can): Can<Update<Quote>>,
    Id(id): Id<QuoteId>,
    Valid(said): Valid<QuoteRejection>,
) -> Result<Found<Quote>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| quote::reject(conn, ctx, id, said.reason.as_deref())).await?))
}

/// Revise a quote
///
/// The next revision is a draft of the same; this one is superseded, and its links accept nothing more. Not where it was
/// accepted.
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)),
    responses((status = 201, description = "the next revision", body = Quote)))]
#[post("/quotes/{id}/revise")]
async fn revise_quote(
    db: Data<Db>,
    Can(can): Can<(Update<Quote>, Create<Quote>)>,
    Id(id): Id<QuoteId>,
) -> Result<Created<Quote>> {
    Ok(Created(db.change(can, move |conn, ctx| quote::revise(conn, ctx, id)).await?))
}

/// Make an order of a quote
///
/// Of one that was accepted, once: asked again, the same order is answered. Its amounts are those of the quote.
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)),
    responses((status = 200, description = "the order that there is already", body = Order),
              (status = 201, description = "the order as it was made", body = Order)))]
#[post("/quotes/{id}/order")]
async fn order_quote(
    db: Data<Db>,
    Can(can): Can<(Create<Order>, Read<Quote>)>,
    Id(id): Id<QuoteId>,
) -> Result<Put<Order>> {
    Ok(Put(db.change(can, move |conn, ctx| quote::to_order(conn, ctx, id)).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PdfQuery {
    /// `en`, `zh-Hans` or `zh-Hant`; what the caller reads, unless said otherwise
    language: Option<String>,
}

/// Print a quote
///
/// For those from whom nothing of it is held back.
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path), PdfQuery),
    responses((status = 200, description = "the PDF", content((String = "application/pdf")))))]
#[get("/quotes/{id}/pdf")]
async fn get_quote_pdf(
    req: HttpRequest,
    house: Data<House>,
    Can(can): Can<Read<Quote>>,
    Id(id): Id<QuoteId>,
    Asked(query): Asked<PdfQuery>,
) -> Result<HttpResponse> {
    quote::nothing_is_held_back(can.ctx())?;
    let language = match query.language.as_deref() {
        None => language::of(&req),
        Some(tag) => Language::of(tag).ok_or_else(|| {
            Error::invalid("?language", "choice", text!("is none of {choices}", choices = "en, zh-Hans, zh-Hant"))
        })?,
    };
    let found = house.db.read(can, move |conn, ctx| {
        let quote = quote::find(conn, ctx, id)?;
        quote::shown(conn, ctx, quote)
    });
    let shown = found.await?;
    let pdf = printing::print(&house, printing::sheet(&shown, language)).await?;
    Ok(answered(pdf, &shown.quote.number))
}

/// A PDF to look at.
pub fn answered(pdf: Vec<u8>, number: &str) -> HttpResponse {
    let name: String = number.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '-' }).collect();
    HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}.pdf\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(pdf)
}
