//! `Id<T>`: the id in the path. What is not an id is the id of nothing: 404, as of a record that is not there.
use crate::answer::{Fail, Result};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use kernel::error;
use std::future::{Ready, ready};
use std::str::FromStr;

/// The segment called `id`.
pub struct Id<T>(pub T);

impl<T: FromStr + 'static> FromRequest for Id<T> {
    type Error = Fail;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = req.match_info().get("id").and_then(|text| text.parse().ok());
        ready(id.map(Self).ok_or_else(|| Fail::from(error::NOT_FOUND)))
    }
}
