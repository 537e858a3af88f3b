//! `/v1/contacts`: the people the business speaks to.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, CreateQuery, DeleteQuery, Id, IfMatch, Likeness, List, ListQuery, UpsertQuery, Upserting, Valid, View,
    ViewQuery,
};
use crate::key::{self, KeyPath, external, unknown_key};
use crate::routes::Routes;
use ::customer::contact::{self, Contact, ContactPatch, Key, NewContact};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{ContactId, Create, Delete, Existing, Page, Purge, Read, Region, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_contacts)
        .service(create_contact)
        .service(batch_contacts)
        .service(find_duplicate_contacts)
        .service(upsert_contact)
        .service(get_contact)
        .service(update_contact)
        .service(delete_contact)
        .service(restore_contact);
}

type ContactPage = Page<Contact>;

/// List contacts
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "contacts", params(ListQuery),
    responses((status = 200, description = "a page of contacts", body = ContactPage)))]
#[get("/contacts")]
async fn list_contacts(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    List(listing, view): List<contact::Table>,
) -> Result<Shown<ContactPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| contact::list(conn, ctx, &listing)).await
}

/// Create a contact
///
/// A probable duplicate is refused with its candidates, unless `duplicates=allow`.
#[utoipa::path(tag = "contacts", params(CreateQuery), request_body = NewContact,
    responses((status = 201, description = "the contact as it was made", body = Contact)))]
#[post("/contacts")]
async fn create_contact(
    db: Data<Db>,
    Can(can): Can<Create<Contact>>,
    Asked(query): Asked<CreateQuery>,
    Valid(new): Valid<NewContact>,
) -> Result<Created<Contact>> {
    Ok(Created(db.change(can, move |conn, ctx| contact::create(conn, ctx, &new, query.into())).await?))
}

/// Get a contact
#[utoipa::path(tag = "contacts", params(("id" = ContactId, Path), ViewQuery),
    responses((status = 200, description = "the contact", body = Contact)))]
#[get("/contacts/{id}")]
async fn get_contact(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    Id(id): Id<ContactId>,
    view: View,
) -> Result<Found<Contact>> {
    view.one(&db, can, id).await
}

/// Update a contact
#[utoipa::path(tag = "contacts", params(("id" = ContactId, Path)),
    request_body(content = ContactPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the contact as it is now", body = Contact)))]
#[patch("/contacts/{id}")]
async fn update_contact(
    db: Data<Db>,
    Can(can): Can<Update<Contact>>,
    Id(id): Id<ContactId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<ContactPatch>,
) -> Result<Found<Contact>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| contact::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a contact
#[utoipa::path(tag = "contacts", params(("id" = ContactId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/contacts/{id}")]
async fn delete_contact(
    db: Data<Db>,
    Can(can): Can<Delete<Contact>>,
    Id(id): Id<ContactId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Contact>>().and_then(|()| contact::purge(conn, ctx, id, base)),
        false => contact::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived contact
#[utoipa::path(tag = "contacts", params(("id" = ContactId, Path)),
    responses((status = 200, description = "the contact, in use again", body = Contact)))]
#[post("/contacts/{id}/restore")]
async fn restore_contact(
    db: Data<Db>,
    Can(can): Can<Delete<Contact>>,
    Id(id): Id<ContactId>,
) -> Result<Found<Contact>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| contact::restore(conn, ctx, id)).await?))
}

/// Create or update a contact by a key
///
/// The key is `email`, `phone` or `ext:{source_system}`. More than one match is answered with 409 and the candidates.
#[utoipa::path(tag = "contacts", params(KeyPath, UpsertQuery), request_body = NewContact,
    responses((status = 200, description = "the contact as it is now", body = Contact),
              (status = 201, description = "the contact as it was made", body = Contact)))]
#[put("/contacts/by/{key}/{value}")]
async fn upsert_contact(
    db: Data<Db>,
    Can(can): Can<(Create<Contact>, Update<Contact>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewContact, ContactPatch>,
) -> Result<Put<Contact>> {
    let key = key(path.into_inner(), can.ctx().grants.phone_region())?;
    Ok(Put(db.write(can, move |conn, ctx| contact::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many contacts
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order. A new one that is probably a
/// duplicate is a 409 with its candidates, unless `duplicates=allow`.
#[utoipa::path(tag = "contacts", params(CreateQuery), request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/contacts/batch")]
async fn batch_contacts(
    db: Data<Db>,
    Can(can): Can<Writes<Contact>>,
    Asked(query): Asked<CreateQuery>,
    all: Many,
) -> Result<BatchResults> {
    let duplicates = query.into();
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Contact>>()?;
                contact::create(conn, ctx, &item.read()?, duplicates).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Contact>>()?;
                contact::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Contact>, Update<Contact>)>()?;
                let (path, ask) = item.upsert()?;
                contact::upsert(conn, ctx, &key(path, ctx.grants.phone_region())?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Contact>>()?;
                contact::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// Find contacts that a new one probably is
#[utoipa::path(tag = "contacts", request_body = NewContact,
    responses((status = 200, description = "the candidates, the likeliest first", body = [Existing])))]
#[post("/contacts/duplicates")]
async fn find_duplicate_contacts(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    Likeness(new): Likeness<NewContact>,
) -> Result<Json<Vec<Existing>>> {
    Ok(Json(db.read(can, move |conn, ctx| contact::duplicates(conn, ctx, &new)).await?))
}

fn key(path: KeyPath, region: Option<Region>) -> kernel::Result<Key> {
    Ok(match path.key.as_str() {
        "email" => Key::Email(path.value.trim().to_lowercase()),
        "phone" => Key::Phone(key::phone(path.value, region)),
        other => {
            let source_system = external(other).ok_or_else(|| unknown_key(other))?;
            Key::External { source_system, external_id: path.value }
        }
    })
}
