//! `/s/{token}`: the open door of surveys, for whoever was sent a link. The token says who was asked what, and takes one
//! answer.
use crate::answer::Result;
use crate::extract::{Address, Valid, request_id};
use crate::house::House;
use crate::routes::Routes;
use ::customer::contact::Contact;
use ::service::survey::Survey;
use ::service::survey::response::{self, OpenSurvey, SurveyAnswer};
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use kernel::{Ctx, Origin, Permit, Read, Update, clock};
use serde::Serialize;

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_open_survey).service(answer_open_survey);
}

/// Look at a survey
///
/// By the link of a letter.
#[utoipa::path(tag = "surveys", params(("token" = String, Path, description = "what stands behind `#token=` in the link")),
    responses((status = 200, description = "what is asked, or was", body = OpenSurvey),
              (status = 404, description = "the link is not good"),
              (status = 410, description = "no answer is taken any more")))]
#[get("/s/{token}")]
async fn get_open_survey(req: HttpRequest, house: Data<House>, token: Path<String>) -> Result<HttpResponse> {
    let can = Permit::<(Read<Survey>, Read<Contact>)>::check(asked(&req, &house, &token).await?)?;
    let token = token.into_inner();
    let shown = house.db.read(can, move |conn, ctx| response::look(conn, ctx, &token)).await?;
    Ok(told(&shown))
}

/// Answer a survey
///
/// By the link of a letter, once.
#[utoipa::path(tag = "surveys", params(("token" = String, Path, description = "what stands behind `#token=` in the link")),
    request_body = SurveyAnswer,
    responses((status = 200, description = "it was answered", body = OpenSurvey),
              (status = 404, description = "the link is not good"),
              (status = 410, description = "no answer is taken any more")))]
#[post("/s/{token}")]
async fn answer_open_survey(
    req: HttpRequest,
    house: Data<House>,
    Address(address): Address,
    token: Path<String>,
    Valid(said): Valid<SurveyAnswer>,
) -> Result<HttpResponse> {
    let mut ctx = asked(&req, &house, &token).await?;
    ctx.origin = Origin::at(address);
    let can = Permit::<(Update<Survey>, Read<Contact>)>::check(ctx)?;
    let token = token.into_inner();
    let shown = house.db.write(can, move |conn, ctx| response::answer(conn, ctx, &token, &said)).await?;
    Ok(told(&shown))
}

/// Whoever has the link.
async fn asked(req: &HttpRequest, house: &House, token: &str) -> kernel::Result<Ctx> {
    let (now, token) = (clock::now(), token.to_owned());
    let (tenant, user) = house.db.unpermitted(move |conn| response::whose(conn, &token)).await?;
    Ok(Ctx { request: request_id(req), ..response::asking(tenant, user, now) })
}

fn told(what: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(what)
}
