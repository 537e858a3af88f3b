//! `/q/{token}`: the open door of quotes, for whoever was sent a link. The token says which quote it is and proves that
//! it may be seen; it is good as long as its link is. What is said here is kept as evidence with the link.
use super::printing::{self, Words};
use super::quote_moves::answered;
use crate::answer::Result;
use crate::extract::{Address, Valid, request_id};
use crate::house::House;
use crate::language;
use ::sales::quote::link::{self, Said};
use ::sales::quote::{self, Quote, Shown};
use actix_web::http::header::{CACHE_CONTROL, USER_AGENT};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Ctx, Language, Money, Origin, Permit, Read, Tidy, Update, clock, tidy};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_offered_quote)
        .service(get_offered_quote_pdf)
        .service(accept_offered_quote)
        .service(reject_offered_quote);
}

/// A quote as its customer sees it.
#[derive(Serialize, ToSchema)]
pub struct OfferedQuote {
    #[schema(example = "Q-2026-00042")]
    pub number: String,
    #[schema(minimum = 1)]
    pub revision: i32,
    /// `sent`, and then what has become of it
    #[schema(example = "sent")]
    pub status: String,
    /// from whom it is
    pub company: String,
    /// whom it is for, line by line
    pub customer: Vec<String>,
    #[schema(example = "CNY")]
    pub currency: String,
    pub sent_at: Option<DateTime<Utc>>,
    pub valid_until_on: Option<NaiveDate>,
    pub is_tax_included: bool,
    pub lines: Vec<OfferedLine>,
    pub subtotal: Money,
    pub discount: Money,
    /// by rate
    pub taxes: Vec<OfferedTax>,
    pub tax: Money,
    pub shipping: Money,
    pub total: Money,
    pub terms: Option<String>,
    /// of the words
    #[schema(example = "en")]
    pub language: &'static str,
    /// what the parts are called in that language
    #[schema(value_type = Object)]
    pub words: Words,
}

/// A line of it.
#[derive(Serialize, ToSchema)]
pub struct OfferedLine {
    pub sku: Option<String>,
    pub name: String,
    #[schema(format = "decimal", example = "40")]
    pub quantity: String,
    #[schema(format = "decimal", example = "268")]
    pub unit_price: String,
    /// what is off it: its own, and its part of what is off all
    pub discount: Money,
    #[schema(format = "decimal", example = "0.13")]
    pub tax_rate: String,
    pub tax: Money,
    pub total: Money,
}

/// The tax of a rate.
#[derive(Serialize, ToSchema)]
pub struct OfferedTax {
    #[schema(format = "decimal", example = "0.13")]
    pub rate: String,
    /// what is taxed
    pub base: Money,
    pub tax: Money,
}

/// Who accepts.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "王伟", "job_title": "采购经理"}))]
pub struct OfferAcceptance {
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub job_title: Option<String>,
}

/// Why it is declined.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "价格偏高"}))]
pub struct OfferRejection {
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    pub reason: Option<String>,
}

impl Tidy for OfferRejection {}
impl Tidy for OfferAcceptance {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}

/// Look at a quote
///
/// By the link of a letter, in the language that `Accept-Language` asks for.
#[utoipa::path(tag = "quotes", params(("token" = String, Path, description = "what stands behind `#token=` in the link")),
    responses((status = 200, description = "the quote", body = OfferedQuote),
              (status = 404, description = "the link is not good, or no longer")))]
#[get("/q/{token}")]
async fn get_offered_quote(req: HttpRequest, house: Data<House>, token: Path<String>) -> Result<HttpResponse> {
    let shown = look(&req, &house, &token).await?;
    Ok(answer(&shown, language::of(&req)))
}

/// Print a quote
///
/// By the link of a letter, in the language that `Accept-Language` asks for.
#[utoipa::path(tag = "quotes", params(("token" = String, Path, description = "what stands behind `#token=` in the link")),
    responses((status = 200, description = "the PDF", content((String = "application/pdf"))),
              (status = 404, description = "the link is not good, or no longer")))]
#[get("/q/{token}/pdf")]
async fn get_offered_quote_pdf(req: HttpRequest, house: Data<House>, token: Path<String>) -> Result<HttpResponse> {
    let shown = look(&req, &house, &token).await?;
    let pdf = printing::print(&house, printing::sheet(&shown, language::of(&req))).await?;
    Ok(answered(pdf, &shown.quote.number))
}

/// Accept a quote
///
/// By the link of a letter. Said twice, it is answered the same. Refused where it has run out, was declined, or another
/// revision has taken its place.
#[utoipa::path(tag = "quotes", params(("token" = String, Path, description = "what stands behind `#token=` in the link")),
    request_body = OfferAcceptance,
    responses((status = 200, description = "the quote, accepted", body = OfferedQuote),
              (status = 404, description = "the link is not good, or no longer")))]
#[post("/q/{token}/accept")]
async fn accept_offered_quote(
    req: HttpRequest,
    house: Data<House>,
    Address(address): Address,
    token: Path<String>,
    Valid(who): Valid<OfferAcceptance>,
) -> Result<HttpResponse> {
    let OfferAcceptance { name, job_title } = who;
    let said = said(&req, address, Said { name: Some(name), job_title, ..Said::of("accepted") });
    decide(&req, &house, token.into_inner(), said).await
}

/// Decline a quote
///
/// By the link of a letter, and why.
#[utoipa::path(tag = "quotes", params(("token" = String, Path, description = "what stands behind `#token=` in the link")),
    request_body = OfferRejection,
    responses((status = 200, description = "the quote, declined", body = OfferedQuote),
              (status = 404, description = "the link is not good, or no longer")))]
#[post("/q/{token}/reject")]
async fn reject_offered_quote(
    req: HttpRequest,
    house: Data<House>,
    Address(address): Address,
    token: Path<String>,
    Valid(why): Valid<OfferRejection>,
) -> Result<HttpResponse> {
    let said = said(&req, address, Said { reason: why.reason, ..Said::of("rejected") });
    decide(&req, &house, token.into_inner(), said).await
}

fn said(req: &HttpRequest, address: IpAddr, said: Said) -> Said {
    let program = req.headers().get(USER_AGENT).and_then(|text| text.to_str().ok());
    let user_agent = program.map(|text| text.chars().take(500).collect());
    Said { address: Some(address.to_string()), user_agent, ..said }
}

async fn decide(req: &HttpRequest, house: &House, token: String, said: Said) -> Result<HttpResponse> {
    let mut ctx = customer(req, house, &token).await?;
    ctx.origin = Origin { address: said.address.as_ref().and_then(|text| text.parse().ok()), ..ctx.origin };
    let can = Permit::<(Update<Quote>, Read<Quote>)>::check(ctx)?;
    let shown = house.db.write(can, move |conn, ctx| {
        let decided = quote::decide(conn, ctx, &token, &said)?;
        quote::shown(conn, ctx, decided)
    });
    Ok(answer(&shown.await?, language::of(req)))
}

async fn look(req: &HttpRequest, house: &House, token: &str) -> kernel::Result<Shown> {
    let can = Permit::<Read<Quote>>::check(customer(req, house, token).await?)?;
    let token = token.to_owned();
    house.db.read(can, move |conn, ctx| link::open(conn, ctx, &token).map(|(_, shown)| shown)).await
}

/// Whoever has the link.
async fn customer(req: &HttpRequest, house: &House, token: &str) -> kernel::Result<Ctx> {
    let (now, token) = (clock::now(), token.to_owned());
    let (tenant, sender) = house.db.unpermitted(move |conn| link::whose(conn, &token, now)).await?;
    Ok(Ctx { request: request_id(req), ..link::customer(tenant, sender, now) })
}

fn answer(shown: &Shown, language: Language) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(offered(shown, language))
}

fn offered(shown: &Shown, language: Language) -> OfferedQuote {
    let quote = shown.quote.clone();
    let money = |amount: Decimal| Money::new(amount, &shown.quote.currency);
    let plain = |figure: Decimal| figure.normalize().to_string();
    let lines = shown.lines.iter().map(|line| OfferedLine {
        sku: line.sku.clone(),
        name: line.name.clone(),
        quantity: plain(line.quantity),
        unit_price: plain(line.unit_price),
        discount: money(line.discount.amount + line.shared_discount.amount),
        tax_rate: plain(line.tax_rate),
        tax: line.tax.clone(),
        total: line.total.clone(),
    });
    let tax = |(rate, base, tax)| OfferedTax { rate: plain(rate), base: money(base), tax: money(tax) };
    OfferedQuote {
        number: quote.number,
        revision: quote.revision,
        status: quote.status,
        company: shown.company.clone(),
        customer: shown.customer.clone(),
        currency: quote.currency,
        sent_at: quote.sent_at,
        valid_until_on: quote.valid_until_on,
        is_tax_included: quote.is_tax_included,
        lines: lines.collect(),
        subtotal: quote.subtotal,
        discount: quote.discount,
        taxes: shown.taxes().into_iter().map(tax).collect(),
        tax: quote.tax,
        shipping: quote.shipping,
        total: quote.total,
        terms: quote.terms,
        language: language.tag(),
        words: printing::words(language),
    }
}
