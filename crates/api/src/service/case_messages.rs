//! `/v1/cases/{id}/messages`, `/v1/case-messages`: what was said about cases.
use crate::answer::{Created, Found, Result, Shown};
use crate::extract::{Can, Id, List, ListQuery, Valid};
use crate::routes::Routes;
use crate::worker;
use ::service::case::Case;
use ::service::case::message::{self, CaseMessage, NewCaseMessage};
use actix_web::web::{Data, Json};
use actix_web::{get, post};
use kernel::{CaseId, CaseMessageId, Page, Read, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_messages_of_case).service(add_case_message).service(list_case_messages).service(get_case_message);
}

type CaseMessagePage = Page<CaseMessage>;

/// List what was said about a case
///
/// The oldest first.
#[utoipa::path(tag = "case-messages", params(("id" = CaseId, Path)),
    responses((status = 200, description = "all of it", body = [CaseMessage])))]
#[get("/cases/{id}/messages")]
async fn list_messages_of_case(
    db: Data<Db>,
    Can(can): Can<Read<Case>>,
    Id(id): Id<CaseId>,
) -> Result<Json<Vec<CaseMessage>>> {
    Ok(Json(db.read(can, move |conn, ctx| message::of(conn, ctx, id)).await?))
}

/// Say something about a case
///
/// To its customer, unless it is `internal`: the first answer is when it was responded to, and begins a case that is
/// new. Where its channel is `email`, it goes out as a mail, to whoever has written last or to the contact, and an
/// answer to that comes back to the case. What a customer has said by another way is written down as theirs
/// (`author_kind`): it takes up again what waited for them or was resolved; where the case is closed, it opens another
/// that goes on from it, and `case_id` of the answer says which.
#[utoipa::path(tag = "case-messages", params(("id" = CaseId, Path)), request_body = NewCaseMessage,
    responses((status = 201, description = "the message as it was written down", body = CaseMessage)))]
#[post("/cases/{id}/messages")]
async fn add_case_message(
    db: Data<Db>,
    Can(can): Can<Update<Case>>,
    Id(id): Id<CaseId>,
    Valid(new): Valid<NewCaseMessage>,
) -> Result<Created<CaseMessage>> {
    let added = db.change(can, move |conn, ctx| message::add(conn, ctx, id, &new)).await?;
    worker::wake();
    Ok(Created(added))
}

/// List messages of all cases
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "case-messages", params(ListQuery),
    responses((status = 200, description = "a page of messages", body = CaseMessagePage)))]
#[get("/case-messages")]
async fn list_case_messages(
    db: Data<Db>,
    Can(can): Can<Read<Case>>,
    List(listing, view): List<message::Table>,
) -> Result<Shown<CaseMessagePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| message::list(conn, ctx, &listing)).await
}

/// Get a message of a case
#[utoipa::path(tag = "case-messages", params(("id" = CaseMessageId, Path)),
    responses((status = 200, description = "the message", body = CaseMessage)))]
#[get("/case-messages/{id}")]
async fn get_case_message(
    db: Data<Db>,
    Can(can): Can<Read<Case>>,
    Id(id): Id<CaseMessageId>,
) -> Result<Found<CaseMessage>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| message::find(conn, ctx, id)).await?))
}
