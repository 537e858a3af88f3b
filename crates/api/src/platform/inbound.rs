//! `/v1/inbound/{connection}`: the open door for what other systems send. Who knocks is told nothing but whether it was
//! taken: a wrong signature, a connection that is shut and one that is not there are one answer.
use crate::answer::{Fail, Result};
use crate::extract::{Address, request_id};
use crate::house::House;
use crate::limit::{self, Limits};
use crate::routes::Routes;
use crate::worker;
use ::customer::email_message;
use ::platform::connection::delivery::{self, Arrival, LIMIT, MAIL_LIMIT, Receipt};
use actix_web::http::header::HeaderMap;
use actix_web::web::{Bytes, BytesMut, Data, Path, Payload as Stream};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, post};
use futures_util::StreamExt;
use kernel::{ConnectionId, Error, InboundDeliveryId, Kind, Origin, clock, error, text};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

pub fn routes(cfg: &mut Routes) {
    cfg.service(receive_delivery);
}

/// What a sender sends: an order, a customer, a product, as its own API has it.
#[derive(ToSchema)]
#[schema(value_type = Object)]
#[allow(dead_code)] // it is read by its kind of connection
struct Sent(Value);

/// A mail, as it was sent (RFC 5322).
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary, example = "From: ada@example.com\r\nSubject: Hello\r\n\r\nHello!\r\n")]
#[allow(dead_code)] // it is read as bytes
struct SentMail(Vec<u8>);

/// That it was taken.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"id": "0192f0c1-9999-7000-8000-00000000000b"}))]
struct Received {
    /// null where there was nothing to take
    id: Option<InboundDeliveryId>,
}

/// Receive what another system sends
///
/// Signed as its kind of connection signs: `X-Shopify-Hmac-Sha256`, `X-WC-Webhook-Signature`, or the headers of the
/// Standard Webhooks specification, which a connection for `email` asks for too: it is sent mails as they are. What comes
/// is kept word for word and worked on afterwards. Sent again by the same name, it is taken no second time.
#[utoipa::path(tag = "connections", params(("connection" = ConnectionId, Path)),
    request_body(content(
        (Sent = "application/json", example = json!({"id": 820_982_911, "name": "#1001", "currency": "EUR"})),
        (SentMail = "message/rfc822"),
    )),
    responses((status = 202, description = "taken, and worked on from now on", body = Received),
              (status = 200, description = "taken before; or a ping, of which nothing comes", body = Received),
              (status = 401, description = "not signed by anybody who is known here")))]
#[post("/inbound/{connection}")]
async fn receive_delivery(
    req: HttpRequest,
    house: Data<House>,
    limits: Data<Limits>,
    address: Address,
    id: Path<String>,
    stream: Stream,
) -> Result<HttpResponse> {
    let connection: ConnectionId = id.parse().map_err(|_| error::UNAUTHENTICATED)?;
    let mime = req.mime_type().ok().flatten();
    let is_mail = mime.as_ref().is_some_and(|mime| mime.essence_str() == "message/rfc822");
    let body = body(stream, if is_mail { MAIL_LIMIT } else { LIMIT }).await?;
    if is_ping(&req, &body) {
        return Ok(HttpResponse::Ok().json(Received { id: None }));
    }
    if !is_mail && mime.is_none_or(|mime| mime.subtype() != "json") {
        let read = text!("application/json is read here, and message/rfc822 by a connection for mails");
        return Err(Fail(Error::from(error::UNSUPPORTED_MEDIA_TYPE).detail(read)));
    }
    let headers = texts(req.headers());
    let (vault, request, now) = (house.vault.clone(), request_id(&req), clock::now());
    let received = house.db.unpermitted(move |conn| {
        let header = |name: &str| headers.get(name).cloned();
        let origin = Origin::at(address.0);
        let admit = || limit::connection(&limits, connection.0.as_u128());
        let plain = |raw: &[u8]| email_message::plain(raw, now);
        let (header, admit, plain) = (&header, &admit, &plain);
        let arrival = Arrival { connection, header, body: &body, is_mail, plain, admit, origin, request, now };
        delivery::receive(conn, &vault, &arrival)
    });
    let received = received.await;
    // what a connection has sent too much of was signed: it is not for the others behind its address to pay
    if received.as_ref().map_or_else(|error| error.kind() == Kind::TooMany, |_| true) {
        limit::is_signed(&req);
    }
    let Receipt { id, is_repeat } = received?;
    if is_repeat {
        return Ok(HttpResponse::Ok().json(Received { id: Some(id) }));
    }
    worker::wake();
    Ok(HttpResponse::Accepted().json(Received { id: Some(id) }))
}

/// All of a body, up to a limit of its own.
pub async fn body(mut stream: Stream, limit: usize) -> kernel::Result<Bytes> {
    let mut body = BytesMut::new();
    while let Some(part) = stream.next().await {
        let part = part.map_err(|e| Error::from(error::MALFORMED).source(e.to_string()))?;
        if body.len() + part.len() > limit {
            return Err(Error::from(error::TOO_LARGE).detail(text!("at most {most} bytes", most = limit)));
        }
        body.extend_from_slice(&part);
    }
    Ok(body.freeze())
}

/// WooCommerce asks whether somebody is there, unsigned, before it sends anything. Whoever asks learns that there is a
/// server.
fn is_ping(req: &HttpRequest, body: &[u8]) -> bool {
    let number = body.strip_prefix(b"webhook_id=").filter(|number| !number.is_empty() && number.len() <= 20);
    req.content_type() == "application/x-www-form-urlencoded"
        && number.is_some_and(|number| number.iter().all(u8::is_ascii_digit))
}

/// The headers that occur once and are text.
fn texts(headers: &HeaderMap) -> BTreeMap<String, String> {
    let once = headers.keys().filter(|name| headers.get_all(*name).count() == 1);
    once.filter_map(|name| Some((name.as_str().to_owned(), headers.get(name)?.to_str().ok()?.to_owned()))).collect()
}
