//! `/v1/metadata/objects/{object}/fields`: the fields of the tenant's own.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid};
use crate::house::House;
use crate::routes::Routes;
use crate::worker;
use ::platform::Db;
use ::platform::custom::field::{self, FieldDef, FieldDefPatch, NewFieldDef};
use actix_web::http::header::{HeaderValue, LOCATION};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, Responder, delete, get, patch, post};
use kernel::{Create, Delete, FieldDefId, Page, Read, Update};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_field_defs)
        .service(create_field_def)
        .service(get_field_def)
        .service(update_field_def)
        .service(delete_field_def)
        .service(restore_field_def);
}

type FieldDefPage = Page<FieldDef>;

/// Of which noun.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct OfObject {
    /// a noun whose records have fields of the tenant's own, such as `account`
    #[param(example = "account")]
    pub object: String,
}

/// List the tenant's own fields
///
/// Of one noun, newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "metadata", params(OfObject, ListQuery),
    responses((status = 200, description = "a page of fields", body = FieldDefPage)))]
#[get("/metadata/objects/{object}/fields")]
async fn list_field_defs(
    house: Data<House>,
    Can(can): Can<Read<FieldDef>>,
    of: Path<OfObject>,
    List(listing, view): List<field::Table>,
) -> Result<Shown<FieldDefPage, Page<Value>>> {
    let (all, object) = (house.catalogues, of.into_inner().object);
    all.get(&object).filter(|noun| noun.custom.is_some()).ok_or(kernel::error::NOT_FOUND)?;
    view.page(&house.db, can, move |conn, ctx| field::list(conn, ctx, &object, &listing)).await
}

/// Add a field of the tenant's own
///
/// At once it is in records, filters, sorts, searches, files, permissions and the document. What it demands is demanded
/// of whatever is written from now on; records that are there already may lack it.
#[utoipa::path(tag = "metadata", params(OfObject), request_body = NewFieldDef,
    responses((status = 201, description = "the field as it was made", body = FieldDef,
               headers(("Location" = String, description = "where it is")))))]
#[post("/metadata/objects/{object}/fields")]
async fn create_field_def(
    req: HttpRequest,
    house: Data<House>,
    Can(can): Can<Create<FieldDef>>,
    of: Path<OfObject>,
    Valid(new): Valid<NewFieldDef>,
) -> Result<HttpResponse> {
    let (all, object) = (house.catalogues, of.into_inner().object);
    let made = house.db.change(can, move |conn, ctx| field::create(conn, ctx, all, &object, &new)).await?;
    worker::wake();
    let place = format!("{}/{}", req.path().trim_end_matches('/'), made.id);
    let mut answer = Created(made).respond_to(&req);
    if let Ok(place) = HeaderValue::from_str(&place) {
        answer.headers_mut().insert(LOCATION, place);
    }
    Ok(answer)
}

/// Get a field of the tenant's own
#[utoipa::path(tag = "metadata", params(OfObject, ("id" = FieldDefId, Path)),
    responses((status = 200, description = "the field", body = FieldDef)))]
#[get("/metadata/objects/{object}/fields/{id}")]
async fn get_field_def(
    db: Data<Db>,
    Can(can): Can<Read<FieldDef>>,
    of: Path<Named>,
    Id(id): Id<FieldDefId>,
) -> Result<Found<FieldDef>> {
    let object = of.into_inner().object;
    Ok(Found::plain(db.read(can, move |conn, ctx| field::find(conn, ctx, &object, id)).await?))
}

/// The object of a path that goes on.
#[derive(Debug, Deserialize)]
struct Named {
    object: String,
}

/// Update a field of the tenant's own
///
/// Its key stays. Its type changes while no record has a value of it, or to a wider one: `int` to `decimal`; `option`,
/// `email`, `phone` and `url` to `text`.
#[utoipa::path(tag = "metadata", params(OfObject, ("id" = FieldDefId, Path)),
    request_body(content = FieldDefPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the field as it is now", body = FieldDef)))]
#[patch("/metadata/objects/{object}/fields/{id}")]
async fn update_field_def(
    house: Data<House>,
    Can(can): Can<Update<FieldDef>>,
    of: Path<Named>,
    Id(id): Id<FieldDefId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<FieldDefPatch>,
) -> Result<Found<FieldDef>> {
    let (all, object) = (house.catalogues, of.into_inner().object);
    let done = house.db.change(can, move |conn, ctx| field::update(conn, ctx, all, &object, id, base, &patch)).await?;
    worker::wake();
    Ok(Found::plain(done))
}

/// Archive a field of the tenant's own
///
/// It is in no record any more; its values stay, for the case that it is restored.
#[utoipa::path(tag = "metadata", params(OfObject, ("id" = FieldDefId, Path)),
    responses((status = 204, description = "archived")))]
#[delete("/metadata/objects/{object}/fields/{id}")]
async fn delete_field_def(
    house: Data<House>,
    Can(can): Can<Delete<FieldDef>>,
    of: Path<Named>,
    Id(id): Id<FieldDefId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    let (all, object) = (house.catalogues, of.into_inner().object);
    house.db.change(can, move |conn, ctx| field::archive(conn, ctx, all, &object, id, base)).await?;
    worker::wake();
    Ok(Nothing)
}

/// Restore an archived field of the tenant's own
#[utoipa::path(tag = "metadata", params(OfObject, ("id" = FieldDefId, Path)),
    responses((status = 200, description = "the field, in use again", body = FieldDef)))]
#[post("/metadata/objects/{object}/fields/{id}/restore")]
async fn restore_field_def(
    house: Data<House>,
    Can(can): Can<Delete<FieldDef>>,
    of: Path<Named>,
    Id(id): Id<FieldDefId>,
) -> Result<Found<FieldDef>> {
    let (all, object) = (house.catalogues, of.into_inner().object);
    let done = house.db.change(can, move |conn, ctx| field::restore(conn, ctx, all, &object, id)).await?;
    worker::wake();
    Ok(Found::plain(done))
}
