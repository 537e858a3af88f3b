//! `/q/{token}`: the open door of quotes, for whoever was sent or given a link. The token says which quote it is and
//! proves that it may be seen; it is good as long as its link is. What is said here is kept as evidence with the link.
use super::offered::{OfferedQuote, offered};
use super::printing;
use super::quote_moves::answered;
use crate::answer::Result;
use crate::extract::{Address, Valid, request_id};
use crate::house::House;
use crate::language;
use crate::routes::Routes;
use ::sales::quote::link::{self, Said};
use ::sales::quote::{self, Quote, Shown};
use actix_web::http::header::{CACHE_CONTROL, USER_AGENT};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use kernel::{Ctx, Language, Origin, Permit, Read, Tidy, Update, clock, tidy};
use serde::Deserialize;
use std::net::IpAddr;
use utoipa::ToSchema;
use validator::Validate;

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_offered_quote)
        .service(get_offered_quote_pdf)
        .service(accept_offered_quote)
        .service(reject_offered_quote);
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
/// By a link that somebody was sent or given, in the language that `Accept-Language` asks for.
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
/// By a link that somebody was sent or given, in the language that `Accept-Language` asks for.
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
/// By a link that somebody was sent or given. Said twice, it is answered the same. Refused where it has run out, was
/// declined, or another revision has taken its place.
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
/// By a link that somebody was sent or given, and why.
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
