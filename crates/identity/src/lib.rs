//! The identity wing: who there is, what they may do, and how they prove who they are.
pub mod api_key;
mod base62;
pub mod builtin;
pub mod credential;
mod digest;
pub mod explain;
pub mod factor;
pub mod field;
pub mod found;
pub mod link;
pub mod me;
pub mod notice;
pub mod password;
mod patience;
pub mod permission;
mod privacy;
pub mod queue;
pub mod role;
mod schema;
mod secret_text;
pub mod session;
pub mod sso;
pub mod team;
pub mod tenant;
mod token;
pub mod user;

pub use credential::{Identity, Login, Refresh, Staying, Tokens, is_refusal};
pub use password::Password;
pub use permission::{Objects, Permission};
use platform::random;
pub use platform::random::bytes as random_bytes;
pub use privacy::TABLES;

use kernel::Code;
use kernel::catalogue::Catalogue;

/// The nouns of the wing that may be listed and filtered.
pub const CATALOGUES: &[&Catalogue] = &[&role::CATALOGUE, &team::CATALOGUE, &user::CATALOGUE];

/// All nouns of the wing that permissions are about.
pub(crate) const NOUNS: &[&str] = &["api_key", "queue", "role", "sso_provider", "team", "tenant", "user"];

/// What this wing says to callers, in every language.
pub const TEXTS: &str = include_str!("texts.txt");

/// What the wing seals.
pub const SEALED: &[&platform::vault::Place] = &[&factor::SECRET, &sso::provider::SECRET];

/// The codes that the wing raises.
pub const CODES: &[&[Code]] = &[
    &[permission::BEYOND_OWN_RIGHTS],
    api_key::CODES,
    credential::CODES,
    factor::CODES,
    link::CODES,
    role::CODES,
    sso::CODES,
    team::CODES,
    user::CODES,
];
