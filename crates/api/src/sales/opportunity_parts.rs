//! What an opportunity is made of and where it has been: `/v1/opportunities/{id}/contacts`, `…/lines`, `…/stage-history`,
//! and the same of all.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid};
use crate::routes::Routes;
use ::sales::opportunity::Opportunity;
use ::sales::opportunity::contact::{self, NewOpportunityContact, OpportunityContact, OpportunityContactPatch};
use ::sales::opportunity::history::{self, StageChange};
use ::sales::opportunity::line::{self, OpportunityLine};
use actix_web::web::{Data, Json};
use actix_web::{delete, get, patch, post};
use kernel::{OpportunityContactId, OpportunityId, Page, Read, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_all_opportunity_contacts)
        .service(list_opportunity_contacts)
        .service(add_opportunity_contact)
        .service(get_opportunity_contact)
        .service(update_opportunity_contact)
        .service(remove_opportunity_contact)
        .service(list_all_opportunity_lines)
        .service(list_opportunity_lines)
        .service(list_all_stage_changes)
        .service(list_stage_changes);
}

type OpportunityContactPage = Page<OpportunityContact>;
type OpportunityLinePage = Page<OpportunityLine>;
type StageChangePage = Page<StageChange>;

/// List who takes part in which opportunities
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "opportunities", params(ListQuery),
    responses((status = 200, description = "a page of them", body = OpportunityContactPage)))]
#[get("/opportunity-contacts")]
async fn list_all_opportunity_contacts(
    db: Data<Db>,
    Can(can): Can<Read<Opportunity>>,
    List(listing, view): List<contact::Table>,
) -> Result<Shown<OpportunityContactPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| contact::list(conn, ctx, &listing)).await
}

/// List who takes part in an opportunity
#[utoipa::path(tag = "opportunities", params(("id" = OpportunityId, Path)),
    responses((status = 200, description = "all of them, the primary one first", body = [OpportunityContact])))]
#[get("/opportunities/{id}/contacts")]
async fn list_opportunity_contacts(
    db: Data<Db>,
    Can(can): Can<Read<Opportunity>>,
    Id(id): Id<OpportunityId>,
) -> Result<Json<Vec<OpportunityContact>>> {
    Ok(Json(db.read(can, move |conn, ctx| contact::of(conn, ctx, id)).await?))
}

/// Let a contact take part in an opportunity
///
/// Where they do already, this says how.
#[utoipa::path(tag = "opportunities", params(("id" = OpportunityId, Path)), request_body = NewOpportunityContact,
    responses((status = 201, description = "how they take part", body = OpportunityContact)))]
#[post("/opportunities/{id}/contacts")]
async fn add_opportunity_contact(
    db: Data<Db>,
    Can(can): Can<Update<Opportunity>>,
    Id(id): Id<OpportunityId>,
    Valid(new): Valid<NewOpportunityContact>,
) -> Result<Created<OpportunityContact>> {
    Ok(Created(db.write(can, move |conn, ctx| contact::add(conn, ctx, id, &new)).await?))
}

/// Get how a contact takes part in an opportunity
#[utoipa::path(tag = "opportunities", params(("id" = OpportunityContactId, Path)),
    responses((status = 200, description = "how they take part", body = OpportunityContact)))]
#[get("/opportunity-contacts/{id}")]
async fn get_opportunity_contact(
    db: Data<Db>,
    Can(can): Can<Read<Opportunity>>,
    Id(id): Id<OpportunityContactId>,
) -> Result<Found<OpportunityContact>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| contact::find(conn, ctx, id)).await?))
}

/// Change how a contact takes part in an opportunity
#[utoipa::path(tag = "opportunities", params(("id" = OpportunityContactId, Path)),
    request_body(content = OpportunityContactPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "how they take part now", body = OpportunityContact)))]
#[patch("/opportunity-contacts/{id}")]
async fn update_opportunity_contact(
    db: Data<Db>,
    Can(can): Can<Update<Opportunity>>,
    Id(id): Id<OpportunityContactId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<OpportunityContactPatch>,
) -> Result<Found<OpportunityContact>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| contact::update(conn, ctx, id, base, &patch)).await?))
}

/// Let a contact take part no longer
#[utoipa::path(tag = "opportunities", params(("id" = OpportunityContactId, Path)),
    responses((status = 204, description = "they take part no longer")))]
#[delete("/opportunity-contacts/{id}")]
async fn remove_opportunity_contact(
    db: Data<Db>,
    Can(can): Can<Update<Opportunity>>,
    Id(id): Id<OpportunityContactId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.write(can, move |conn, ctx| contact::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// List the lines of all opportunities
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "opportunities", params(ListQuery),
    responses((status = 200, description = "a page of them", body = OpportunityLinePage)))]
#[get("/opportunity-lines")]
async fn list_all_opportunity_lines(
    db: Data<Db>,
    Can(can): Can<Read<Opportunity>>,
    List(listing, view): List<line::Table>,
) -> Result<Shown<OpportunityLinePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| line::list(conn, ctx, &listing)).await
}

/// List the lines of an opportunity
#[utoipa::path(tag = "opportunities", params(("id" = OpportunityId, Path)),
    responses((status = 200, description = "all of them, by position", body = [OpportunityLine])))]
#[get("/opportunities/{id}/lines")]
async fn list_opportunity_lines(
    db: Data<Db>,
    Can(can): Can<Read<Opportunity>>,
    Id(id): Id<OpportunityId>,
) -> Result<Json<Vec<OpportunityLine>>> {
    Ok(Json(db.read(can, move |conn, ctx| line::of(conn, ctx, id)).await?))
}

/// List where all opportunities have been
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "opportunities", params(ListQuery),
    responses((status = 200, description = "a page of them", body = StageChangePage)))]
#[get("/opportunity-stage-history")]
async fn list_all_stage_changes(
    db: Data<Db>,
    Can(can): Can<Read<Opportunity>>,
    List(listing, view): List<history::Table>,
) -> Result<Shown<StageChangePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| history::list(conn, ctx, &listing)).await
}

/// List where an opportunity has been
#[utoipa::path(tag = "opportunities", params(("id" = OpportunityId, Path)),
    responses((status = 200, description = "each stage, from the beginning, with how long it was there",
               body = [StageChange])))]
#[get("/opportunities/{id}/stage-history")]
async fn list_stage_changes(
    db: Data<Db>,
    Can(can): Can<Read<Opportunity>>,
    Id(id): Id<OpportunityId>,
) -> Result<Json<Vec<StageChange>>> {
    Ok(Json(db.read(can, move |conn, ctx| history::of(conn, ctx, id)).await?))
}
