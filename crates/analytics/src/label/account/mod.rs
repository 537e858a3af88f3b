//! What accounts are called. People say so, and runs of segmentations; what people say beats what a run says: a run neither
//! takes it away nor gives another class of the same segmentation beside it, and what somebody has taken away no run gives
//! again, until that is released. Each change is told as an event of the account.
pub(crate) mod store;

pub use store::of_all;

use super::store as labels;
use crate::accounts;
use chrono::{DateTime, Utc};
use diesel::Connection;
use diesel::prelude::Queryable;
use kernel::{AccountId, Ctx, Error, LabelId, Result, Tidy, UserId, text};
use platform::{Conn, crash};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A label that an account has.
#[derive(Clone, Debug, Queryable, Serialize, ToSchema)]
#[schema(example = json!({
    "account_id": "0192f0c1-1111-7000-8000-000000000002", "id": "0192f0c1-9999-7000-8000-000000000001", "key": "vip",
    "name": "VIP", "color": "#b8860b", "source": "manual", "evidence": "met at the fair", "expires_at": null,
    "created_at": "2026-11-27T08:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001"
}))]
pub struct AccountLabel {
    pub account_id: AccountId,
    /// of the label
    pub id: LabelId,
    #[schema(example = "vip")]
    pub key: String,
    pub name: String,
    #[schema(example = "#b8860b")]
    pub color: Option<String>,
    /// who says so: `manual` or `automatic`
    #[schema(example = "manual")]
    pub source: String,
    /// why, in somebody's words
    pub evidence: Option<String>,
    /// until when
    pub expires_at: Option<DateTime<Utc>>,
    /// since when
    pub created_at: DateTime<Utc>,
    pub created_by: UserId,
}

/// Accounts that are given a label.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"account_ids": ["0192f0c1-1111-7000-8000-000000000002"], "evidence": "met at the fair"}))]
pub struct LabelAssignment {
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000)]
    pub account_ids: Vec<AccountId>,
    /// why
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub evidence: Option<String>,
    /// until when; for good, where it is absent
    pub expires_at: Option<DateTime<Utc>>,
}

/// Accounts that lose a label, or of which runs decide again.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"account_ids": ["0192f0c1-1111-7000-8000-000000000002"]}))]
pub struct LabelRemoval {
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000)]
    pub account_ids: Vec<AccountId>,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"changed_count": 1}))]
pub struct LabelsAssigned {
    /// the others were called so already, or were not
    pub changed_count: i64,
}

impl Tidy for LabelAssignment {}
impl Tidy for LabelRemoval {}

/// The labels of an account, by name.
pub fn of(conn: &mut Conn, ctx: &Ctx, account: AccountId) -> Result<Vec<AccountLabel>> {
    accounts::seen(conn, ctx, account)?;
    of_all(conn, ctx, &[account])
}

/// Somebody says that accounts are called so; all of them, or none. In a transaction.
pub fn assign(conn: &mut Conn, ctx: &Ctx, id: LabelId, asked: &LabelAssignment) -> Result<LabelsAssigned> {
    let label = labels::find(conn, ctx, id)?;
    if asked.expires_at.is_some_and(|at| at <= ctx.now) {
        return Err(Error::invalid("/expires_at", "order", text!("is over already")));
    }
    accounts::changeable(conn, ctx, &asked.account_ids)?;
    store::unrefuse(conn, ctx, id, &asked.account_ids)?;
    let mut changed = store::put(conn, ctx, id, asked)?;
    if let Some(segmentation) = label.segmentation_id {
        changed.extend(store::take_automatic(conn, ctx, segmentation, &asked.account_ids)?);
    }
    told(conn, ctx, changed)
}

/// Somebody says that accounts are not called so. In a transaction.
pub fn unassign(conn: &mut Conn, ctx: &Ctx, id: LabelId, asked: &LabelRemoval) -> Result<LabelsAssigned> {
    let label = labels::find(conn, ctx, id)?;
    accounts::changeable(conn, ctx, &asked.account_ids)?;
    if label.segmentation_id.is_some() {
        store::refuse(conn, ctx, id, &asked.account_ids)?;
    }
    let changed = store::take(conn, ctx, id, &asked.account_ids)?;
    told(conn, ctx, changed)
}

/// Nobody says anything of accounts and a label any more: what a run says holds again, a moment later. In a transaction.
pub fn release(conn: &mut Conn, ctx: &Ctx, id: LabelId, asked: &LabelRemoval) -> Result<LabelsAssigned> {
    labels::find(conn, ctx, id)?;
    accounts::changeable(conn, ctx, &asked.account_ids)?;
    store::unrefuse(conn, ctx, id, &asked.account_ids)?;
    let changed = store::take_manual(conn, ctx, id, &asked.account_ids)?;
    store::ask_again(conn, ctx, &asked.account_ids)?;
    told(conn, ctx, changed)
}

/// Nobody is called so any more. In a transaction.
pub(crate) fn drop_all(conn: &mut Conn, ctx: &Ctx, label: LabelId) -> Result<()> {
    let gone = store::take_all(conn, ctx, label)?;
    accounts::told(conn, ctx, &gone)
}

/// Takes labels away whose time is over, of all tenants; how many there were.
pub fn expire(conn: &mut Conn) -> Result<usize> {
    conn.transaction(|conn| {
        let gone = store::expired(conn)?;
        let mut whose: BTreeMap<_, Vec<Uuid>> = BTreeMap::new();
        for one in &gone {
            whose.entry((one.tenant, one.created_by)).or_default().push(one.account);
        }
        for ((tenant, user), ids) in whose {
            let ctx = Ctx::powerless(tenant, user, kernel::clock::now());
            let again: Vec<AccountId> = ids.iter().copied().map(AccountId).collect();
            store::ask_again(conn, &ctx, &again)?;
            accounts::told(conn, &ctx, &ids)?;
        }
        crash::point("labels_expired");
        Ok(gone.len())
    })
}

fn told(conn: &mut Conn, ctx: &Ctx, mut changed: Vec<Uuid>) -> Result<LabelsAssigned> {
    changed.sort_unstable();
    changed.dedup();
    accounts::told(conn, ctx, &changed)?;
    Ok(LabelsAssigned { changed_count: i64::try_from(changed.len()).unwrap_or(i64::MAX) })
}
