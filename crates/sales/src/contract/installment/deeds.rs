//! What becomes of a single instalment: another day, and what it is by what it has got and what of it is waived.
use super::waiving::held;
use super::{Installment, InstallmentPatch, store};
use crate::contract::deeds::touch;
use crate::others;
use chrono::NaiveDate;
use diesel::Connection;
use kernel::{Ctx, InstallmentId, Result};
use platform::Conn;
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
        let (contract, before) = held(conn, ctx, id, base)?;
        let today = others::today(conn, ctx)?;
        let due_on = patch.due_on.unwrap_or(before.due_on);
        // one whose day comes again is told again when that is over
        let overdue_at = before.overdue_at.filter(|_| due_on < today);
        let status = before.sums().status(due_on, overdue_at.is_some(), today);
        let after = store::update(conn, ctx, id, patch, status, overdue_at)?;
        touch(conn, ctx, &contract)?;
        Ok(after)
    })
}

/// What an instalment comes to, what it has got, and what of it nobody has to pay any more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sums {
    pub amount: Decimal,
    pub paid: Decimal,
    pub waived: Decimal,
}

impl Sums {
    /// What is to be paid still.
    pub fn open(self) -> Decimal {
        self.amount - self.paid - self.waived
    }

    /// What is paid is paid, and what is not may be waived; the rest is due on its day, and overdue once that was told.
    pub fn status(self, due_on: NaiveDate, is_told: bool, today: NaiveDate) -> &'static str {
        match () {
            () if self.paid >= self.amount => "paid",
            () if self.open() <= Decimal::ZERO => "waived",
            () if is_told => "overdue",
            () if self.paid > Decimal::ZERO => "partially_paid",
            () if due_on <= today => "due",
            () => "planned",
        }
    }
}

impl Installment {
    pub(crate) fn sums(&self) -> Sums {
        Sums { amount: self.amount.amount, paid: self.paid.amount, waived: self.waived.amount }
    }
}
