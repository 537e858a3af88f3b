//! What a handler may ask for: a permission, a well-formed body, a page, a view, a version.
mod address;
pub mod body;
mod can;
mod customs;
mod id;
pub mod keyed;
mod listing;
mod query;
mod sighted;
mod upsert;
mod version;
mod view;

pub use address::{Address, Proxies, address};
pub use body::{Likeness, Valid};
pub use can::{Can, authenticate, bearer, caller};
pub use id::Id;
pub use listing::{List, ListQuery, pairs};
pub use query::{Asked, CreateQuery, DeleteQuery};
pub use upsert::{UpsertQuery, Upserting};
pub use version::IfMatch;
pub use view::{View, ViewQuery};

use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};
use kernel::{Error, RequestId};

/// The id of the request: the caller's, if it is a UUID, or one made when first asked for.
pub fn request_id(req: &HttpRequest) -> RequestId {
    let known = req.extensions().get::<RequestId>().copied();
    known.unwrap_or_else(|| {
        let given = req.headers().get("x-request-id").and_then(|value| value.to_str().ok()?.parse().ok());
        let id = given.unwrap_or_else(RequestId::new);
        req.extensions_mut().insert(id);
        id
    })
}

/// What the application was put together with.
pub fn state<T: 'static>(req: &HttpRequest) -> kernel::Result<&Data<T>> {
    req.app_data::<Data<T>>().ok_or_else(|| Error::internal("a part of the application is missing"))
}
