//! The secret that a sender signs with: it comes in or is made here, is sealed, and is shown once at most.
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use kernel::rule;
use serde::Deserialize;
use std::borrow::Cow;
use utoipa::ToSchema;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use validator::ValidationError;

const SHORTEST: usize = 16;
const LONGEST: usize = 500;
/// What a secret of the Standard Webhooks specification begins with.
const PREFIX: &str = "whsec_";

/// As it was given. It is never written anywhere, not even by `Debug`.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct SharedSecret(String);

impl SharedSecret {
    pub(super) fn of(text: String) -> Self {
        Self(text)
    }

    /// A fresh one.
    pub(super) fn fresh() -> Self {
        Self(format!("{PREFIX}{}", BASE64_STANDARD.encode(crate::random::bytes::<32>())))
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }

    /// The bytes that a sender by the Standard Webhooks specification signs with.
    pub(super) fn key(&self) -> Vec<u8> {
        let coded = self.0.strip_prefix(PREFIX).and_then(|coded| BASE64_STANDARD.decode(coded).ok());
        coded.unwrap_or_else(|| self.0.as_bytes().to_vec())
    }
}

/// The rule behind it: long enough that nobody guesses it. (Of the body as a whole, for a rule of a member keeps what
/// breaks it.)
pub(super) fn is_secret(secret: Option<&SharedSecret>) -> Result<(), ValidationError> {
    if secret.is_none_or(|secret| (SHORTEST..=LONGEST).contains(&secret.0.trim().len()) && secret.0.is_ascii()) {
        return Ok(());
    }
    let mut rule = rule!("secret", "has fewer than 16 characters, or too many for a secret");
    rule.add_param("member".into(), &"secret");
    Err(rule)
}

impl std::fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedSecret")
    }
}

impl utoipa::PartialSchema for SharedSecret {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
            .description(Some("kept sealed, and never answered"))
            .write_only(true)
            .min_length(Some(SHORTEST))
            .max_length(Some(LONGEST))
            .examples(["hush-0123456789abcdef"])
            .into()
    }
}
impl ToSchema for SharedSecret {
    fn name() -> Cow<'static, str> {
        "SharedSecret".into()
    }
}
