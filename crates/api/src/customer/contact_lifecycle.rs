//! `/v1/contacts/{id}/lifecycle`, `/v1/contact-lifecycle-changes`: how contacts have come on.
use crate::answer::{Result, Shown};
use crate::extract::{Can, Id, List, ListQuery};
use crate::routes::Routes;
use ::customer::contact::Contact;
use ::customer::contact::lifecycle::{self, ContactLifecycleChange};
use actix_web::get;
use actix_web::web::Data;
use kernel::{ContactId, Page, Read};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_all_contact_lifecycle_changes).service(list_contact_lifecycle_changes);
}

type ContactLifecycleChangePage = Page<ContactLifecycleChange>;

/// List how all contacts have come on
///
/// A row for the stage that each began with, and one for each that it came to. Newest first, unless `sort` says
/// otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "contacts", params(ListQuery),
    responses((status = 200, description = "a page of them", body = ContactLifecycleChangePage)))]
#[get("/contact-lifecycle-changes")]
async fn list_all_contact_lifecycle_changes(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    List(listing, view): List<lifecycle::Table>,
) -> Result<Shown<ContactLifecycleChangePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| lifecycle::list(conn, ctx, &listing)).await
}

/// List how a contact has come on
///
/// Through which stages, since when, who or what brought it there, and how long it was in the one before: the newest
/// first, unless `sort` says otherwise. Whoever changes a contact says its stage; a lead that is converted, a deal won
/// in which it takes part and an order of its own move it on by themselves, and never back. A contact that was there
/// before its steps were written down begins with the next one.
#[utoipa::path(tag = "contacts", params(("id" = ContactId, Path), ListQuery),
    responses((status = 200, description = "a page of its steps", body = ContactLifecycleChangePage)))]
#[get("/contacts/{id}/lifecycle")]
async fn list_contact_lifecycle_changes(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    Id(id): Id<ContactId>,
    List(listing, view): List<lifecycle::Table>,
) -> Result<Shown<ContactLifecycleChangePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| lifecycle::list_of(conn, ctx, id, &listing)).await
}
