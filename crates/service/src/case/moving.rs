//! The way of a case by the deeds of those who look after it: each is a change of its status by the one table, with
//! what is said of it.
use super::deeds::{changeable, write};
use super::standing::{CLOSED, OPEN, RESOLVED, STATUSES, is_done};
use super::{Case, CasePatch, store};
use customer::choices::one_of;
use diesel::Connection;
use kernel::{CaseId, CaseMessageId, Ctx, Result, Tidy, tidy};
use platform::Conn;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// Where a case goes.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"status": "pending"}))]
pub struct CaseTransition {
    #[validate(custom(function = "is_status"))]
    #[schema(example = "pending")]
    pub status: String,
}

/// How a case was solved.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resolution": "已换货，运单号 SF1234567890。", "root_cause": "包装不防潮"}))]
pub struct CaseResolution {
    /// what stands there already, unless said otherwise
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub resolution: Option<String>,
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub root_cause: Option<String>,
}

/// How a case comes to its end.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resolution": "客户已确认。", "with_children": true}))]
pub struct CaseClosing {
    /// what stands there already, unless said otherwise
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub resolution: Option<String>,
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub root_cause: Option<String>,
    /// closes what is a part of it, too, as far as the caller may change that
    #[serde(default)]
    #[schema(required = false)]
    pub with_children: bool,
}

/// Which messages become a case of their own.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"message_ids": ["0192f0c1-aaaa-7000-8000-000000000002"], "subject": "发票抬头有误"}))]
pub struct CaseSplit {
    #[validate(length(min = 1, max = 200))]
    #[schema(min_items = 1, max_items = 200)]
    pub message_ids: Vec<CaseMessageId>,
    /// that of the case, unless said otherwise
    #[validate(length(min = 1, max = 500), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 500)]
    pub subject: Option<String>,
}

impl Tidy for CaseTransition {}
impl Tidy for CaseResolution {}
impl Tidy for CaseClosing {}
impl Tidy for CaseSplit {
    fn tidy(&mut self) {
        self.subject.iter_mut().for_each(tidy::trim);
    }
}

fn is_status(text: &str) -> std::result::Result<(), ValidationError> {
    one_of(text, STATUSES)
}

/// One that is there already is answered as it is.
pub fn transition(conn: &mut Conn, ctx: &Ctx, id: CaseId, base: Option<i32>, to: &CaseTransition) -> Result<Case> {
    go(conn, ctx, id, base, &CasePatch { status: Some(to.status.clone()), ..CasePatch::default() })
}

pub fn resolve(conn: &mut Conn, ctx: &Ctx, id: CaseId, base: Option<i32>, how: &CaseResolution) -> Result<Case> {
    let patch = CasePatch {
        status: Some(RESOLVED.to_owned()),
        resolution: how.resolution.clone().map(Some),
        root_cause: how.root_cause.clone().map(Some),
        ..CasePatch::default()
    };
    go(conn, ctx, id, base, &patch)
}

/// It is taken up again; one that was not done is answered as it is.
pub fn reopen(conn: &mut Conn, ctx: &Ctx, id: CaseId, base: Option<i32>) -> Result<Case> {
    ctx.may_write::<Case>("status")?;
    conn.transaction(|conn| {
        let before = changeable(conn, ctx, id, base)?;
        match is_done(&before.status) {
            true => write(conn, ctx, &before, &CasePatch { status: Some(OPEN.to_owned()), ..CasePatch::default() }),
            false => Ok(before),
        }
    })
}

/// It is over, and so is what is a part of it, where that is asked for.
pub fn close(conn: &mut Conn, ctx: &Ctx, id: CaseId, base: Option<i32>, how: &CaseClosing) -> Result<Case> {
    let over = CasePatch { status: Some(CLOSED.to_owned()), ..CasePatch::default() };
    let patch = CasePatch {
        resolution: how.resolution.clone().map(Some),
        root_cause: how.root_cause.clone().map(Some),
        ..over.clone()
    };
    may_write(ctx, &patch)?;
    conn.transaction(|conn| {
        let before = changeable(conn, ctx, id, base)?;
        let done = if before.status == CLOSED { before } else { write(conn, ctx, &before, &patch)? };
        if how.with_children {
            for child in store::open_below(conn, ctx, id)? {
                write(conn, ctx, &child, &over)?;
            }
        }
        Ok(done)
    })
}

fn go(conn: &mut Conn, ctx: &Ctx, id: CaseId, base: Option<i32>, patch: &CasePatch) -> Result<Case> {
    may_write(ctx, patch)?;
    conn.transaction(|conn| {
        let before = changeable(conn, ctx, id, base)?;
        match patch.status.as_deref() == Some(before.status.as_str()) && patch.resolution.is_none() {
            true => Ok(before),
            false => write(conn, ctx, &before, patch),
        }
    })
}

/// What a deed writes of a case is the caller's to write.
fn may_write(ctx: &Ctx, patch: &CasePatch) -> Result<()> {
    let written = [
        ("status", patch.status.is_some()),
        ("resolution", patch.resolution.is_some()),
        ("root_cause", patch.root_cause.is_some()),
    ];
    written.into_iter().filter(|(_, is)| *is).try_for_each(|(field, _)| ctx.may_write::<Case>(field))
}
