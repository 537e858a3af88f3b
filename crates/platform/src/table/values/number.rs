//! Numbers: exact decimals and whole numbers, with the marks that people group and split digits with.

use kernel::text;
use std::borrow::Cow;

use rust_decimal::Decimal;

use super::{Parsed, ValueFault, plain as narrowed, short};

/// What splits the whole part from the fraction; the other one groups thousands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// `1,234.50`
    #[default]
    Point,
    /// `1.234,50`
    Comma,
}

/// A decimal number: `1234.50`, `1,234.50`, `(12.00)` for a negative one, `¥`, `$`, `€` or `£` before or behind it.
pub fn decimal(text: &str, mark: Mark) -> Parsed<Decimal> {
    let fault = || ValueFault::new("decimal", text!("`{text}` is not a decimal number.", text = short(text)));
    let narrowed = narrowed(text);
    let (mut body, mut negative) = (narrowed.as_str(), false);
    if let Some(inner) = body.strip_prefix('(').and_then(|body| body.strip_suffix(')')) {
        (body, negative) = (inner.trim(), true);
    }
    body = unsigned(body, &mut negative).ok_or_else(fault)?;
    let (point, comma) = if mark == Mark::Point { ('.', ',') } else { (',', '.') };
    let (whole, fraction) = body.split_once(point).unwrap_or((body, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = ungrouped(whole, comma).ok_or_else(fault)?;
    if !digits(&whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return Err(fault());
    }
    let (sign, dot) = (if negative { "-" } else { "" }, if fraction.is_empty() { "" } else { "." });
    let exact = Decimal::from_str_exact(&format!("{sign}0{whole}{dot}{fraction}"));
    exact.map_err(|_| ValueFault::new("decimal_range", text!("The number has too many digits.")))
}

/// A whole number; `12.00` is one too, as spreadsheets write it.
pub fn whole(text: &str, mark: Mark) -> Parsed<i64> {
    let fault = || ValueFault::new("whole_number", text!("`{text}` is not a whole number.", text = short(text)));
    let number = decimal(text, mark).map_err(|_| fault())?;
    let number = Some(number).filter(|number| number.fract().is_zero()).ok_or_else(fault)?;
    i64::try_from(number.trunc()).map_err(|_| ValueFault::new("whole_number_range", text!("The number is too large.")))
}

/// A number as JSON and XML write it, without an exponent: `1.5e3` becomes `1500`.
pub(in super::super) fn plain(number: &str) -> Cow<'_, str> {
    if !number.contains(['e', 'E']) {
        return Cow::Borrowed(number);
    }
    match Decimal::from_scientific(number) {
        Ok(exact) => Cow::Owned(exact.normalize().to_string()),
        Err(_) => Cow::Borrowed(number),
    }
}

/// Takes the sign and the currency off, in either order; a sign within parentheses, or two of them, is none.
fn unsigned<'a>(text: &'a str, negative: &mut bool) -> Option<&'a str> {
    const CURRENCIES: [char; 5] = ['¥', '$', '€', '£', '元'];
    let mut body = text.trim();
    let (mut signed, mut priced) = (*negative, false);
    loop {
        let rest = match body.chars().next()? {
            sign @ ('+' | '-') if !signed => {
                (signed, *negative) = (true, sign == '-');
                body.strip_prefix(sign)?
            }
            currency if CURRENCIES.contains(&currency) && !priced => {
                priced = true;
                body.strip_prefix(currency)?
            }
            _ => break,
        };
        body = rest.trim_start();
    }
    let bare = body.strip_suffix(CURRENCIES).filter(|_| !priced).map(str::trim_end);
    Some(bare.unwrap_or(body))
}

/// The digits without their grouping, if the groups are of three.
fn ungrouped(whole: &str, comma: char) -> Option<Cow<'_, str>> {
    let separator = [comma, ' ', '\''].into_iter().find(|&separator| whole.contains(separator));
    let Some(separator) = separator else { return Some(Cow::Borrowed(whole)) };
    let mut groups = whole.split(separator);
    let first = groups.next()?;
    let sound = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    sound.then(|| Cow::Owned(whole.replace(separator, "")))
}
