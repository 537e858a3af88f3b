//! What is sent to take a lead, to give it back, and to give it to somebody else.
use kernel::{LeadId, PoolId, Tidy, UserId, rule, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// Which lead is taken: the one that lies there longest, unless one is named.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct PoolClaim {
    pub lead_id: Option<LeadId>,
}

/// Why somebody gives a lead back.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "no answer after four calls"}))]
pub struct LeadReturn {
    #[validate(length(max = 500), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
    /// the pool that it came from, unless said otherwise
    pub pool_id: Option<PoolId>,
}

/// Who gets a lead of a pool, or into which pool it goes.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "one_way"))]
#[schema(example = json!({"owner_id": "0192f0c1-0000-7000-8000-000000000001", "reason": "knows them"}))]
pub struct LeadTransfer {
    pub owner_id: Option<UserId>,
    pub pool_id: Option<PoolId>,
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub reason: Option<String>,
}

impl Tidy for PoolClaim {}
impl Tidy for LeadReturn {
    fn tidy(&mut self) {
        tidy::trim(&mut self.reason);
    }
}
impl Tidy for LeadTransfer {
    fn tidy(&mut self) {
        self.reason.iter_mut().for_each(tidy::trim);
    }
}

fn one_way(transfer: &LeadTransfer) -> std::result::Result<(), ValidationError> {
    match transfer.owner_id.is_some() == transfer.pool_id.is_some() {
        true => Err(rule!("one_of", "either owner_id or pool_id says where it goes")),
        false => Ok(()),
    }
}
