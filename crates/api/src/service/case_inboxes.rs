//! `/v1/case-inboxes`: addresses of the business by which cases come in.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::service::inbox::{self, CaseInbox, CaseInboxPatch, NewCaseInbox};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{CaseInboxId, Create, Delete, Page, Purge, Read, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_case_inboxes)
        .service(create_case_inbox)
        .service(get_case_inbox)
        .service(update_case_inbox)
        .service(delete_case_inbox)
        .service(restore_case_inbox);
}

type CaseInboxPage = Page<CaseInbox>;

/// List case inboxes
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "case-inboxes", params(ListQuery),
    responses((status = 200, description = "a page of inboxes", body = CaseInboxPage)))]
#[get("/case-inboxes")]
async fn list_case_inboxes(
    db: Data<Db>,
    Can(can): Can<Read<CaseInbox>>,
    List(listing, view): List<inbox::Table>,
) -> Result<Shown<CaseInboxPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| inbox::list(conn, ctx, &listing)).await
}

/// Create a case inbox
///
/// What is written to its address becomes a case, or is said about one, when it comes in as an e-mail message. Refused
/// where another has the address.
#[utoipa::path(tag = "case-inboxes", request_body = NewCaseInbox,
    responses((status = 201, description = "the inbox as it was made", body = CaseInbox)))]
#[post("/case-inboxes")]
async fn create_case_inbox(
    db: Data<Db>,
    Can(can): Can<Create<CaseInbox>>,
    Valid(new): Valid<NewCaseInbox>,
) -> Result<Created<CaseInbox>> {
    Ok(Created(db.change(can, move |conn, ctx| inbox::create(conn, ctx, &new)).await?))
}

/// Get a case inbox
#[utoipa::path(tag = "case-inboxes", params(("id" = CaseInboxId, Path), ViewQuery),
    responses((status = 200, description = "the inbox", body = CaseInbox)))]
#[get("/case-inboxes/{id}")]
async fn get_case_inbox(
    db: Data<Db>,
    Can(can): Can<Read<CaseInbox>>,
    Id(id): Id<CaseInboxId>,
    view: View,
) -> Result<Found<CaseInbox>> {
    view.one(&db, can, id).await
}

/// Update a case inbox
///
/// Cases that came in by it stay as they are.
#[utoipa::path(tag = "case-inboxes", params(("id" = CaseInboxId, Path)),
    request_body(content = CaseInboxPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the inbox as it is now", body = CaseInbox)))]
#[patch("/case-inboxes/{id}")]
async fn update_case_inbox(
    db: Data<Db>,
    Can(can): Can<Update<CaseInbox>>,
    Id(id): Id<CaseInboxId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<CaseInboxPatch>,
) -> Result<Found<CaseInbox>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| inbox::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a case inbox
///
/// Archived, nothing comes in by it; one that something came in by is archived, and not purged.
#[utoipa::path(tag = "case-inboxes", params(("id" = CaseInboxId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/case-inboxes/{id}")]
async fn delete_case_inbox(
    db: Data<Db>,
    Can(can): Can<Delete<CaseInbox>>,
    Id(id): Id<CaseInboxId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<CaseInbox>>().and_then(|()| inbox::purge(conn, ctx, id, base)),
        false => inbox::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived case inbox
#[utoipa::path(tag = "case-inboxes", params(("id" = CaseInboxId, Path)),
    responses((status = 200, description = "the inbox, in use again", body = CaseInbox)))]
#[post("/case-inboxes/{id}/restore")]
async fn restore_case_inbox(
    db: Data<Db>,
    Can(can): Can<Delete<CaseInbox>>,
    Id(id): Id<CaseInboxId>,
) -> Result<Found<CaseInbox>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| inbox::restore(conn, ctx, id)).await?))
}
