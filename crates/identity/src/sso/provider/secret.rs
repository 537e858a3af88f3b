//! The secret that a provider has given this house: it comes in, goes to the provider, and nowhere else.
use kernel::rule;
use serde::Deserialize;
use std::borrow::Cow;
use utoipa::ToSchema;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use validator::ValidationError;

const LONGEST: usize = 500;

/// As it was given. It is never written anywhere, not even by `Debug`.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct ClientSecret(String);

impl ClientSecret {
    pub(super) fn of(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

/// The rule behind it: some text, and not more than a secret has. (Of the body as a whole, for a rule of a member keeps
/// what breaks it.)
pub(super) fn is_secret(secret: Option<&ClientSecret>) -> Result<(), ValidationError> {
    if secret.is_none_or(|secret| !secret.0.trim().is_empty() && secret.0.len() <= LONGEST) {
        return Ok(());
    }
    let mut rule = rule!("secret", "is empty, or too long for a secret");
    rule.add_param("member".into(), &"client_secret");
    Err(rule)
}

impl std::fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientSecret")
    }
}

impl utoipa::PartialSchema for ClientSecret {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
            .description(Some("kept, and never answered"))
            .write_only(true)
            .min_length(Some(1))
            .max_length(Some(LONGEST))
            .examples(["b5cc3a…"])
            .into()
    }
}
impl ToSchema for ClientSecret {
    fn name() -> Cow<'static, str> {
        "ClientSecret".into()
    }
}
