//! What of an instalment is open may be waived: nobody has to pay it any more. What it has got, it keeps; what of that
//! is taken off later is open again.
use super::{Installment, NOT_OPEN, NOT_WAIVED, Sums, store};
use crate::contract::deeds::changeable;
use crate::contract::{self, Contract};
use crate::others;
use diesel::Connection;
use kernel::{Ctx, InstallmentId, Result, Tidy, tidy};
use platform::Conn;
use platform::deed::untouched;
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// Why nobody has to pay an instalment any more.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "the last delivery was late"}))]
pub struct InstallmentWaiver {
    #[validate(length(max = 500), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

impl Tidy for InstallmentWaiver {}

/// Waives all that is open of it; with a `base`, only if the instalment is still at that version.
pub fn waive(
    conn: &mut Conn,
    ctx: &Ctx,
    id: InstallmentId,
    base: Option<i32>,
    why: &InstallmentWaiver,
) -> Result<Installment> {
    ctx.may_write::<Installment>("waived")?;
    conn.transaction(|conn| {
        let (contract, before) = held(conn, ctx, id, base)?;
        let open = before.sums().open();
        if open <= Decimal::ZERO {
            return Err(NOT_OPEN.into());
        }
        let after = store::waive(conn, ctx, id, before.waived.amount + open, &why.reason)?;
        contract::store::set_waived(conn, ctx, contract.id, contract.waived.amount + open)?;
        Ok(after)
    })
}

/// All that was waived of it is open again, and due by its day.
pub fn unwaive(conn: &mut Conn, ctx: &Ctx, id: InstallmentId, base: Option<i32>) -> Result<Installment> {
    ctx.may_write::<Installment>("waived")?;
    conn.transaction(|conn| {
        let (contract, before) = held(conn, ctx, id, base)?;
        let waived = before.waived.amount;
        if waived.is_zero() {
            return Err(NOT_WAIVED.into());
        }
        let today = others::today(conn, ctx)?;
        let sums = Sums { waived: Decimal::ZERO, ..before.sums() };
        let status = sums.status(before.due_on, before.overdue_at.is_some(), today);
        let after = store::unwaive(conn, ctx, id, status)?;
        contract::store::set_waived(conn, ctx, contract.id, contract.waived.amount - waived)?;
        Ok(after)
    })
}

/// The instalment, with its contract locked for a change.
pub(super) fn held(
    conn: &mut Conn,
    ctx: &Ctx,
    id: InstallmentId,
    base: Option<i32>,
) -> Result<(Contract, Installment)> {
    let of = store::find(conn, ctx, id)?;
    let contract = changeable(conn, ctx, of.contract_id, None)?;
    // it may have been changed, or have gone, before the contract was held
    let before = store::find(conn, ctx, id)?;
    match base.is_none_or(|version| version == before.version) {
        true => Ok((contract, before)),
        false => Err(untouched(conn, ctx, store::find, id, base)),
    }
}
