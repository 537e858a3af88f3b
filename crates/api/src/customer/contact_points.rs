//! `/v1/contacts/{id}/contact-points`, `/v1/contact-points/{id}`: the ways to reach a contact.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid};
use crate::routes::Routes;
use ::customer::contact::Contact;
use ::customer::contact::point::{self, ContactPoint, ContactPointPatch, NewContactPoint};
use actix_web::web::{Data, Json};
use actix_web::{delete, get, patch, post};
use kernel::{ContactId, ContactPointId, Page, Read, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_all_contact_points)
        .service(list_contact_points)
        .service(add_contact_point)
        .service(get_contact_point)
        .service(update_contact_point)
        .service(remove_contact_point);
}

type ContactPointPage = Page<ContactPoint>;

/// List the ways to reach all contacts
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "contacts", params(ListQuery),
    responses((status = 200, description = "a page of them", body = ContactPointPage)))]
#[get("/contact-points")]
async fn list_all_contact_points(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    List(listing, view): List<point::Table>,
) -> Result<Shown<ContactPointPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| point::list(conn, ctx, &listing)).await
}

/// List the ways to reach a contact
#[utoipa::path(tag = "contacts", params(("id" = ContactId, Path)),
    responses((status = 200, description = "all of them, the primary ones first", body = [ContactPoint])))]
#[get("/contacts/{id}/contact-points")]
async fn list_contact_points(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    Id(id): Id<ContactId>,
) -> Result<Json<Vec<ContactPoint>>> {
    Ok(Json(db.read(can, move |conn, ctx| point::of(conn, ctx, id)).await?))
}

/// Add a way to reach a contact
#[utoipa::path(tag = "contacts", params(("id" = ContactId, Path)), request_body = NewContactPoint,
    responses((status = 201, description = "the contact point", body = ContactPoint)))]
#[post("/contacts/{id}/contact-points")]
async fn add_contact_point(
    db: Data<Db>,
    Can(can): Can<Update<Contact>>,
    Id(id): Id<ContactId>,
    Valid(new): Valid<NewContactPoint>,
) -> Result<Created<ContactPoint>> {
    Ok(Created(db.write(can, move |conn, ctx| point::add(conn, ctx, id, &new)).await?))
}

/// Get a way to reach a contact
#[utoipa::path(tag = "contacts", params(("id" = ContactPointId, Path)),
    responses((status = 200, description = "the contact point", body = ContactPoint)))]
#[get("/contact-points/{id}")]
async fn get_contact_point(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    Id(id): Id<ContactPointId>,
) -> Result<Found<ContactPoint>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| point::find(conn, ctx, id)).await?))
}

/// Update a way to reach a contact
#[utoipa::path(tag = "contacts", params(("id" = ContactPointId, Path)),
    request_body(content = ContactPointPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the contact point as it is now", body = ContactPoint)))]
#[patch("/contact-points/{id}")]
async fn update_contact_point(
    db: Data<Db>,
    Can(can): Can<Update<Contact>>,
    Id(id): Id<ContactPointId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<ContactPointPatch>,
) -> Result<Found<ContactPoint>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| point::update(conn, ctx, id, base, &patch)).await?))
}

/// Remove a way to reach a contact
///
/// With the primary e-mail address or phone number goes the contact's.
#[utoipa::path(tag = "contacts", params(("id" = ContactPointId, Path)),
    responses((status = 204, description = "removed")))]
#[delete("/contact-points/{id}")]
async fn remove_contact_point(
    db: Data<Db>,
    Can(can): Can<Update<Contact>>,
    Id(id): Id<ContactPointId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.write(can, move |conn, ctx| point::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}
