//! An identifier is a number that a state, a tax office or a bank knows a contact or an account by.
//!
//! Its value stands sealed and is answered by nothing but the operation that reveals it, which is a permission of its
//! own and is written down. What is answered otherwise is its kind and a hint. Equal values are found by a fingerprint.
//! Identifiers are parts of their contact (`contact::identifier`) or account (`account::identifier`); here stands what
//! both have in common.
pub(crate) mod number;

use chrono::NaiveDate;
use kernel::{Error, Existing, Result, Tidy, patch, rule, text};
use platform::vault::{Fingerprint, Given, Sealed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What an identifier may be. The number of a state's identity card is a kind of its own where it can be checked.
pub const KINDS: &[&str] = &[
    "cn_resident_id",
    "national_id",
    "passport",
    "cn_credit_code",
    "tax_id",
    "social_insurance",
    "iban",
    "bank_account",
];
/// Two people may have one account, but not one passport.
const SHARED: &[&str] = &["iban", "bank_account"];

/// A number that a contact or an account is known by.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "is_sound"))]
#[schema(example = json!({"kind": "cn_resident_id", "value": "11010519491231002X", "expires_on": "2041-05-16"}))]
pub struct NewIdentifier {
    #[validate(custom(function = "is_kind"))]
    #[schema(example = "passport")]
    pub kind: String,
    /// kept sealed: no answer but that of `reveal` tells it again
    #[schema(value_type = String, write_only, min_length = 5, max_length = 60, example = "E12345678")]
    pub value: Given,
    #[validate(length(max = 50))]
    #[schema(max_length = 50)]
    pub label: Option<String>,
    pub issued_on: Option<NaiveDate>,
    pub expires_on: Option<NaiveDate>,
}

/// A merge patch of an identifier. Its kind and value stay: another value is another identifier.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"label": "the new one", "expires_on": "2041-05-16"}))]
pub struct IdentifierPatch {
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 50))]
    #[schema(value_type = Option<String>, max_length = 50)]
    pub label: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub issued_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub expires_on: Option<Option<NaiveDate>>,
}

/// Who is known by this number?
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "is_sound_query"))]
#[schema(example = json!({"kind": "cn_resident_id", "value": "11010519491231002X"}))]
pub struct IdentifierQuery {
    #[validate(custom(function = "is_kind"))]
    #[schema(example = "passport")]
    pub kind: String,
    #[schema(value_type = String, write_only, min_length = 5, max_length = 60, example = "E12345678")]
    pub value: Given,
}

/// The value of an identifier: that it was told is written down.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"kind": "cn_resident_id", "value": "11010519491231002X"}))]
pub struct Revealed {
    pub kind: String,
    pub value: String,
}

/// What is kept of a value.
pub(crate) struct Kept {
    pub sealed: Sealed,
    pub fingerprint: Fingerprint,
    pub hint: String,
}

/// How sure it is that two who have the same value are the same.
pub(crate) fn score(kind: &str) -> u8 {
    if SHARED.contains(&kind) { Existing::PROBABLE - 20 } else { 100 }
}

/// The days as a patch leaves them.
pub(crate) fn check_days(
    patch: &IdentifierPatch,
    issued_on: Option<NaiveDate>,
    expires_on: Option<NaiveDate>,
) -> Result<()> {
    let (issued, expires) = (patch.issued_on.unwrap_or(issued_on), patch.expires_on.unwrap_or(expires_on));
    match issued.zip(expires).is_some_and(|(issued, expires)| expires < issued) {
        true => Err(Error::invalid("/expires_on", "order", text!("expires before it is issued"))),
        false => Ok(()),
    }
}

impl Tidy for NewIdentifier {
    fn tidy(&mut self) {
        self.value = number::tidy(&self.value);
    }
}
impl Tidy for IdentifierQuery {
    fn tidy(&mut self) {
        self.value = number::tidy(&self.value);
    }
}
impl Tidy for IdentifierPatch {}

fn is_kind(text: &str) -> std::result::Result<(), ValidationError> {
    crate::choices::one_of(text, KINDS)
}

fn is_sound(new: &NewIdentifier) -> std::result::Result<(), ValidationError> {
    if new.issued_on.zip(new.expires_on).is_some_and(|(issued, expires)| expires < issued) {
        return Err(broken("expires_on", rule!("order", "expires before it is issued")));
    }
    is_number(&new.kind, &new.value)
}

fn is_sound_query(ask: &IdentifierQuery) -> std::result::Result<(), ValidationError> {
    is_number(&ask.kind, &ask.value)
}

fn is_number(kind: &str, value: &Given) -> std::result::Result<(), ValidationError> {
    number::fault(kind, value.expose()).map_or(Ok(()), |rule| Err(broken("value", rule)))
}

/// A rule of the body as a whole, at the member that breaks it.
fn broken(member: &'static str, mut rule: ValidationError) -> ValidationError {
    rule.add_param("member".into(), &member);
    rule
}
