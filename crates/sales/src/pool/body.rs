//! What is sent to make a pool, and to change it.
use super::schema::pools;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{PoolId, Tidy, UserId, patch, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// What a new pool is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = pools, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "华东公海", "queue_id": "0192f0c1-0000-7000-8000-000000000009", "claims_per_day": 20, "held_at_most": 50,
    "idle_days": 30
}))]
pub struct NewPool {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<PoolId>,
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    /// a queue that owns no leads yet, and of no other pool; it stays
    pub queue_id: UserId,
    /// as many as they like, where it is absent
    #[validate(range(min = 1, max = 100000))]
    #[schema(minimum = 1, maximum = 100_000)]
    pub claims_per_day: Option<i32>,
    /// as many as they like, where it is absent
    #[validate(range(min = 1, max = 1000000))]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub held_at_most: Option<i32>,
    /// nothing comes back by itself, where it is absent
    #[validate(range(min = 1, max = 3650))]
    #[schema(minimum = 1, maximum = 3650)]
    pub idle_days: Option<i32>,
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_masked: bool,
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub is_active: bool,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = pools)]
#[schema(example = json!({"claims_per_day": 10}))]
pub struct PoolPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 2000))]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(range(min = 1, max = 100000))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 100_000)]
    pub claims_per_day: Option<Option<i32>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(range(min = 1, max = 1000000))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 1_000_000)]
    pub held_at_most: Option<Option<i32>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(range(min = 1, max = 3650))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 3650)]
    pub idle_days: Option<Option<i32>>,
    /// of what comes into the pool from now on
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_masked: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
}

impl Tidy for NewPool {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for PoolPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}

fn yes() -> bool {
    true
}
