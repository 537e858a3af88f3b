//! What becomes of a single instalment: another day, and what it is by what it has got.
use super::{Installment, InstallmentPatch, store};
use crate::contract::deeds::{changeable, touch};
use crate::others;
use chrono::NaiveDate;
use diesel::Connection;
use kernel::{Ctx, InstallmentId, Result};
use platform::Conn;
use platform::deed::untouched;
use rust_decimal::Decimal;

/// Another day, or another word; what it comes to stays.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: InstallmentId,
    base: Option<i32>,
    patch: &InstallmentPatch,
) -> Result<Installment> {
    conn.transaction(|conn| {
        let of = store::find(conn, ctx, id)?;
        let contract = changeable(conn, ctx, of.contract_id, None)?;
        // it may have been changed, or have gone, before the contract was held
        let before = store::find(conn, ctx, id)?;
        if base.is_some_and(|version| version != before.version) {
            return Err(untouched(conn, ctx, store::find, id, base));
        }
        let today = others::today(conn, ctx)?;
        let due_on = patch.due_on.unwrap_or(before.due_on);
        // one whose day comes again is told again when that is over
        let overdue_at = before.overdue_at.filter(|_| due_on < today);
        let status = status_of(before.amount.amount, before.paid.amount, due_on, overdue_at.is_some(), today);
        let after = store::update(conn, ctx, id, patch, status, overdue_at)?;
        touch(conn, ctx, &contract)?;
        Ok(after)
    })
}

/// What is paid is paid; what is not is due on its day, and overdue once that was told.
pub(crate) fn status_of(
    amount: Decimal,
    paid: Decimal,
    due_on: NaiveDate,
    is_told: bool,
    today: NaiveDate,
) -> &'static str {
    match () {
        () if paid >= amount => "paid",
        () if is_told => "overdue",
        () if paid > Decimal::ZERO => "partially_paid",
        () if due_on <= today => "due",
        () => "planned",
    }
}
