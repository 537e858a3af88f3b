//! `/v1/email-messages`: what people have written to the business, and the business to them.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use crate::worker;
use ::customer::email_message::{self, EmailContent, EmailMessage, EmailMessagePatch, NewEmailMessage};
use ::service::case::message::mail as case_mail;
use actix_web::web::{Data, Json};
use actix_web::{delete, get, patch, post};
use kernel::{Create, Delete, EmailMessageId, Page, Purge, Read, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_email_messages)
        .service(create_email_message)
        .service(get_email_message)
        .service(get_email_content)
        .service(update_email_message)
        .service(delete_email_message)
        .service(restore_email_message);
}

type EmailMessagePage = Page<EmailMessage>;

/// List e-mail messages
///
/// Newest first, unless `sort` says otherwise. A conversation is `?thread_id=…&sort=received_at`, what somebody has
/// written `?contact_id=…`.
#[utoipa::path(tag = "email-messages", params(ListQuery),
    responses((status = 200, description = "a page of messages", body = EmailMessagePage)))]
#[get("/email-messages")]
async fn list_email_messages(
    db: Data<Db>,
    Can(can): Can<Read<EmailMessage>>,
    List(listing, view): List<email_message::Table>,
) -> Result<Shown<EmailMessagePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| email_message::list(conn, ctx, &listing)).await
}

/// Put in an e-mail message
///
/// One that is here already, by its `Message-ID`, is refused with 409. Where they are to come in by themselves, a
/// connection for `email` takes them. What is written to a case inbox becomes a case, and what answers something that
/// was said about a case is said about that, too.
#[utoipa::path(tag = "email-messages", request_body = NewEmailMessage,
    responses((status = 201, description = "the message as it was read", body = EmailMessage)))]
#[post("/email-messages")]
async fn create_email_message(
    db: Data<Db>,
    Can(can): Can<Create<EmailMessage>>,
    Valid(new): Valid<NewEmailMessage>,
) -> Result<Created<EmailMessage>> {
    let kept = db.write(can, move |conn, ctx| {
        let kept = email_message::create(conn, ctx, &new)?;
        if let Some(raw) = email_message::raw(&new) {
            case_mail::take(conn, ctx, &raw, &kept)?;
        }
        Ok(kept)
    });
    let kept = kept.await?;
    worker::wake();
    Ok(Created(kept))
}

/// Get an e-mail message
#[utoipa::path(tag = "email-messages", params(("id" = EmailMessageId, Path), ViewQuery),
    responses((status = 200, description = "the message, without what is long", body = EmailMessage)))]
#[get("/email-messages/{id}")]
async fn get_email_message(
    db: Data<Db>,
    Can(can): Can<Read<EmailMessage>>,
    Id(id): Id<EmailMessageId>,
    view: View,
) -> Result<Found<EmailMessage>> {
    view.one(&db, can, id).await
}

/// Get what an e-mail message says
///
/// Its page is made harmless: nothing in it runs, or is fetched when somebody looks.
#[utoipa::path(tag = "email-messages", params(("id" = EmailMessageId, Path)),
    responses((status = 200, description = "text, page, recipients and what came along", body = EmailContent)))]
#[get("/email-messages/{id}/content")]
async fn get_email_content(
    db: Data<Db>,
    Can(can): Can<Read<EmailMessage>>,
    Id(id): Id<EmailMessageId>,
) -> Result<Json<EmailContent>> {
    Ok(Json(db.read(can, move |conn, ctx| email_message::content(conn, ctx, id)).await?))
}

/// Update an e-mail message
///
/// Whose it is; what it says does not change.
#[utoipa::path(tag = "email-messages", params(("id" = EmailMessageId, Path)),
    request_body(content = EmailMessagePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the message as it is now", body = EmailMessage)))]
#[patch("/email-messages/{id}")]
async fn update_email_message(
    db: Data<Db>,
    Can(can): Can<Update<EmailMessage>>,
    Id(id): Id<EmailMessageId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<EmailMessagePatch>,
) -> Result<Found<EmailMessage>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| email_message::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge an e-mail message
#[utoipa::path(tag = "email-messages", params(("id" = EmailMessageId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/email-messages/{id}")]
async fn delete_email_message(
    db: Data<Db>,
    Can(can): Can<Delete<EmailMessage>>,
    Id(id): Id<EmailMessageId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<EmailMessage>>().and_then(|()| email_message::purge(conn, ctx, id, base)),
        false => email_message::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived e-mail message
#[utoipa::path(tag = "email-messages", params(("id" = EmailMessageId, Path)),
    responses((status = 200, description = "the message, in use again", body = EmailMessage)))]
#[post("/email-messages/{id}/restore")]
async fn restore_email_message(
    db: Data<Db>,
    Can(can): Can<Delete<EmailMessage>>,
    Id(id): Id<EmailMessageId>,
) -> Result<Found<EmailMessage>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| email_message::restore(conn, ctx, id)).await?))
}
