//! How leads leave a pool, and come back to it.
use crate::answer::{Found, Result};
use crate::extract::{Can, Id, IfMatch, Valid};
use crate::routes::Routes;
use ::sales::lead::Lead;
use ::sales::lead::pooling::{self, LeadReturn, LeadTransfer};
use ::sales::pool::event::{self, PoolEvent};
use actix_web::web::{Data, Json};
use actix_web::{get, post};
use kernel::{Assign, LeadId, Read, Update};
use platform::Db;

pub fn routes(cfg: &mut Routes) {
    cfg.service(claim_lead).service(return_lead).service(transfer_lead).service(list_lead_pool_events);
}

/// Claim a lead
///
/// One that lies in a pool whose queue the caller serves: of many who want it one gets it, and the others are told
/// `lead_taken`. It is the caller's from then on, with its address and number.
#[utoipa::path(tag = "leads", params(("id" = LeadId, Path)),
    responses((status = 200, description = "the lead, which is the caller's now", body = Lead)))]
#[post("/leads/{id}/claim")]
async fn claim_lead(db: Data<Db>, Can(can): Can<Update<Lead>>, Id(id): Id<LeadId>) -> Result<Found<Lead>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| pooling::claim(conn, ctx, id)).await?))
}

/// Give a lead back
///
/// Into the pool that it came from, or the one that is named, for somebody else to take. If-Match asks for the version of
/// the lead.
#[utoipa::path(tag = "leads", params(("id" = LeadId, Path)), request_body = LeadReturn,
    responses((status = 200, description = "the lead as it lies in the pool", body = Lead)))]
#[post("/leads/{id}/return")]
async fn return_lead(
    db: Data<Db>,
    Can(can): Can<Update<Lead>>,
    Id(id): Id<LeadId>,
    IfMatch(base): IfMatch,
    Valid(why): Valid<LeadReturn>,
) -> Result<Found<Lead>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| pooling::give_back(conn, ctx, id, base, &why)).await?))
}

/// Transfer a lead of a pool
///
/// To somebody, whether it lies in its pool or somebody has it, or into another pool. The quotas of the pool are for those
/// who take, and not for those who are given. If-Match asks for the version of the lead.
#[utoipa::path(tag = "leads", params(("id" = LeadId, Path)), request_body = LeadTransfer,
    responses((status = 200, description = "the lead as it is now", body = Lead)))]
#[post("/leads/{id}/transfer")]
async fn transfer_lead(
    db: Data<Db>,
    Can(can): Can<(Update<Lead>, Assign<Lead>)>,
    Id(id): Id<LeadId>,
    IfMatch(base): IfMatch,
    Valid(to): Valid<LeadTransfer>,
) -> Result<Found<Lead>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| pooling::transfer(conn, ctx, id, base, &to)).await?))
}

/// List what pools have done with a lead
///
/// When it came into which pool, who took it and who gave it back, the newest first; at most 500.
#[utoipa::path(tag = "leads", params(("id" = LeadId, Path)),
    responses((status = 200, description = "each time, with who and why", body = [PoolEvent])))]
#[get("/leads/{id}/pool-events")]
async fn list_lead_pool_events(
    db: Data<Db>,
    Can(can): Can<Read<Lead>>,
    Id(id): Id<LeadId>,
) -> Result<Json<Vec<PoolEvent>>> {
    Ok(Json(db.read(can, move |conn, ctx| event::of(conn, ctx, id)).await?))
}
