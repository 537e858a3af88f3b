//! A verification finds out whether somebody reads what is sent to a contact point: by a code that they tell, or by a
//! link that they follow. To an e-mail address goes a letter, to a phone number a text message with a code.
//!
//! What was sent is kept as a hash alone, and drawn when it is sent, so that it stands in no job, log, event or audit row.
//! It is good once and for a while; a code for five tries, and the same however often it is sent. It proves the point that
//! it was sent to: another value is another point. Nothing is sent faster than the limits say, whoever asks for it.
mod deeds;
mod letter;
mod secret;
mod store;

pub use deeds::{Issued, Pledge, Way, Ways, ask, confirm_code, confirm_link, is_open, issue, of_point};
pub(crate) use deeds::{of_lead, of_submission};
pub use letter::{letter, message};
pub use store::{clear, failed, sent};

use crate::choices::one_of;
use chrono::{DateTime, Duration, Utc};
use kernel::{Code, ContactPointId, Kind, Tidy, VerificationId, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const NO_PROVIDER: Code = Code::new(
    "verification_no_provider",
    Kind::Invalid,
    "Nothing can be sent to a point of this kind: letters go to e-mail addresses, text messages to phone numbers.",
);
pub const TOO_MANY: Code = Code::new(
    "verification_too_many",
    Kind::TooMany,
    "Enough was sent to this address: one letter or text message a minute, five a day.",
);
pub const CONFIRMATION_INVALID: Code =
    Code::new("confirmation_invalid", Kind::Invalid, "The link has been used, has expired, or was never given.");
pub const CODES: &[Code] = &[NO_PROVIDER, TOO_MANY, CONFIRMATION_INVALID];

/// The job that sends one.
pub const JOB: &str = "verification";

const METHODS: &[&str] = &["code", "link"];
const MOST_TRIES: i32 = 5;
const PAUSE: Duration = Duration::minutes(1);
const A_DAY: Duration = Duration::hours(24);
/// How long after its end it is counted.
pub const KEPT: Duration = A_DAY;
const MOST_A_DAY: i64 = 5;

/// How a point is to be verified.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PointVerification, example = json!({"method": "code", "language": "zh-Hans"}))]
pub struct NewVerification {
    /// `code`: six digits, for ten minutes; `link`: for a day, and to e-mail addresses alone
    #[serde(default = "code")]
    #[validate(custom(function = "is_method"))]
    #[schema(default = "code", required = false)]
    pub method: String,
    /// that it is written in; else that of the contact
    #[validate(length(max = 35))]
    #[schema(max_length = 35)]
    pub language: Option<String>,
}

/// That a letter or a text message is on its way.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f7",
    "contact_point_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "method": "code", "expires_at": "2026-11-26T08:10:00Z"}))]
pub struct VerificationSent {
    pub id: VerificationId,
    pub contact_point_id: ContactPointId,
    pub method: String,
    pub expires_at: DateTime<Utc>,
}

/// What became of a verification.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f7", "method": "code", "status": "failed",
    "failure": "sms_refused", "sent_at": null, "confirmed_at": null, "expires_at": "2026-11-26T08:10:00Z",
    "created_at": "2026-11-26T08:00:00Z"}))]
pub struct VerificationStatus {
    pub id: VerificationId,
    /// `code` or `link`
    #[schema(example = "code")]
    pub method: String,
    /// `queued`: it is on its way, or tried again; `sent`; `failed`: it is not sent again; `confirmed`; `exhausted`: too
    /// many wrong codes were tried; `expired`
    #[schema(example = "sent")]
    pub status: String,
    /// of one that has failed: the code of the error, such as `sms_refused`
    pub failure: Option<String>,
    /// when the mail server or the gateway has taken it
    pub sent_at: Option<DateTime<Utc>>,
    /// when its code was told, or its link followed
    pub confirmed_at: Option<DateTime<Utc>>,
    pub expires_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

/// The code of a letter or a text message.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "042817"}))]
pub struct VerificationCode {
    #[validate(length(min = 1, max = 20))]
    #[schema(min_length = 1, max_length = 20)]
    pub code: String,
}

/// Whether it was the code.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"is_verified": true}))]
pub struct VerificationResult {
    /// `false` for a wrong code, one that has expired or was tried too often, and where none was sent
    pub is_verified: bool,
}

/// The link of a letter was followed.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AddressConfirmation, example = json!({"token": "gxv_05h3KpQZ7…"}))]
pub struct Confirmation {
    /// what stands behind `#token=` in the link
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub token: String,
}

impl Tidy for NewVerification {}
impl Tidy for VerificationCode {
    fn tidy(&mut self) {
        tidy::trim(&mut self.code);
    }
}
impl Tidy for Confirmation {
    fn tidy(&mut self) {
        tidy::trim(&mut self.token);
    }
}

fn code() -> String {
    "code".to_owned()
}
fn is_method(text: &str) -> Result<(), ValidationError> {
    one_of(text, METHODS)
}
