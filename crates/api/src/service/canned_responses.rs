//! `/v1/canned-responses`: answers that are written once and given often.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, unknown_key};
use crate::routes::Routes;
use ::service::canned::{self, CannedPreview, CannedResponse, CannedResponsePatch, NewCannedResponse};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{CannedResponseId, CaseId, ContactId, Create, Delete, Page, Purge, Read, Update, Writes};
use platform::Db;
use platform::deed::ByName;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_canned_responses)
        .service(create_canned_response)
        .service(batch_canned_responses)
        .service(upsert_canned_response)
        .service(preview_canned_response)
        .service(get_canned_response)
        .service(update_canned_response)
        .service(delete_canned_response)
        .service(restore_canned_response);
}

/// For whom, and in which language.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PreviewQuery {
    /// who is answered
    contact_id: Option<ContactId>,
    /// about which case: its contact is answered, unless said otherwise
    case_id: Option<CaseId>,
    /// the contact's, or the first that there is, unless said otherwise
    #[param(max_length = 35, example = "zh-Hans")]
    locale: Option<String>,
}

type CannedResponsePage = Page<CannedResponse>;

/// List canned responses
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "canned-responses", params(ListQuery),
    responses((status = 200, description = "a page of canned responses", body = CannedResponsePage)))]
#[get("/canned-responses")]
async fn list_canned_responses(
    db: Data<Db>,
    Can(can): Can<Read<CannedResponse>>,
    List(listing, view): List<canned::Table>,
) -> Result<Shown<CannedResponsePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| canned::list(conn, ctx, &listing)).await
}

/// Create a canned response
///
/// Refused where another has the short code. Its places, such as `{{contact.given_name}}`, are those that can be filled in.
#[utoipa::path(tag = "canned-responses", request_body = NewCannedResponse,
    responses((status = 201, description = "the canned response as it was made", body = CannedResponse)))]
#[post("/canned-responses")]
async fn create_canned_response(
    db: Data<Db>,
    Can(can): Can<Create<CannedResponse>>,
    Valid(new): Valid<NewCannedResponse>,
) -> Result<Created<CannedResponse>> {
    Ok(Created(db.change(can, move |conn, ctx| canned::create(conn, ctx, &new)).await?))
}

/// Get a canned response
#[utoipa::path(tag = "canned-responses", params(("id" = CannedResponseId, Path), ViewQuery),
    responses((status = 200, description = "the canned response", body = CannedResponse)))]
#[get("/canned-responses/{id}")]
async fn get_canned_response(
    db: Data<Db>,
    Can(can): Can<Read<CannedResponse>>,
    Id(id): Id<CannedResponseId>,
    view: View,
) -> Result<Found<CannedResponse>> {
    view.one(&db, can, id).await
}

/// Preview a canned response
///
/// With its places filled in, as far as the caller sees whoever is answered. Nothing is sent.
#[utoipa::path(tag = "canned-responses", params(("id" = CannedResponseId, Path), PreviewQuery),
    responses((status = 200, description = "what it says", body = CannedPreview)))]
#[get("/canned-responses/{id}/preview")]
async fn preview_canned_response(
    db: Data<Db>,
    Can(can): Can<Read<CannedResponse>>,
    Id(id): Id<CannedResponseId>,
    Asked(query): Asked<PreviewQuery>,
) -> Result<Json<CannedPreview>> {
    let said = db.read(can, move |conn, ctx| {
        canned::preview(conn, ctx, id, (query.contact_id, query.case_id, query.locale.as_deref()))
    });
    Ok(Json(said.await?))
}

/// Update a canned response
#[utoipa::path(tag = "canned-responses", params(("id" = CannedResponseId, Path)),
    request_body(content = CannedResponsePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the canned response as it is now", body = CannedResponse)))]
#[patch("/canned-responses/{id}")]
async fn update_canned_response(
    db: Data<Db>,
    Can(can): Can<Update<CannedResponse>>,
    Id(id): Id<CannedResponseId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<CannedResponsePatch>,
) -> Result<Found<CannedResponse>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| canned::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a canned response
///
/// Archived, its short code is free.
#[utoipa::path(tag = "canned-responses", params(("id" = CannedResponseId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/canned-responses/{id}")]
async fn delete_canned_response(
    db: Data<Db>,
    Can(can): Can<Delete<CannedResponse>>,
    Id(id): Id<CannedResponseId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<CannedResponse>>().and_then(|()| canned::purge(conn, ctx, id, base)),
        false => canned::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived canned response
#[utoipa::path(tag = "canned-responses", params(("id" = CannedResponseId, Path)),
    responses((status = 200, description = "the canned response, in use again", body = CannedResponse)))]
#[post("/canned-responses/{id}/restore")]
async fn restore_canned_response(
    db: Data<Db>,
    Can(can): Can<Delete<CannedResponse>>,
    Id(id): Id<CannedResponseId>,
) -> Result<Found<CannedResponse>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| canned::restore(conn, ctx, id)).await?))
}

/// Create or update a canned response by a key
///
/// The key is `short_code`.
#[utoipa::path(tag = "canned-responses", params(KeyPath, UpsertQuery), request_body = NewCannedResponse,
    responses((status = 200, description = "the canned response as it is now", body = CannedResponse),
              (status = 201, description = "the canned response as it was made", body = CannedResponse)))]
#[put("/canned-responses/by/{key}/{value}")]
async fn upsert_canned_response(
    db: Data<Db>,
    Can(can): Can<(Create<CannedResponse>, Update<CannedResponse>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewCannedResponse, CannedResponsePatch>,
) -> Result<Put<CannedResponse>> {
    let key = key(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| canned::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many canned responses
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "canned-responses", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/canned-responses/batch")]
async fn batch_canned_responses(
    db: Data<Db>,
    Can(can): Can<Writes<CannedResponse>>,
    all: Many,
) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<CannedResponse>>()?;
                canned::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<CannedResponse>>()?;
                canned::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<CannedResponse>, Update<CannedResponse>)>()?;
                let (path, ask) = item.upsert()?;
                canned::upsert(conn, ctx, &key(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<CannedResponse>>()?;
                canned::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

fn key(path: KeyPath) -> kernel::Result<ByName> {
    match path.key.as_str() {
        "short_code" => Ok(ByName(path.value.trim().trim_start_matches('/').to_lowercase())),
        other => Err(unknown_key(other)),
    }
}
