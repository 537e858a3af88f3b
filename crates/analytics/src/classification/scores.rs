//! What an account is by each segmentation, and why, in words.
use super::{Classification, store};
use crate::accounts;
use crate::facts::{self, Base};
use crate::segmentation::run::model::Model;
use crate::segmentation::{self, CLUSTERS, RFM, Segmentation, VALUE};
use chrono::{DateTime, Utc};
use kernel::{AccountId, Ctx, Result, SegmentationId, SegmentationRunId, Text, text};
use platform::{Conn, visible};
use rust_decimal::Decimal;

/// What an account is by one segmentation.
#[derive(Clone, Debug)]
pub struct AccountScore {
    pub segmentation_id: SegmentationId,
    pub run_id: SegmentationRunId,
    pub key: String,
    pub name: String,
    pub kind: String,
    pub class: String,
    pub recency_score: Option<i32>,
    pub frequency_score: Option<i32>,
    pub monetary_score: Option<i32>,
    pub since: DateTime<Utc>,
    /// why, as callers read it
    pub reasons: Vec<Text>,
}

/// What an account is by all segmentations.
#[derive(Clone, Debug)]
pub struct AccountScores {
    pub account_id: AccountId,
    pub scores: Vec<AccountScore>,
}

/// What an account that the caller sees is now, by the name of what says so.
pub fn of_account(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> Result<AccountScores> {
    accounts::seen(conn, ctx, id)?;
    let mut scores = Vec::new();
    for (now, of) in store::now_of(conn, ctx, id)? {
        let reasons = reasons(conn, ctx, &now, &of)?;
        let Classification { segmentation_id, run_id, class, recency_score, frequency_score, monetary_score, .. } = now;
        scores.push(AccountScore {
            segmentation_id,
            run_id,
            key: of.key,
            name: of.name,
            kind: of.kind,
            class,
            recency_score,
            frequency_score,
            monetary_score,
            since: now.valid_from_at,
            reasons,
        });
    }
    Ok(AccountScores { account_id: id, scores })
}

fn reasons(conn: &mut Conn, ctx: &Ctx, now: &Classification, of: &Segmentation) -> Result<Vec<Text>> {
    let Some(model) = segmentation::run::store::model(conn, ctx.tenant, now.run_id)? else { return Ok(Vec::new()) };
    if ![RFM, VALUE, CLUSTERS].contains(&of.kind.as_str()) {
        return Ok(vec![text!("a filter of this class finds it, and none before that")]);
    }
    if !visible::is_whole(ctx, "order") {
        return Ok(vec![text!("by all orders of the account, of which you may see some alone")]);
    }
    let found = facts::these(conn, &model.look(ctx.tenant), &[now.account_id.0])?;
    let Some(base) = found.into_iter().find(|base| base.last_on.is_some()) else {
        return Ok(vec![text!("there are no orders that count")]);
    };
    Ok(said(now, &model, &base))
}

fn said(now: &Classification, model: &Model, base: &Base) -> Vec<Text> {
    let days = base.last_on.map_or(0, |day| model.as_of_on.signed_duration_since(day).num_days().max(0));
    let count = base.order_count.unwrap_or_default();
    let amount = if model.is_net { base.net } else { base.revenue }.unwrap_or(Decimal::ZERO).normalize();
    let currency = &model.currency;
    match (now.recency_score, now.frequency_score, now.monetary_score) {
        (Some(recency), Some(frequency), Some(monetary)) => vec![
            text!(
                "the last order was {days} days before {day}: {score} of 5",
                days,
                day = model.as_of_on,
                score = recency
            ),
            text!("{count} orders: {score} of 5", count, score = frequency),
            text!("{amount} {currency} in all: {score} of 5", amount, currency, score = monetary),
        ],
        _ => vec![
            text!("the last order was {days} days before {day}", days, day = model.as_of_on),
            text!("{count} orders of {amount} {currency} in all", count, amount, currency),
        ],
    }
}
