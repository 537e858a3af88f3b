//! `/v1/contact-points/{id}/verifications`: whether somebody reads what is sent there.
use crate::answer::Result;
use crate::extract::{Can, Id, Valid};
use crate::house::House;
use crate::routes::Routes;
use crate::worker;
use ::customer::contact::Contact;
use ::customer::verification::{
    self, NewVerification, VerificationCode, VerificationResult, VerificationSent, VerificationStatus, Ways,
};
use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use kernel::{ContactPointId, Read, Update};
use platform::Db;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_contact_point_verifications).service(verify_contact_point).service(confirm_contact_point);
}

/// List the verifications of a way to reach a contact
///
/// Those of the last day or two, the newest first, with what became of each.
#[utoipa::path(tag = "contacts", params(("id" = ContactPointId, Path)),
    responses((status = 200, description = "what became of each", body = [VerificationStatus])))]
#[get("/contact-points/{id}/verifications")]
async fn list_contact_point_verifications(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    Id(id): Id<ContactPointId>,
) -> Result<Json<Vec<VerificationStatus>>> {
    Ok(Json(db.read(can, move |conn, ctx| verification::of_point(conn, ctx, id)).await?))
}

/// Verify a way to reach a contact
///
/// To an e-mail address goes a letter with a code of six digits, good for ten minutes, or with a link, good for a day; to
/// a phone number a text message with a code. One a minute goes to an address or a number, and five a day. It is sent after
/// the answer: `GET` tells what became of it.
#[utoipa::path(tag = "contacts", params(("id" = ContactPointId, Path)), request_body = NewVerification,
    responses((status = 202, description = "it is on its way", body = VerificationSent)))]
#[post("/contact-points/{id}/verifications")]
async fn verify_contact_point(
    house: Data<House>,
    Can(can): Can<Update<Contact>>,
    Id(id): Id<ContactPointId>,
    Valid(new): Valid<NewVerification>,
) -> Result<HttpResponse> {
    let ways = Ways { letters: house.mail.is_configured(), texts: house.sms.is_configured() };
    let sent = house.db.write(can, move |conn, ctx| verification::ask(conn, ctx, id, &new, ways)).await?;
    worker::wake();
    Ok(HttpResponse::Accepted().json(sent))
}

/// Confirm a way to reach a contact
///
/// By the code that somebody tells. Five tries, then another has to be sent; a wrong code is answered like one that was
/// never sent.
#[utoipa::path(tag = "contacts", params(("id" = ContactPointId, Path)), request_body = VerificationCode,
    responses((status = 200, description = "whether it was the code", body = VerificationResult)))]
#[post("/contact-points/{id}/verifications/confirm")]
async fn confirm_contact_point(
    house: Data<House>,
    Can(can): Can<Update<Contact>>,
    Id(id): Id<ContactPointId>,
    Valid(said): Valid<VerificationCode>,
) -> Result<Json<VerificationResult>> {
    let seal = house.seal.clone();
    let done = house.db.write(can, move |conn, ctx| verification::confirm_code(conn, ctx, id, &said.code, &seal));
    Ok(Json(VerificationResult { is_verified: done.await? }))
}
