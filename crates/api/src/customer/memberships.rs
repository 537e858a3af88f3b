//! `/v1/contacts/{id}/accounts`, `/v1/memberships/{id}`: the accounts that a contact works with or for.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid};
use crate::routes::Routes;
use ::customer::contact::Contact;
use ::customer::membership::{self, Membership, MembershipPatch, NewMembership};
use actix_web::web::{Data, Json};
use actix_web::{delete, get, patch, post};
use kernel::{ContactId, MembershipId, Page, Read, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_all_memberships)
        .service(list_memberships)
        .service(add_membership)
        .service(get_membership)
        .service(update_membership)
        .service(remove_membership);
}

type MembershipPage = Page<Membership>;

/// List which contacts belong to which accounts
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "contacts", params(ListQuery),
    responses((status = 200, description = "a page of them", body = MembershipPage)))]
#[get("/memberships")]
async fn list_all_memberships(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    List(listing, view): List<membership::Table>,
) -> Result<Shown<MembershipPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| membership::list(conn, ctx, &listing)).await
}

/// List the accounts of a contact
#[utoipa::path(tag = "contacts", params(("id" = ContactId, Path)),
    responses((status = 200, description = "all of them, the primary one first", body = [Membership])))]
#[get("/contacts/{id}/accounts")]
async fn list_memberships(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    Id(id): Id<ContactId>,
) -> Result<Json<Vec<Membership>>> {
    Ok(Json(db.read(can, move |conn, ctx| membership::of_contact(conn, ctx, id)).await?))
}

/// Put a contact to an account
///
/// Where it belongs there already, this says how.
#[utoipa::path(tag = "contacts", params(("id" = ContactId, Path)), request_body = NewMembership,
    responses((status = 201, description = "the membership", body = Membership)))]
#[post("/contacts/{id}/accounts")]
async fn add_membership(
    db: Data<Db>,
    Can(can): Can<Update<Contact>>,
    Id(id): Id<ContactId>,
    Valid(new): Valid<NewMembership>,
) -> Result<Created<Membership>> {
    Ok(Created(db.write(can, move |conn, ctx| membership::add(conn, ctx, id, &new)).await?))
}

/// Get how a contact belongs to an account
#[utoipa::path(tag = "contacts", params(("id" = MembershipId, Path)),
    responses((status = 200, description = "the membership", body = Membership)))]
#[get("/memberships/{id}")]
async fn get_membership(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    Id(id): Id<MembershipId>,
) -> Result<Found<Membership>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| membership::find(conn, ctx, id)).await?))
}

/// Change how a contact belongs to an account
#[utoipa::path(tag = "contacts", params(("id" = MembershipId, Path)),
    request_body(content = MembershipPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the membership as it is now", body = Membership)))]
#[patch("/memberships/{id}")]
async fn update_membership(
    db: Data<Db>,
    Can(can): Can<Update<Contact>>,
    Id(id): Id<MembershipId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<MembershipPatch>,
) -> Result<Found<Membership>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| membership::update(conn, ctx, id, base, &patch)).await?))
}

/// Take a contact from an account
#[utoipa::path(tag = "contacts", params(("id" = MembershipId, Path)),
    responses((status = 204, description = "it belongs there no longer")))]
#[delete("/memberships/{id}")]
async fn remove_membership(
    db: Data<Db>,
    Can(can): Can<Update<Contact>>,
    Id(id): Id<MembershipId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.write(can, move |conn, ctx| membership::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}
