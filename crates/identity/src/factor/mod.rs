//! A factor is what a person shows at a login beside their password: six digits of an authenticator, or, where that is
//! lost, one of ten recovery codes.
//!
//! Nobody is asked for a factor before they have shown once that it works. Each code is good once. Codes cannot be
//! guessed: after five failures each further try has to wait, longer and longer, on all nodes together. A secret is
//! shown once and kept sealed; recovery codes are kept as hashes.
mod deeds;
mod store;
mod totp;

pub(crate) use deeds::{Passed, challenge, pass};
pub use deeds::{add, confirm, remove, reset};
pub(crate) use store::has;
pub use store::list;

use crate::schema::factors;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::{Code, FactorId, Kind, Noun, Record, Tidy, UserId, rule, tidy};
use platform::vault::Place;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use validator::{Validate, ValidationError};

pub const REQUIRED: Code = Code::new(
    "second_factor_required",
    Kind::Unauthenticated,
    "The password is right; `challenge` and a code of the second factor go to `/v1/auth/login/second-factor`.",
);
pub const REFUSED: Code = Code::new(
    "second_factor_refused",
    Kind::Unauthenticated,
    "The code is wrong or was used before, or the challenge is over: log in anew where it stays so.",
);
pub const EXISTS: Code =
    Code::new("factor_exists", Kind::Conflict, "There is a confirmed factor already: take it away first.");
pub const CODES: &[Code] = &[REQUIRED, REFUSED, EXISTS];

/// Where the secrets of factors stand.
pub const SECRET: Place = Place::new("factor_secrets", "sealed", "factor_id").bare("secret");

/// What a factor may be.
pub const KINDS: &[&str] = &["totp"];

/// What is shown beside the password.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = factors, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-0000-7000-8000-0000000000f1", "user_id": "0192f0c1-0000-7000-8000-000000000001",
    "kind": "totp", "name": "telephone", "confirmed_at": "2026-11-21T08:01:00Z", "last_used_at": null, "version": 2,
    "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:01:00Z"
}))]
pub struct Factor {
    pub id: FactorId,
    pub user_id: UserId,
    #[schema(schema_with = kinds)]
    pub kind: String,
    pub name: String,
    /// asked for at a login from then on
    pub confirmed_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What a new factor is made of.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "totp", "name": "telephone"}))]
pub struct NewFactor {
    #[validate(custom(function = "is_kind"))]
    #[schema(schema_with = kinds)]
    pub kind: String,
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
}

/// A factor that has just been made: the only time that its secret is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FreshFactor {
    /// in base 32, to be typed into an authenticator
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    pub secret: String,
    /// the same as a picture for a camera says it
    #[schema(
        format = "uri",
        example = "otpauth://totp/Guanxi:li.na%40example.cn?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    )]
    pub uri: String,
    #[serde(flatten)]
    pub factor: Factor,
}

/// Six digits of an authenticator.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "287082"}))]
pub struct Confirmation {
    #[validate(length(max = 20))]
    #[schema(max_length = 20)]
    pub code: String,
}

/// A factor that works from now on: the only time that the recovery codes are shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConfirmedFactor {
    /// each is good once in place of a code
    #[schema(example = json!(["k7Qp-93xa-BdT2-m0Zc"]))]
    pub recovery_codes: Vec<String>,
    #[serde(flatten)]
    pub factor: Factor,
}

/// What is shown after the password: a code, or a recovery code.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "is_one"))]
#[schema(example = json!({"challenge": "gxc_05h3KpQZ7…", "code": "287082"}))]
pub struct SecondFactor {
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub challenge: String,
    /// six digits of the authenticator
    #[validate(length(max = 20))]
    #[schema(max_length = 20)]
    pub code: Option<String>,
    /// in place of a code
    #[validate(length(max = 50))]
    #[schema(max_length = 50)]
    pub recovery_code: Option<String>,
}

impl Noun for Factor {
    const NAME: &'static str = "factor";
}
impl Record for Factor {
    type Id = FactorId;
    fn id(&self) -> FactorId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Noun for FreshFactor {
    const NAME: &'static str = "factor";
}
impl Record for FreshFactor {
    type Id = FactorId;
    fn id(&self) -> FactorId {
        self.factor.id
    }
    fn version(&self) -> i32 {
        self.factor.version
    }
}

impl Tidy for NewFactor {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for Confirmation {
    fn tidy(&mut self) {
        self.code.retain(|one| !one.is_whitespace());
    }
}
impl Tidy for SecondFactor {
    fn tidy(&mut self) {
        self.code.iter_mut().for_each(|code| code.retain(|one| !one.is_whitespace()));
        self.recovery_code.iter_mut().for_each(|code| code.retain(|one| one.is_ascii_alphanumeric()));
    }
}

fn is_kind(kind: &str) -> Result<(), ValidationError> {
    match KINDS.contains(&kind) {
        true => Ok(()),
        false => Err(rule!("choice", "is no kind of factor")),
    }
}

fn is_one(ask: &SecondFactor) -> Result<(), ValidationError> {
    if ask.code.is_some() != ask.recovery_code.is_some() {
        return Ok(());
    }
    let mut rule = rule!("required", "either a code or a recovery code is needed");
    rule.add_param("member".into(), &"code");
    Err(rule)
}

fn kinds() -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(KINDS.iter().copied())).build()
}
