//! `/v1/accounts/{id}/scores`: what an account was sorted as, and why.
use crate::answer::Result;
use crate::extract::{Can, Id};
use crate::language;
use crate::routes::Routes;
use ::analytics::classification;
use ::analytics::segmentation::Segmentation;
use ::customer::account::Account;
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, get};
use chrono::{DateTime, Utc};
use kernel::{AccountId, Read, SegmentationId, SegmentationRunId};
use platform::Db;
use serde::Serialize;
use utoipa::ToSchema;

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_account_scores);
}

/// What an account is by one segmentation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "segmentation_id": "0192f0c1-9999-7000-8000-000000000002", "run_id": "0192f0c1-9999-7000-8000-000000000003",
    "key": "rfm", "name": "RFM", "kind": "rfm", "class": "champion", "recency_score": 5, "frequency_score": 5,
    "monetary_score": 5, "since": "2026-11-27T08:00:00Z", "reasons": ["12 orders: 5 of 5"]
}))]
pub struct AccountScore {
    pub segmentation_id: SegmentationId,
    /// the run by which it was sorted so
    pub run_id: SegmentationRunId,
    /// of the segmentation
    #[schema(example = "rfm")]
    pub key: String,
    pub name: String,
    #[schema(example = "rfm")]
    pub kind: String,
    #[schema(example = "champion")]
    pub class: String,
    /// of RFM, from 1 to 5
    #[schema(example = 5)]
    pub recency_score: Option<i32>,
    #[schema(example = 5)]
    pub frequency_score: Option<i32>,
    #[schema(example = 5)]
    pub monetary_score: Option<i32>,
    /// since when it is so
    pub since: DateTime<Utc>,
    /// why, in the caller's language
    pub reasons: Vec<String>,
}

/// What an account is by all segmentations.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"account_id": "0192f0c1-1111-7000-8000-000000000002", "scores": []}))]
pub struct AccountScores {
    pub account_id: AccountId,
    /// by the name of the segmentation
    pub scores: Vec<AccountScore>,
}

/// Get what an account was sorted as
///
/// By each segmentation, with the reasons in words. Whoever may not see all orders is told no sums of them.
#[utoipa::path(tag = "segmentations", params(("id" = AccountId, Path)),
    responses((status = 200, description = "what it is", body = AccountScores)))]
#[get("/accounts/{id}/scores")]
async fn get_account_scores(
    req: HttpRequest,
    db: Data<Db>,
    Can(can): Can<(Read<Account>, Read<Segmentation>)>,
    Id(id): Id<AccountId>,
) -> Result<Json<AccountScores>> {
    let found = db.read(can, move |conn, ctx| classification::of_account(conn, ctx, id)).await?;
    let (language, texts) = (language::of(&req), language::texts());
    let one = |one: classification::AccountScore| AccountScore {
        segmentation_id: one.segmentation_id,
        run_id: one.run_id,
        key: one.key,
        name: one.name,
        kind: one.kind,
        class: one.class,
        recency_score: one.recency_score,
        frequency_score: one.frequency_score,
        monetary_score: one.monetary_score,
        since: one.since,
        reasons: one.reasons.iter().map(|text| text.told(language, texts)).collect(),
    };
    Ok(Json(AccountScores { account_id: found.account_id, scores: found.scores.into_iter().map(one).collect() }))
}
