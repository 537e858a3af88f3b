//! `/u/{token}`, `/p/{token}`, `/c/{token}`, `/o/{token}`: the open doors of mails, for whoever got one. The token says
//! which delivery it is of and what may be done with it. A program that looks at links before their reader does unsubscribes
//! nobody: only a POST does (RFC 8058), and what a GET shows is a page that asks.
use crate::answer::Result;
use crate::extract::{Address, Valid, request_id};
use crate::house::House;
use crate::language::{self, texts};
use crate::routes::Routes;
use ::customer::contact::Contact;
use ::marketing::campaign::Campaign;
use ::marketing::delivery::token::{Opened, Use};
use ::marketing::open::{self, MailPreferences, MailPreferencesChange, Place};
use ::marketing::suppression::Digests;
use actix_web::http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY, USER_AGENT};
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use kernel::{Ctx, Permit, Read, Text, Update, clock, text};
use std::net::IpAddr;

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_unsubscription)
        .service(confirm_unsubscription)
        .service(follow_mail_link)
        .service(get_mail_pixel)
        .service(get_mail_preferences)
        .service(update_mail_preferences);
}

/// A picture of one point that shows nothing.
const PIXEL: &[u8] = &[
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x01, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
    0x21, 0xf9, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x2c, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0x02,
    0x02, 0x44, 0x01, 0x00, 0x3b,
];

type Reader = (Update<Campaign>, (Read<Contact>, Update<Contact>));

/// Ask whether to unsubscribe
///
/// A page with one button, which unsubscribes. Whoever only looks at the link changes nothing.
#[utoipa::path(tag = "sends", params(("token" = String, Path, description = "what stands in the link of the mail")),
    responses((status = 200, description = "the page", content((String = "text/html"))),
              (status = 404, description = "the link is not good")))]
#[get("/u/{token}")]
async fn get_unsubscription(req: HttpRequest, house: Data<House>, token: Path<String>) -> Result<HttpResponse> {
    reader(&req, &house, Use::Unsubscribe, &token).await?;
    let ask = text!("Do you want to get no more of these mails?");
    let button = text!("Unsubscribe");
    Ok(page(&req, &ask, Some(&button)))
}

/// Unsubscribe
///
/// With one click, from a mail program or from the page: nothing of the purpose goes to the address any more. Said twice,
/// it comes to the same.
#[utoipa::path(tag = "sends", params(("token" = String, Path, description = "what stands in the link of the mail")),
    responses((status = 200, description = "a page that says so", content((String = "text/html"))),
              (status = 404, description = "the link is not good")))]
#[post("/u/{token}")]
async fn confirm_unsubscription(
    req: HttpRequest,
    house: Data<House>,
    Address(address): Address,
    token: Path<String>,
) -> Result<HttpResponse> {
    let (ctx, opened) = reader(&req, &house, Use::Unsubscribe, &token).await?;
    let (can, digests, from) = (Permit::<Reader>::check(ctx)?, Digests::new(&house.seal), place(&req, address));
    house.db.write(can, move |conn, ctx| open::unsubscribe(conn, ctx, &opened, &digests, &from)).await?;
    Ok(page(&req, &text!("You will get no more of these mails."), None))
}

/// Follow a link of a mail
///
/// To the page that stood in the mail, and to no other.
#[utoipa::path(tag = "sends", params(("token" = String, Path, description = "what stands in the link of the mail")),
    responses((status = 302, description = "to the page", headers(("location" = String, description = "the page"))),
              (status = 404, description = "the link is not good")))]
#[get("/c/{token}")]
async fn follow_mail_link(req: HttpRequest, house: Data<House>, token: Path<String>) -> Result<HttpResponse> {
    let (ctx, opened) = reader(&req, &house, Use::Click, &token).await?;
    let can = Permit::<Reader>::check(ctx)?;
    let url = house.db.write(can, move |conn, ctx| open::click(conn, ctx, &opened)).await?;
    let mut answer = HttpResponse::Found();
    answer.insert_header((LOCATION, url)).insert_header((CACHE_CONTROL, "no-store"));
    Ok(answer.insert_header((REFERRER_POLICY, "no-referrer")).finish())
}

/// Get the picture of a mail
///
/// Of one point; that it was fetched says that the mail was opened.
#[utoipa::path(tag = "sends", params(("token" = String, Path, description = "what stands in the link of the mail")),
    responses((status = 200, description = "the picture", content((String = "image/gif"))),
              (status = 404, description = "the link is not good")))]
#[get("/o/{token}")]
async fn get_mail_pixel(req: HttpRequest, house: Data<House>, token: Path<String>) -> Result<HttpResponse> {
    let (ctx, opened) = reader(&req, &house, Use::Open, &token).await?;
    let can = Permit::<Reader>::check(ctx)?;
    house.db.write(can, move |conn, ctx| open::seen(conn, ctx, &opened)).await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).content_type("image/gif").body(PIXEL))
}

/// Get what the reader of a mail wants
///
/// Each purpose and each way that they were asked about, and whether they said yes.
#[utoipa::path(tag = "sends", params(("token" = String, Path, description = "what stands in the link of the mail")),
    responses((status = 200, description = "what they want", body = MailPreferences),
              (status = 404, description = "the link is not good")))]
#[get("/p/{token}")]
async fn get_mail_preferences(
    req: HttpRequest,
    house: Data<House>,
    token: Path<String>,
) -> Result<Json<MailPreferences>> {
    let (ctx, opened) = reader(&req, &house, Use::Preferences, &token).await?;
    let can = Permit::<Read<Contact>>::check(ctx)?;
    Ok(Json(house.db.read(can, move |conn, ctx| open::preferences(conn, ctx, &opened)).await?))
}

/// Say what the reader of a mail wants
///
/// What they do not name stays. A no keeps their address from mails of the purpose; a yes lifts what they had unsubscribed
/// from.
#[utoipa::path(tag = "sends", params(("token" = String, Path, description = "what stands in the link of the mail")),
    request_body = MailPreferencesChange,
    responses((status = 200, description = "what they want now", body = MailPreferences),
              (status = 404, description = "the link is not good")))]
#[post("/p/{token}")]
async fn update_mail_preferences(
    req: HttpRequest,
    house: Data<House>,
    Address(address): Address,
    token: Path<String>,
    Valid(change): Valid<MailPreferencesChange>,
) -> Result<Json<MailPreferences>> {
    let (ctx, opened) = reader(&req, &house, Use::Preferences, &token).await?;
    let (can, digests, from) = (Permit::<Reader>::check(ctx)?, Digests::new(&house.seal), place(&req, address));
    let done = house.db.write(can, move |conn, ctx| open::prefer(conn, ctx, &opened, &change, &digests, &from));
    Ok(Json(done.await?))
}

/// Whoever has the link.
async fn reader(req: &HttpRequest, house: &House, what: Use, token: &str) -> kernel::Result<(Ctx, Opened)> {
    let (seal, token) = (house.seal.clone(), token.to_owned());
    let (opened, sender) = house.db.unpermitted(move |conn| open::whose(conn, &seal, what, &token)).await?;
    Ok((Ctx { request: request_id(req), ..open::reader(&opened, sender, clock::now()) }, opened))
}

fn place(req: &HttpRequest, address: IpAddr) -> Place {
    let program = req.headers().get(USER_AGENT).and_then(|text| text.to_str().ok());
    Place { address: Some(address.to_string()), user_agent: program.map(|text| text.chars().take(500).collect()) }
}

/// A page of one sentence, with a button or without; it holds nothing that anybody has written.
fn page(req: &HttpRequest, sentence: &Text, button: Option<&Text>) -> HttpResponse {
    let language = language::of(req);
    let said = |text: &Text| text.told(language, texts());
    let form = button.map(|button| format!("<form method=\"post\"><button>{}</button></form>", said(button)));
    let body = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><meta name=\"robots\" content=\"noindex\">\
         <meta name=\"viewport\" content=\"width=device-width\"><p>{}</p>{}</html>",
        language.tag(),
        said(sentence),
        form.unwrap_or_default()
    );
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CACHE_CONTROL, "no-store")).insert_header((REFERRER_POLICY, "no-referrer"));
    answer.content_type("text/html; charset=utf-8").body(body)
}
