//! How much may be asked in a while: by an address, a key, a user, a tenant, by what sends to a connection, of a form. Each has
//! a bucket of units that fills up all the time; a request takes what it costs from all that are its, and is refused
//! where one has too little left.
//!
//! An address pays before anything is looked at; the others when the caller is known. Requests that nobody stands for,
//! such as logins and those with a wrong key, pay from a small bucket of their own.
//!
//! Each server keeps its own buckets: nothing is asked of the database, and of n servers a caller gets n times as much.
mod bucket;
mod cost;
mod quotas;

pub use quotas::Quotas;

use crate::answer::Fail;
use crate::extract::address;
use ::identity::Identity;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};
use bucket::{Buckets, Empty, Level, WINDOW};
use kernel::{Code, Ctx, Error, Kind, clock, text};
use std::fmt::Write;
use std::net::IpAddr;

pub const RATE_LIMITED: Code = Code::new(
    "rate_limited",
    Kind::TooMany,
    "Too much was asked in a short time: come back after `Retry-After` seconds; `RateLimit` says what is left of which quota.",
);
pub const CODES: &[Code] = &[RATE_LIMITED];

/// Whose bucket it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Public,
    Address,
    Key,
    User,
    Tenant,
    Connection,
    Form,
}

impl Whose {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Public, "public"),
        (Self::Address, "address"),
        (Self::Key, "key"),
        (Self::User, "user"),
        (Self::Tenant, "tenant"),
        (Self::Connection, "connection"),
        (Self::Form, "form"),
    ];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(whose, _)| *whose == self).map_or("", |(_, name)| *name)
    }
}

/// All buckets of the server.
#[derive(Clone, Debug)]
pub struct Limits([Option<Buckets>; 7]);

impl Limits {
    pub fn new(quotas: Quotas) -> Self {
        let Quotas { public, address, key, user, tenant, connection, form } = quotas;
        Self(
            [public, address, key, user, tenant, connection, form]
                .map(|quota| (quota > 0).then(|| Buckets::new(quota))),
        )
    }

    fn of(&self, whose: Whose) -> Option<&Buckets> {
        let (_, buckets) = Whose::ALL.iter().zip(&self.0).find(|((one, _), _)| *one == whose)?;
        buckets.as_ref()
    }
}

/// What a request has paid, and from which buckets.
struct Bill {
    cost: u64,
    address: u128,
    /// whether somebody stands for it
    known: bool,
    paid: Vec<(Whose, u64, Level)>,
}

/// Lets a request in whose address has enough left.
pub async fn admit(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    match first(req.request()) {
        Ok(()) => Ok(next.call(req).await?.map_into_boxed_body()),
        Err(error) => Ok(ServiceResponse::from_err(Fail(error), req.into_parts().0)),
    }
}

fn first(req: &HttpRequest) -> kernel::Result<()> {
    let Some(limits) = req.app_data::<Data<Limits>>() else { return Ok(()) };
    // who asks whether the server lives is never told that it is too much
    let cost = if ["/livez", "/readyz"].contains(&req.path()) { 0 } else { cost::of(req) };
    let address = number(address(req));
    let mut bill = Bill { cost, address, known: false, paid: Vec::with_capacity(4) };
    let mut admitted = pay(limits, &mut bill, Whose::Address, address);
    if admitted.is_ok() && is_public(req) {
        admitted = nobody(req, limits, &mut bill);
    }
    req.extensions_mut().insert(bill);
    admitted
}

/// Nobody stands for a request without a key. One with a key that is not known yet may look for somebody, unless the
/// address has used up what it may try.
fn nobody(req: &HttpRequest, limits: &Limits, bill: &mut Bill) -> kernel::Result<()> {
    let address = bill.address;
    let Some(buckets) = limits.of(Whose::Public) else { return Ok(()) };
    // a sender shows by its signature that it stands for a delivery
    let signs = req.path().starts_with("/v1/inbound/") || is_link(req);
    if !signs && !req.headers().contains_key(header::AUTHORIZATION) {
        bill.known = true; // all is paid
        return pay(limits, bill, Whose::Public, address);
    }
    let level = buckets.look(address);
    if level.left >= bill.cost || is_known(req) {
        return Ok(());
    }
    pay(limits, bill, Whose::Public, address)
}

/// A link to what a file holds stands for somebody, who pays for what comes by it.
fn is_link(req: &HttpRequest) -> bool {
    req.path().starts_with("/v1/files/") && req.path().ends_with("/content")
}

fn is_public(req: &HttpRequest) -> bool {
    ["/v1/", "/f/", "/q/", "/kb/", "/s/", "/u/", "/p/", "/c/", "/o/"].iter().any(|start| req.path().starts_with(start))
}

fn is_known(req: &HttpRequest) -> bool {
    let bearer = crate::extract::bearer(req);
    let identity = req.app_data::<Data<Identity>>();
    let known = bearer.zip(identity).and_then(|(bearer, identity)| {
        identity.known(bearer, address(req), crate::extract::request_id(req), clock::now())
    });
    known.is_some_and(|known| known.is_ok())
}

/// Takes the cost from those who stand for the request: once, however often it is asked who they are.
pub fn caller(req: &HttpRequest, ctx: &Ctx) -> kernel::Result<()> {
    let Some(limits) = req.app_data::<Data<Limits>>() else { return Ok(()) };
    let mut extensions = req.extensions_mut();
    let Some(bill) = extensions.get_mut::<Bill>().filter(|bill| !bill.known) else { return Ok(()) };
    bill.known = true;
    if let Some(key) = ctx.actor.key {
        pay(limits, bill, Whose::Key, key.0.as_u128())?;
    }
    pay(limits, bill, Whose::User, ctx.actor.user.0.as_u128())?;
    pay(limits, bill, Whose::Tenant, ctx.tenant.0.as_u128())
}

/// Takes a delivery from what its connection may send, once its signature is good and before it is kept.
pub fn connection(limits: &Limits, connection: u128) -> kernel::Result<()> {
    let mut bill = Bill { cost: 1, address: 0, known: true, paid: Vec::new() };
    pay(limits, &mut bill, Whose::Connection, connection)
}

/// Takes a submission from what its form may be sent, whoever sends it.
pub fn form(limits: &Limits, form: u128) -> kernel::Result<()> {
    let mut bill = Bill { cost: 1, address: 0, known: true, paid: Vec::new() };
    pay(limits, &mut bill, Whose::Form, form)
}

/// Whoever has sent this has signed it: it is not one of those that nobody stands for.
pub fn is_signed(req: &HttpRequest) {
    if let Some(bill) = req.extensions_mut().get_mut::<Bill>() {
        bill.known = true;
    }
}

fn pay(limits: &Limits, bill: &mut Bill, whose: Whose, of: u128) -> kernel::Result<()> {
    let Some(buckets) = limits.of(whose) else { return Ok(()) };
    match buckets.take(of, bill.cost) {
        Ok(level) => {
            bill.paid.push((whose, buckets.quota, level));
            Ok(())
        }
        Err(Empty { seconds, level }) => {
            bill.paid.push((whose, buckets.quota, level));
            let detail =
                text!("the quota \"{name}\" is {quota} units a minute", name = whose.name(), quota = buckets.quota);
            Err(Error::from(RATE_LIMITED).detail(detail).member("retry_after", seconds))
        }
    }
}

/// Tells in every answer what is left, and charges for who turned out to be nobody.
pub fn tell(response: &mut ServiceResponse) {
    let Some((policy, left)) = told(response.request()) else { return };
    let headers = response.headers_mut();
    for (name, text) in [("ratelimit-policy", policy), ("ratelimit", left)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

/// The fields of draft-ietf-httpapi-ratelimit-headers: quota and window; what is left, and when all will be.
fn told(req: &HttpRequest) -> Option<(String, String)> {
    let limits = req.app_data::<Data<Limits>>()?;
    let mut extensions = req.extensions_mut();
    let bill = extensions.get_mut::<Bill>()?;
    if !bill.known
        && is_public(req)
        && let Some(buckets) = limits.of(Whose::Public)
    {
        bill.known = true;
        bill.paid.push((Whose::Public, buckets.quota, buckets.charge(bill.address, bill.cost)));
    }
    let (mut policy, mut left) = (String::with_capacity(128), String::with_capacity(96));
    for (whose, quota, level) in &bill.paid {
        let (name, comma) = (whose.name(), if policy.is_empty() { "" } else { ", " });
        // a String takes whatever is written to it
        let _ = write!(policy, "{comma}\"{name}\";q={quota};w={WINDOW}");
        let _ = write!(left, "{comma}\"{name}\";r={};t={}", level.left, level.full_in);
    }
    (!policy.is_empty()).then_some((policy, left))
}

/// What an address is counted as: of IPv6, the network of the subscriber, who has all of it.
fn number(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits() >> 64 << 64,
    }
}
