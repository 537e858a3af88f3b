//! What is wrong with a cart or a promotion: where, and which rule. Words for people are added by whoever answers.
use serde::Serialize;

/// One broken rule, at a JSON pointer (`/lines/0/quantity`, `/promotions/2/benefit/rate`).
///
/// Codes: `currency` (no such currency), `decimals` (finer than the currency), `range` (a figure that cannot be, or sums
/// that come to more than can be kept), `duplicate` (two of one key or code), `order` (it ends before it begins),
/// `required` (a key or a code that is empty).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub pointer: String,
    pub code: &'static str,
}

impl Fault {
    pub(super) fn new(pointer: impl Into<String>, code: &'static str) -> Self {
        Self { pointer: pointer.into(), code }
    }
}
