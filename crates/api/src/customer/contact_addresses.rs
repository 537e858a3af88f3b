//! `/v1/contacts/{id}/addresses`, `/v1/contact-addresses/{id}`: where a contact is found by post.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid};
use crate::routes::Routes;
use ::customer::address::{AddressPatch, NewAddress};
use ::customer::contact::Contact;
use ::customer::contact::address::{self, ContactAddress};
use actix_web::web::{Data, Json};
use actix_web::{delete, get, patch, post};
use kernel::{ContactAddressId, ContactId, Page, Read, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_all_contact_addresses)
        .service(list_contact_addresses)
        .service(add_contact_address)
        .service(get_contact_address)
        .service(update_contact_address)
        .service(remove_contact_address);
}

type ContactAddressPage = Page<ContactAddress>;

/// List the addresses of all contacts
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "contacts", params(ListQuery),
    responses((status = 200, description = "a page of them", body = ContactAddressPage)))]
#[get("/contact-addresses")]
async fn list_all_contact_addresses(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    List(listing, view): List<address::Table>,
) -> Result<Shown<ContactAddressPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| address::list(conn, ctx, &listing)).await
}

/// List the addresses of a contact
#[utoipa::path(tag = "contacts", params(("id" = ContactId, Path)),
    responses((status = 200, description = "all of them, the primary ones first", body = [ContactAddress])))]
#[get("/contacts/{id}/addresses")]
async fn list_contact_addresses(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    Id(id): Id<ContactId>,
) -> Result<Json<Vec<ContactAddress>>> {
    Ok(Json(db.read(can, move |conn, ctx| address::of(conn, ctx, id)).await?))
}

/// Add an address of a contact
///
/// Of each kind one may be primary: one that is takes the place of the one that was.
#[utoipa::path(tag = "contacts", params(("id" = ContactId, Path)), request_body = NewAddress,
    responses((status = 201, description = "the address", body = ContactAddress)))]
#[post("/contacts/{id}/addresses")]
async fn add_contact_address(
    db: Data<Db>,
    Can(can): Can<Update<Contact>>,
    Id(id): Id<ContactId>,
    Valid(new): Valid<NewAddress>,
) -> Result<Created<ContactAddress>> {
    Ok(Created(db.write(can, move |conn, ctx| address::add(conn, ctx, id, &new)).await?))
}

/// Get an address of a contact
#[utoipa::path(tag = "contacts", params(("id" = ContactAddressId, Path)),
    responses((status = 200, description = "the address", body = ContactAddress)))]
#[get("/contact-addresses/{id}")]
async fn get_contact_address(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    Id(id): Id<ContactAddressId>,
) -> Result<Found<ContactAddress>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| address::find(conn, ctx, id)).await?))
}

/// Update an address of a contact
///
/// If-Match asks for the version of the address.
#[utoipa::path(tag = "contacts", params(("id" = ContactAddressId, Path)),
    request_body(content = AddressPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the address as it is now", body = ContactAddress)))]
#[patch("/contact-addresses/{id}")]
async fn update_contact_address(
    db: Data<Db>,
    Can(can): Can<Update<Contact>>,
    Id(id): Id<ContactAddressId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<AddressPatch>,
) -> Result<Found<ContactAddress>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| address::update(conn, ctx, id, base, &patch)).await?))
}

/// Remove an address of a contact
///
/// If-Match asks for the version of the address.
#[utoipa::path(tag = "contacts", params(("id" = ContactAddressId, Path)),
    responses((status = 204, description = "removed")))]
#[delete("/contact-addresses/{id}")]
async fn remove_contact_address(
    db: Data<Db>,
    Can(can): Can<Update<Contact>>,
    Id(id): Id<ContactAddressId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.write(can, move |conn, ctx| address::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}
