//! `/v1/shares`: single records shown to those who would not see them else.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid};
use crate::routes::Routes;
use ::platform::Db;
use ::platform::share::{self, NewShare, Share, SharePatch};
use actix_web::web::{Data, Query};
use actix_web::{delete, get, patch, post};
use kernel::catalogue::Catalogues;
use kernel::{Myself, Page, ShareId};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_shares).service(create_share).service(get_share).service(update_share).service(delete_share);
}

type SharePage = Page<Share>;
type Nouns = Data<&'static Catalogues>;

/// Of which record; both or none.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfRecord {
    /// of which noun: with `record_id`, all of that record are listed
    #[param(example = "contact")]
    pub resource: Option<String>,
    /// which record
    #[param(value_type = Option<Uuid>)]
    pub record_id: Option<String>,
}

impl OfRecord {
    pub fn whole(&self) -> Option<(String, Uuid)> {
        Some((self.resource.clone()?, self.record_id.as_deref()?.parse().ok()?))
    }
}

/// List shares
///
/// With `resource` and `record_id` all of that record, which the caller has to see; else those with the caller, their
/// teams and queues, and those that the caller has made. Those that have run out are among them.
#[utoipa::path(tag = "shares", params(OfRecord, ListQuery),
    responses((status = 200, description = "a page of shares", body = SharePage)))]
#[get("/shares")]
async fn list_shares(
    db: Data<Db>,
    nouns: Nouns,
    Can(can): Can<Myself>,
    List(listing, view): List<share::Table>,
    of: Query<OfRecord>,
) -> Result<Shown<SharePage, Page<Value>>> {
    let nouns = **nouns;
    view.page(&db, can, move |conn, ctx| {
        let record = of.whole();
        share::list(conn, ctx, nouns, &listing, record.as_ref().map(|(resource, id)| (resource.as_str(), *id)))
    })
    .await
}

/// Share a record
///
/// With a user, or with those who are in a team. By those whose permission to share reaches the record; for `update`
/// they need to be able to update it themselves. It takes effect at once.
#[utoipa::path(tag = "shares", request_body = NewShare,
    responses((status = 201, description = "the share as it was made", body = Share)))]
#[post("/shares")]
async fn create_share(
    db: Data<Db>,
    nouns: Nouns,
    Can(can): Can<Myself>,
    Valid(new): Valid<NewShare>,
) -> Result<Created<Share>> {
    let nouns = **nouns;
    Ok(Created(db.write(can, move |conn, ctx| share::create(conn, ctx, nouns, &new)).await?))
}

/// Get a share
#[utoipa::path(tag = "shares", params(("id" = ShareId, Path)),
    responses((status = 200, description = "the share", body = Share)))]
#[get("/shares/{id}")]
async fn get_share(db: Data<Db>, nouns: Nouns, Can(can): Can<Myself>, Id(id): Id<ShareId>) -> Result<Found<Share>> {
    let nouns = **nouns;
    Ok(Found::plain(db.read(can, move |conn, ctx| share::find(conn, ctx, nouns, id)).await?))
}

/// Update a share
///
/// What it allows, or until when; by those who could make it so.
#[utoipa::path(tag = "shares", params(("id" = ShareId, Path)),
    request_body(content = SharePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the share as it is now", body = Share)))]
#[patch("/shares/{id}")]
async fn update_share(
    db: Data<Db>,
    nouns: Nouns,
    Can(can): Can<Myself>,
    Id(id): Id<ShareId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<SharePatch>,
) -> Result<Found<Share>> {
    let nouns = **nouns;
    Ok(Found::plain(db.write(can, move |conn, ctx| share::update(conn, ctx, nouns, id, base, &patch)).await?))
}

/// Take a share back
///
/// By its maker, or by those who could share the record. It takes effect at once; `deleted=only` lists what was taken
/// back.
#[utoipa::path(tag = "shares", params(("id" = ShareId, Path)),
    responses((status = 204, description = "taken back")))]
#[delete("/shares/{id}")]
async fn delete_share(
    db: Data<Db>,
    nouns: Nouns,
    Can(can): Can<Myself>,
    Id(id): Id<ShareId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    let nouns = **nouns;
    db.write(can, move |conn, ctx| share::remove(conn, ctx, nouns, id, base)).await?;
    Ok(Nothing)
}
