//! Logging in at an identity provider, by OpenID Connect: the authorization code with PKCE, `state` and `nonce`.
//!
//! A provider belongs to a tenant, and is believed about the addresses of the domains that the tenant names. Who comes
//! back from it is known by its `subject` and by nothing else. The first time, they become the user who has their address
//! only where both the provider and this house have seen that the address is theirs: else whoever can make an account
//! with a stranger's address, here or there, would come in as the stranger. Whoever sets up a provider may come in as
//! anybody, and so holds all that an owner holds.
pub mod identity;
pub(crate) mod oidc;
pub(crate) mod pending;
pub mod provider;

pub use pending::{Begun, Finish, Start};

use kernel::{Code, Kind};

pub const UNAVAILABLE: Code = Code::new(
    "sso_unavailable",
    Kind::Busy,
    "The identity provider cannot be reached, or its answers cannot be read: other ways of logging in still work.",
);
pub const STATE_INVALID: Code = Code::new(
    "sso_state_invalid",
    Kind::Invalid,
    "The `state` has been used, has expired, or was never given: begin anew.",
);
pub const REFUSED: Code = Code::new(
    "sso_refused",
    Kind::Unauthenticated,
    "The identity provider does not vouch for this login: its code or its token is not good.",
);
pub const EMAIL_UNVERIFIED: Code = Code::new(
    "sso_email_unverified",
    Kind::Forbidden,
    "The identity provider does not say that the e-mail address was verified.",
);
pub const EMAIL_NOT_ALLOWED: Code = Code::new(
    "sso_email_not_allowed",
    Kind::Forbidden,
    "The e-mail address is of none of the domains that the provider is believed about.",
);
pub const USER_UNVERIFIED: Code = Code::new(
    "sso_user_unverified",
    Kind::Forbidden,
    "The user with this e-mail address has not proved it here: they log in otherwise, prove it, or link themselves.",
);
pub const USER_UNKNOWN: Code =
    Code::new("sso_user_unknown", Kind::Forbidden, "There is no active user for this login, and none is made.");
pub const IDENTITY_TAKEN: Code = Code::new(
    "sso_identity_taken",
    Kind::Conflict,
    "This account of the provider is another user's, or the user has another account of it.",
);
pub const CODES: &[Code] = &[
    UNAVAILABLE,
    STATE_INVALID,
    REFUSED,
    EMAIL_UNVERIFIED,
    EMAIL_NOT_ALLOWED,
    USER_UNVERIFIED,
    USER_UNKNOWN,
    IDENTITY_TAKEN,
];

/// The page of the application that browsers come back to, unless a tenant has registered another.
pub const PAGE: &str = "sso-callback";
