//! Small queries of single operations, and the one way in which a query is read.
use crate::answer::{Fail, Result};
use actix_web::dev::Payload;
use actix_web::web::Query;
use actix_web::{FromRequest, HttpRequest};
use kernel::{Error, Fault, error, shape, text};
use platform::deed::Duplicates;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::future::{Ready, ready};
use utoipa::{IntoParams, ToSchema};

/// A query of known parameters; any other is refused.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Asked<T> {
    type Error = Fail;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = req.query_string().to_owned();
        let query = Query::<T>::from_query(&text);
        ready(query.map(|query| Self(query.into_inner())).map_err(|e| Fail(refused(&text, &e.to_string()))))
    }
}

fn refused(query: &str, said: &str) -> Error {
    let said = said.strip_prefix("Query deserialize error: ").unwrap_or(said);
    let named = said.split('`').nth(1).unwrap_or_default();
    let pairs = Query::<Vec<(String, String)>>::from_query(query).map(Query::into_inner).unwrap_or_default();
    let is_wrong = |value: &str| match said {
        _ if said.starts_with("unknown variant") => value == named,
        _ => !matches!(value, "true" | "false") && value.parse::<i64>().is_err(),
    };
    if said.starts_with("missing field") {
        let fault = Fault { pointer: format!("?{named}"), ..shape::fault("", said, None) };
        return Error::from(error::UNKNOWN_PARAMETER).fault(fault);
    }
    let fault = if said.contains("field `") {
        Fault { pointer: format!("?{named}"), ..shape::fault("", said, None) }
    } else {
        let name = pairs.into_iter().find(|(_, value)| is_wrong(value)).map(|(name, _)| name);
        Fault::new(format!("?{}", name.unwrap_or_default()), "", text!("is no value that this parameter takes"))
    };
    Error::from(error::UNKNOWN_PARAMETER).fault(Fault { code: error::UNKNOWN_PARAMETER.name.to_owned(), ..fault })
}

/// What is done about probable duplicates.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnDuplicates {
    /// answer 409 with the candidates
    #[default]
    Reject,
    /// write all the same
    Allow,
}

/// How a record is made.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CreateQuery {
    /// what is done about probable duplicates
    #[serde(default)]
    #[param(inline)]
    pub duplicates: OnDuplicates,
}

impl From<CreateQuery> for Duplicates {
    fn from(query: CreateQuery) -> Self {
        match query.duplicates {
            OnDuplicates::Reject => Self::Reject,
            OnDuplicates::Allow => Self::Allow,
        }
    }
}

/// How a record is deleted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DeleteQuery {
    /// `true`: for good, which is a permission of its own; else archived
    #[serde(default)]
    pub purge: bool,
}
