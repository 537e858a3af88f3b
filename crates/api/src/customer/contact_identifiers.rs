//! `/v1/contacts/{id}/identifiers`, `/v1/contact-identifiers/{id}`: the numbers that a contact is known by.
use crate::answer::{Created, Found, Nothing, Result, Secret};
use crate::extract::{Asked, Can, CreateQuery, Id, IfMatch, Valid};
use crate::routes::Routes;
use ::customer::contact::Contact;
use ::customer::contact::identifier::{self, ContactIdentifier};
use ::customer::identifier::{IdentifierPatch, IdentifierQuery, NewIdentifier, Revealed};
use actix_web::web::{Data, Json};
use actix_web::{delete, get, patch, post};
use kernel::{ContactId, ContactIdentifierId, Read, Reveal, Update};
use platform::deed::Duplicates;
use platform::{Db, Vault};

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_contact_identifiers)
        .service(add_contact_identifier)
        .service(find_contacts_by_identifier)
        .service(get_contact_identifier)
        .service(update_contact_identifier)
        .service(remove_contact_identifier)
        .service(reveal_contact_identifier);
}

/// List the identifiers of a contact
///
/// By their kinds and the ends of their numbers; the numbers are sealed.
#[utoipa::path(tag = "contacts", params(("id" = ContactId, Path)),
    responses((status = 200, description = "all of them", body = [ContactIdentifier])))]
#[get("/contacts/{id}/identifiers")]
async fn list_contact_identifiers(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    Id(id): Id<ContactId>,
) -> Result<Json<Vec<ContactIdentifier>>> {
    Ok(Json(db.read(can, move |conn, ctx| identifier::of(conn, ctx, id)).await?))
}

/// Add an identifier of a contact
///
/// Where another contact has the same number it is refused with who has it, unless `duplicates=allow`.
#[utoipa::path(tag = "contacts", params(("id" = ContactId, Path), CreateQuery), request_body = NewIdentifier,
    responses((status = 201, description = "the identifier", body = ContactIdentifier)))]
#[post("/contacts/{id}/identifiers")]
async fn add_contact_identifier(
    db: Data<Db>,
    vault: Data<Vault>,
    Can(can): Can<Update<Contact>>,
    Id(id): Id<ContactId>,
    Asked(query): Asked<CreateQuery>,
    Valid(new): Valid<NewIdentifier>,
) -> Result<Created<ContactIdentifier>> {
    let allowed = Duplicates::from(query);
    let added = db.write(can, move |conn, ctx| identifier::add(conn, ctx, &vault, id, &new, allowed));
    Ok(Created(added.await?))
}

/// Find contacts by an identifier
///
/// Those that the caller sees. The number stands in the body, so that it is in no log of addresses.
#[utoipa::path(tag = "contacts", request_body = IdentifierQuery,
    responses((status = 200, description = "the contacts that have it", body = [Contact])))]
#[post("/contact-identifiers/find")]
async fn find_contacts_by_identifier(
    db: Data<Db>,
    vault: Data<Vault>,
    Can(can): Can<Read<Contact>>,
    Valid(ask): Valid<IdentifierQuery>,
) -> Result<Json<Vec<Contact>>> {
    Ok(Json(db.read(can, move |conn, ctx| identifier::holders(conn, ctx, &vault, &ask)).await?))
}

/// Get an identifier of a contact
#[utoipa::path(tag = "contacts", params(("id" = ContactIdentifierId, Path)),
    responses((status = 200, description = "the identifier", body = ContactIdentifier)))]
#[get("/contact-identifiers/{id}")]
async fn get_contact_identifier(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    Id(id): Id<ContactIdentifierId>,
) -> Result<Found<ContactIdentifier>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| identifier::find(conn, ctx, id)).await?))
}

/// Update an identifier of a contact
#[utoipa::path(tag = "contacts", params(("id" = ContactIdentifierId, Path)),
    request_body(content = IdentifierPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the identifier as it is now", body = ContactIdentifier)))]
#[patch("/contact-identifiers/{id}")]
async fn update_contact_identifier(
    db: Data<Db>,
    Can(can): Can<Update<Contact>>,
    Id(id): Id<ContactIdentifierId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<IdentifierPatch>,
) -> Result<Found<ContactIdentifier>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| identifier::update(conn, ctx, id, base, &patch)).await?))
}

/// Remove an identifier of a contact
#[utoipa::path(tag = "contacts", params(("id" = ContactIdentifierId, Path)),
    responses((status = 204, description = "removed")))]
#[delete("/contact-identifiers/{id}")]
async fn remove_contact_identifier(
    db: Data<Db>,
    Can(can): Can<Update<Contact>>,
    Id(id): Id<ContactIdentifierId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.write(can, move |conn, ctx| identifier::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// Reveal an identifier of a contact
///
/// The number itself, for those who may `reveal` the contact; who has seen it is written down.
#[utoipa::path(tag = "contacts", params(("id" = ContactIdentifierId, Path)),
    responses((status = 200, description = "the number", body = Revealed)))]
#[post("/contact-identifiers/{id}/reveal")]
async fn reveal_contact_identifier(
    db: Data<Db>,
    vault: Data<Vault>,
    Can(can): Can<Reveal<Contact>>,
    Id(id): Id<ContactIdentifierId>,
) -> Result<Secret<Json<Revealed>>> {
    Ok(Secret(Json(db.write(can, move |conn, ctx| identifier::reveal(conn, ctx, &vault, id)).await?)))
}
