//! Who would be in a segment: how many, and some of them, as whoever asks sees them.
mod store;

pub(super) use store::{Wanted, hold, ids};

use super::says;
use crate::Conn;
use crate::filter::Seen;
use kernel::catalogue::Catalogues;
use kernel::{Action, Ctx, Error, Result, SegmentId, Tidy, tidy};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Up to here it is counted, beyond it is estimated.
const COUNTED: i64 = 10_000;
/// How many are shown.
const SHOWN: i64 = 20;

/// What a segment might say.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resource": "contact", "filter": "lifecycle_stage == \"customer\""}))]
pub struct SegmentQuestion {
    /// the noun whose records would be in it
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50, example = "contact")]
    pub resource: String,
    /// in the filter language
    #[validate(length(max = 4096), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 4096)]
    pub filter: String,
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(required = false, max_items = 50)]
    pub exclude_ids: Vec<SegmentId>,
}

/// Who would be in it, of those whom the caller sees.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"resource": "contact", "count": 1204, "is_estimated": false, "refresh": "never", "data": []}))]
pub struct SegmentPreview {
    pub resource: String,
    pub count: i64,
    /// whether the count is what the planner expects, which it is beyond 10,000
    pub is_estimated: bool,
    /// `hourly` where time alone would change who is in it
    pub refresh: String,
    /// the newest of them
    #[schema(value_type = Vec<Object>)]
    pub data: Vec<Value>,
}

/// Who would be in it, and the ids of some.
pub struct Previewed {
    pub noun: &'static str,
    pub count: i64,
    pub is_estimated: bool,
    pub refresh: &'static str,
    pub ids: Vec<Uuid>,
}

pub fn preview(conn: &mut Conn, ctx: &Ctx, all: &'static Catalogues, asked: &SegmentQuestion) -> Result<Previewed> {
    let noun = says::noun(all, &asked.resource)?;
    ctx.must_all(noun.noun, &[Action::Read])?;
    let excludes: Vec<Uuid> = asked.exclude_ids.iter().map(|id| id.0).collect();
    let says = says::read(all, noun, &asked.filter, &excludes, &Seen(&ctx.grants));
    let says = says.map_err(|refusal| Error::from(refusal.under("/filter")))?;
    let wanted = Wanted { noun, parts: says.filter.parts(all, ctx), members: None };
    let (count, is_estimated) = store::count(conn, ctx, &wanted, COUNTED)?;
    let ids = ids(conn, ctx, &wanted, SHOWN)?;
    Ok(Previewed { noun: noun.noun, count, is_estimated, refresh: says.refresh, ids })
}

impl Tidy for SegmentQuestion {}
