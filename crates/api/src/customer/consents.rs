//! `/v1/consents`, `/v1/contacts/{id}/consents`: what people have agreed to, word by word, and what holds of it now.
use crate::answer::{Created, Found, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{Can, Id, List, ListQuery, Valid};
use crate::routes::Routes;
use ::customer::consent::effective::EffectiveConsent;
use ::customer::consent::{self, Consent, NewConsent, STANDS};
use ::customer::contact::Contact;
use actix_web::web::{Data, Json};
use actix_web::{get, post};
use kernel::{ConsentId, ContactId, Page, Read, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_consents)
        .service(create_consent)
        .service(batch_consents)
        .service(get_consent)
        .service(list_contact_consents)
        .service(list_effective_consents);
}

type ConsentPage = Page<Consent>;

/// List what people have said about being reached
///
/// The ledger of all contacts that the caller sees. Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "consents", params(ListQuery),
    responses((status = 200, description = "a page of it", body = ConsentPage)))]
#[get("/consents")]
async fn list_consents(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    List(listing, view): List<consent::Table>,
) -> Result<Shown<ConsentPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| consent::list(conn, ctx, &listing)).await
}

/// Write down what somebody has said
///
/// A yes, a no, or that it was taken back: the newest word holds, by `occurred_at`, and none is ever changed. Where the
/// tenant has an option set `consent_purposes`, the purpose is one of its options.
#[utoipa::path(tag = "consents", request_body = NewConsent,
    responses((status = 201, description = "the word as it was written down", body = Consent)))]
#[post("/consents")]
async fn create_consent(
    db: Data<Db>,
    Can(can): Can<Update<Contact>>,
    Valid(new): Valid<NewConsent>,
) -> Result<Created<Consent>> {
    Ok(Created(db.write(can, move |conn, ctx| consent::record(conn, ctx, &new)).await?))
}

/// Write down what many have said
///
/// Up to 1,000 words, answered one by one in their order. They can be created and nothing else.
#[utoipa::path(tag = "consents", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/consents/batch")]
async fn batch_consents(db: Data<Db>, Can(can): Can<Update<Contact>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => consent::record(conn, ctx, &item.read()?).map(Done::Made),
            // what is wrong with it is told first
            BatchOp::Update => item.read::<NewConsent>().and(Err(STANDS.into())),
            BatchOp::Upsert => Err(batch::no_upsert()),
            BatchOp::Delete => Err(STANDS.into()),
        })
    });
    Ok(done.await?)
}

/// Get what somebody has said
#[utoipa::path(tag = "consents", params(("id" = ConsentId, Path)),
    responses((status = 200, description = "the word", body = Consent)))]
#[get("/consents/{id}")]
async fn get_consent(db: Data<Db>, Can(can): Can<Read<Contact>>, Id(id): Id<ConsentId>) -> Result<Found<Consent>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| consent::find(conn, ctx, id)).await?))
}

/// List what a contact has said
#[utoipa::path(tag = "consents", params(("id" = ContactId, Path)),
    responses((status = 200, description = "the newest word first; at most 200", body = [Consent])))]
#[get("/contacts/{id}/consents")]
async fn list_contact_consents(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    Id(id): Id<ContactId>,
) -> Result<Json<Vec<Consent>>> {
    Ok(Json(db.read(can, move |conn, ctx| consent::of_contact(conn, ctx, id)).await?))
}

/// List what holds of a contact
///
/// Of each purpose and channel the word that decides at this moment. `contacts?filter=consents.exists(c, c.purpose ==
/// "newsletter" && c.channel == "email" && c.status == "granted")` finds by it.
#[utoipa::path(tag = "consents", params(("id" = ContactId, Path)),
    responses((status = 200, description = "by purpose and channel", body = [EffectiveConsent])))]
#[get("/contacts/{id}/consents/effective")]
async fn list_effective_consents(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    Id(id): Id<ContactId>,
) -> Result<Json<Vec<EffectiveConsent>>> {
    Ok(Json(db.read(can, move |conn, ctx| consent::effective_of(conn, ctx, id)).await?))
}
