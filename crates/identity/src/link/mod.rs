//! A link is what a letter brings: whoever opens it has the mailbox, and may choose a password by it or prove the address.
//!
//! It is good once, for a while, and for the address that it was sent to. Only its hash is kept, and its text is made by
//! whoever sends the letter, so that it stands in no job, log, event or audit row. Where no mail is configured an
//! invitation gives its link to whoever invites, and then proves nothing about the mailbox.
mod deeds;
mod letter;
mod store;

pub(crate) use deeds::{Holder, consume, holder};
pub use deeds::{Issued, Post, ask, invite, issue, post, spread};
pub use letter::letter;
pub use store::clear;
pub(crate) use store::holder as reader;

use crate::password::Password;
use chrono::{DateTime, Duration, Utc};
use kernel::{Code, Kind, Tidy, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const LINK_INVALID: Code =
    Code::new("link_invalid", Kind::Invalid, "The link has been used, has expired, or was never given.");
pub const CODES: &[Code] = &[LINK_INVALID];

/// The job that sends a letter, and the one that finds out to whom.
pub const LETTER: &str = "letter";
pub const PASSWORD_RESET: &str = "password_reset";

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    Invitation,
    PasswordReset,
    Verification,
}

impl Purpose {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
            Self::Verification => "verification",
        }
    }

    /// The page of the application that the link opens.
    pub const fn page(self) -> &'static str {
        match self {
            Self::Invitation => "accept-invitation",
            Self::PasswordReset => "reset-password",
            Self::Verification => "verify-email",
        }
    }

    fn lifetime(self) -> Duration {
        match self {
            Self::Invitation => Duration::days(7),
            Self::PasswordReset | Self::Verification => Duration::minutes(30),
        }
    }
}

/// How an invitation reaches who is invited.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"email": "li.na@example.cn", "link": null, "expires_at": "2026-11-28T08:00:00Z"}))]
pub struct Invitation {
    pub email: String,
    /// only where this server sends no mail: shown once, to be passed on by hand
    pub link: Option<String>,
    /// when the link is good no more; a letter's link is as long good from when it is sent
    pub expires_at: DateTime<Utc>,
}

/// A password, chosen by whoever has the link.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "gxl_05h3KpQZ7…", "password": "a long walk by the lake"}))]
pub struct PasswordByLink {
    /// what stands behind `#token=` in the link
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub token: String,
    pub password: Password,
}

/// Proof that an address is read.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "gxl_05h3KpQZ7…"}))]
pub struct EmailProof {
    /// what stands behind `#token=` in the link
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub token: String,
}

/// Who has forgotten their password.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "li.na@example.cn"}))]
pub struct ResetRequest {
    #[validate(email, length(max = 254))]
    #[schema(format = "email", max_length = 254)]
    pub email: String,
}

impl Tidy for PasswordByLink {
    fn tidy(&mut self) {
        tidy::trim(&mut self.token);
    }
}
impl Tidy for EmailProof {
    fn tidy(&mut self) {
        tidy::trim(&mut self.token);
    }
}
impl Tidy for ResetRequest {
    fn tidy(&mut self) {
        tidy::email(&mut self.email);
    }
}
