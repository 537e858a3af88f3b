//! Exact decimals on the wire: text, without the zeros at its end.
use rust_decimal::Decimal;
use serde::Serializer;

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
pub fn plain<S: Serializer>(figure: &Decimal, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&figure.normalize())
}
