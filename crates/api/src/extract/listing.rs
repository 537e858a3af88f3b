//! `List<T>`: the list that is asked for, its cursor opened; and the view on its rows.
use super::can::authenticate;
use super::state;
use super::view::View;
use crate::answer::{Fail, Result};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use kernel::catalogue::Catalogues;
use kernel::page::Seal;
use kernel::{Ctx, Error, Fault, Myself, Permit, ViewId, error, text};
use platform::filter::Listed;
use platform::listing::{Params, Viewed};
use platform::view::{BROKEN, View as Saved};
use platform::{Db, Listing};
use serde::Deserialize;
use std::future::Future;
use std::pin::Pin;
use utoipa::{IntoParams, ToSchema};

/// The parameters of every list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // the document's half: the values are read by `platform::listing`
pub struct ListQuery {
    /// how many at most
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// `next_cursor` of the page before; good with the same filter and sort only
    pub cursor: Option<String>,
    /// a condition in the filter language (a subset of CEL); fields may also be asked for by equality: `?source=web`
    #[param(max_length = 4096, example = "created_at > timestamp(\"2020-01-01T00:00:00Z\")")]
    pub filter: Option<String>,
    /// fields to sort by, `-` for descending; newest first where it is absent
    #[param(example = "-created_at")]
    pub sort: Option<String>,
    /// words to search for; without `sort` the best matches come, on one page
    #[param(max_length = 200)]
    pub q: Option<String>,
    /// whether and how to count what matches
    #[param(inline)]
    pub count: Option<CountMode>,
    /// whether archived records count
    #[param(inline)]
    pub deleted: Option<DeletedMode>,
    /// a saved view of this list: what is asked for beside it goes further, another sort or other fields in its stead
    #[param(value_type = Option<ViewId>)]
    pub view_id: Option<String>,
    /// members of the answer, comma-separated: the others are left out
    pub fields: Option<String>,
    /// related records to put in, comma-separated, at most three levels deep: `account.owner`
    pub include: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountMode {
    None,
    Estimated,
    Exact,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeletedMode {
    Exclude,
    Only,
    Include,
}

pub struct List<T>(pub Listing<T>, pub View);

impl<T: Listed> FromRequest for List<T> {
    type Error = Fail;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            let ctx = authenticate(&req).await?; // known by now: `Can` stands first
            let (mut params, mut view) = (Params::default(), View::default());
            let mut saved = None;
            for (name, value) in pairs(req.query_string())? {
                if name == "view_id" {
                    saved = Some(value);
                } else if !view.take(&name, &value)? {
                    params.take(&name, value)?;
                }
            }
            let catalogues = ***state::<&'static Catalogues>(&req)?;
            view.check(catalogues, T::CATALOGUE, &ctx.grants)?;
            if let Some(id) = saved {
                let saved = saved_view::<T>(&req, &ctx, &id).await?;
                view.or_fields(saved.fields.as_deref());
                view.check(catalogues, T::CATALOGUE, &ctx.grants).map_err(|e| Error::from(BROKEN).faults(e.faults))?;
                params.view = Some(Viewed { filter: saved.filter, sort: saved.sort });
            }
            let listing = Listing::read(&params, &ctx, req.path(), catalogues, state::<Seal>(&req)?)?;
            Ok(Self(listing, view))
        })
    }
}

/// A view of this list that the caller sees.
async fn saved_view<T: Listed>(req: &HttpRequest, ctx: &Ctx, id: &str) -> kernel::Result<Saved> {
    let refuse = || {
        let fault = Fault::new("?view_id", "unknown_view", text!("there is no such view of this list"));
        Error::from(error::UNKNOWN_PARAMETER).fault(fault)
    };
    let id: ViewId = id.parse().map_err(|_| refuse())?;
    let can = Permit::<Myself>::check(ctx.clone())?;
    let found = state::<Db>(req)?.read(can, move |conn, ctx| platform::view::find(conn, ctx, id)).await;
    match found {
        Ok(saved) if saved.object == T::CATALOGUE.noun => Ok(saved),
        Err(error) if error.code != error::NOT_FOUND => Err(error),
        _ => Err(refuse()),
    }
}

/// The query as it stands: names, values, in order.
pub fn pairs(query: &str) -> kernel::Result<Vec<(String, String)>> {
    let read = actix_web::web::Query::<Vec<(String, String)>>::from_query(query);
    let pairs = read.map_err(|e| Error::from(error::MALFORMED).source(e.to_string()))?.into_inner();
    match pairs.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
        true => Err(Error::from(error::MALFORMED).detail(text!("a parameter holds the character U+0000"))),
        false => Ok(pairs),
    }
}
