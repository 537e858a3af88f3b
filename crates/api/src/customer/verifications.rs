//! `/v1/contact-points/{id}/verifications`: whether somebody reads what is sent there.
use crate::answer::Result;
use crate::extract::{Can, Id, Valid};
use crate::house::House;
use crate::routes::Routes;
use crate::worker;
use ::customer::contact::Contact;
use ::customer::verification::{self, NewVerification, VerificationCode, VerificationResult, VerificationSent};
use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, post};
use kernel::{ContactPointId, Update};
use platform::mail::NOT_CONFIGURED;

pub fn routes(cfg: &mut Routes) {
    cfg.service(verify_contact_point).service(confirm_contact_point);
}

/// Verify a way to reach a contact
///
/// Sends a letter with a code of six digits, good for ten minutes, or with a link, good for a day. One letter a minute
/// goes to an address, and five a day. There is no provider for numbers yet.
#[utoipa::path(tag = "contacts", params(("id" = ContactPointId, Path)), request_body = NewVerification,
    responses((status = 202, description = "a letter is on its way", body = VerificationSent)))]
#[post("/contact-points/{id}/verifications")]
async fn verify_contact_point(
    house: Data<House>,
    Can(can): Can<Update<Contact>>,
    Id(id): Id<ContactPointId>,
    Valid(new): Valid<NewVerification>,
) -> Result<HttpResponse> {
    let is_configured = house.mail.is_configured();
    let sent = house.db.write(can, move |conn, ctx| {
        let sent = verification::ask(conn, ctx, id, &new)?;
        if is_configured { Ok(sent) } else { Err(NOT_CONFIGURED.into()) }
    });
    let sent = sent.await?;
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
