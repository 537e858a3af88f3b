//! The secret of a connection when it is made or made anew: shown this once, and not even then where it was given.
use super::secret::is_secret;
use super::{Connection, SharedSecret};
use kernel::{ConnectionId, Noun, Record, Tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// A connection with its secret: the only time that it is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FreshConnection {
    /// what the sender signs with; null where it was given
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    pub secret: Option<String>,
    #[serde(flatten)]
    pub connection: Connection,
}

impl Noun for FreshConnection {
    const NAME: &'static str = "connection";
}
impl Record for FreshConnection {
    type Id = ConnectionId;
    fn id(&self) -> ConnectionId {
        self.connection.id
    }
    fn version(&self) -> i32 {
        self.connection.version
    }
}

/// How a connection gets a new secret.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "rotates_to_good_secret"))]
#[schema(example = json!({"overlap_seconds": 86400}))]
pub struct ConnectionSecretRotation {
    /// the one that the sender has given; where it is absent, one is made and shown this once
    pub secret: Option<SharedSecret>,
    /// how long the old one stays good: a day, where it is absent, and 30 at most
    #[serde(default = "a_day")]
    #[validate(range(min = 0, max = 2_592_000))]
    #[schema(minimum = 0, maximum = 2_592_000, default = 86400, required = false)]
    pub overlap_seconds: i64,
}
impl Tidy for ConnectionSecretRotation {}

fn a_day() -> i64 {
    86_400
}
fn rotates_to_good_secret(how: &ConnectionSecretRotation) -> Result<(), ValidationError> {
    is_secret(how.secret.as_ref())
}
