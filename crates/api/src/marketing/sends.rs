//! `/v1/campaigns/{id}/sends`, `/v1/sends`: what goes out to many, and `/v1/audiences/count`: how many that would be.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid};
use crate::house::House;
use crate::routes::Routes;
use ::customer::contact::Contact;
use ::marketing::campaign::Campaign;
use ::marketing::send::{self, AudienceCount, AudienceTerms, NewSend, SendPatch, SendReport, SendSchedule, Sending};
use ::marketing::suppression::Digests;
use actix_web::web::{Data, Json};
use actix_web::{delete, get, patch, post};
use kernel::{CampaignId, Page, Read, SendId, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_sends)
        .service(create_send)
        .service(get_send)
        .service(update_send)
        .service(delete_send)
        .service(schedule_send)
        .service(pause_send)
        .service(resume_send)
        .service(cancel_send)
        .service(get_send_report)
        .service(count_audience);
}

type SendPage = Page<Sending>;

/// List sends
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "sends", params(ListQuery),
    responses((status = 200, description = "a page of sends", body = SendPage)))]
#[get("/sends")]
async fn list_sends(
    db: Data<Db>,
    Can(can): Can<Read<Campaign>>,
    List(listing, view): List<send::Table>,
) -> Result<Shown<SendPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| send::list(conn, ctx, &listing)).await
}

/// Make a send of a campaign
///
/// As a draft. Nothing goes out before it is scheduled.
#[utoipa::path(tag = "sends", params(("id" = CampaignId, Path)), request_body = NewSend,
    responses((status = 201, description = "the send as it was made", body = Sending)))]
#[post("/campaigns/{id}/sends")]
async fn create_send(
    db: Data<Db>,
    Can(can): Can<Update<Campaign>>,
    Id(id): Id<CampaignId>,
    Valid(new): Valid<NewSend>,
) -> Result<Created<Sending>> {
    Ok(Created(db.write(can, move |conn, ctx| send::create(conn, ctx, id, &new)).await?))
}

/// Get a send
#[utoipa::path(tag = "sends", params(("id" = SendId, Path)),
    responses((status = 200, description = "the send", body = Sending)))]
#[get("/sends/{id}")]
async fn get_send(db: Data<Db>, Can(can): Can<Read<Campaign>>, Id(id): Id<SendId>) -> Result<Found<Sending>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| send::find(conn, ctx, id)).await?))
}

/// Update a send
///
/// A draft: what was scheduled stays as it is.
#[utoipa::path(tag = "sends", params(("id" = SendId, Path)),
    request_body(content = SendPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the send as it is now", body = Sending)))]
#[patch("/sends/{id}")]
async fn update_send(
    db: Data<Db>,
    Can(can): Can<Update<Campaign>>,
    Id(id): Id<SendId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<SendPatch>,
) -> Result<Found<Sending>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| send::update(conn, ctx, id, base, &patch)).await?))
}

/// Delete a send
///
/// A draft: what has gone out stays with its campaign.
#[utoipa::path(tag = "sends", params(("id" = SendId, Path)),
    responses((status = 204, description = "deleted")))]
#[delete("/sends/{id}")]
async fn delete_send(
    db: Data<Db>,
    Can(can): Can<Update<Campaign>>,
    Id(id): Id<SendId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.write(can, move |conn, ctx| send::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// Schedule a send
///
/// It begins at its moment, or at once, and reaches those whom the caller sees then. If-Match asks for the version
/// of the send.
#[utoipa::path(tag = "sends", params(("id" = SendId, Path)), request_body = SendSchedule,
    responses((status = 200, description = "the send as it is now", body = Sending)))]
#[post("/sends/{id}/schedule")]
async fn schedule_send(
    db: Data<Db>,
    Can(can): Can<(Update<Campaign>, Read<Contact>)>,
    Id(id): Id<SendId>,
    IfMatch(base): IfMatch,
    Valid(ask): Valid<SendSchedule>,
) -> Result<Found<Sending>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| send::schedule(conn, ctx, id, base, &ask)).await?))
}

/// Pause a send
///
/// What is on its way arrives; nothing more goes out. If-Match asks for the version of the send.
#[utoipa::path(tag = "sends", params(("id" = SendId, Path)),
    responses((status = 200, description = "the send as it is now", body = Sending)))]
#[post("/sends/{id}/pause")]
async fn pause_send(
    db: Data<Db>,
    Can(can): Can<(Update<Campaign>, Read<Contact>)>,
    Id(id): Id<SendId>,
    IfMatch(base): IfMatch,
) -> Result<Found<Sending>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| send::pause(conn, ctx, id, base)).await?))
}

/// Resume a send
///
/// One that was paused goes on where it was. If-Match asks for the version of the send.
#[utoipa::path(tag = "sends", params(("id" = SendId, Path)),
    responses((status = 200, description = "the send as it is now", body = Sending)))]
#[post("/sends/{id}/resume")]
async fn resume_send(
    db: Data<Db>,
    Can(can): Can<(Update<Campaign>, Read<Contact>)>,
    Id(id): Id<SendId>,
    IfMatch(base): IfMatch,
) -> Result<Found<Sending>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| send::resume(conn, ctx, id, base)).await?))
}

/// Cancel a send
///
/// For good: whatever waits is sent no more. If-Match asks for the version of the send.
#[utoipa::path(tag = "sends", params(("id" = SendId, Path)),
    responses((status = 200, description = "the send as it is now", body = Sending)))]
#[post("/sends/{id}/cancel")]
async fn cancel_send(
    db: Data<Db>,
    Can(can): Can<(Update<Campaign>, Read<Contact>)>,
    Id(id): Id<SendId>,
    IfMatch(base): IfMatch,
) -> Result<Found<Sending>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| send::cancel(conn, ctx, id, base)).await?))
}

/// Get what has become of a send
#[utoipa::path(tag = "sends", params(("id" = SendId, Path)),
    responses((status = 200, description = "how many of its deliveries are in which status", body = SendReport)))]
#[get("/sends/{id}/report")]
async fn get_send_report(db: Data<Db>, Can(can): Can<Read<Campaign>>, Id(id): Id<SendId>) -> Result<Json<SendReport>> {
    Ok(Json(db.read(can, move |conn, ctx| send::report(conn, ctx, id)).await?))
}

/// Count an audience
///
/// How many a send would reach of those whom the caller sees, and how many not for which reason.
#[utoipa::path(tag = "sends", request_body = AudienceTerms,
    responses((status = 200, description = "how many, by reason", body = AudienceCount)))]
#[post("/audiences/count")]
async fn count_audience(
    house: Data<House>,
    Can(can): Can<(Read<Campaign>, Read<Contact>)>,
    Valid(terms): Valid<AudienceTerms>,
) -> Result<Json<AudienceCount>> {
    let digests = Digests::new(&house.seal);
    Ok(Json(house.db.read(can, move |conn, ctx| send::count(conn, ctx, &terms, &digests)).await?))
}
