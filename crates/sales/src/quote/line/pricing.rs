//! From what a body says of the lines of a quote to what is written: prices come of the price book, the rest as the lines
//! of an order are read ([`crate::order::line::pricing`]), and all of it is reckoned as one.
use super::{NewQuoteLine, QuoteLine};
use crate::order::amounts::{Sums, Terms};
use crate::order::line::NewOrderLine;
use crate::order::line::pricing::{self, Priced};
use crate::price_book::{self, Asked};
use crate::product;
use crate::quote::amounts::{Fault as Wrong, LineAmounts, LineTerms, Manner, reckon};
use kernel::money::round;
use kernel::{Ctx, Error, Fault, PriceBookId, ProductId, Result, error, text};
use platform::Conn;
use std::collections::{BTreeMap, BTreeSet};

/// A line that is ready to be written.
#[derive(Clone, Debug)]
pub struct Offered {
    pub line_key: String,
    pub position: i32,
    pub product_id: Option<ProductId>,
    pub sku: Option<String>,
    pub name: String,
    pub asked: LineTerms,
    pub amounts: LineAmounts,
}

/// The lines of a body; faults point to `/lines/0/…`.
pub fn offer(
    conn: &mut Conn,
    ctx: &Ctx,
    book: Option<PriceBookId>,
    lines: &[NewQuoteLine],
    manner: &Manner,
) -> Result<(Vec<Offered>, Sums)> {
    let sums: Vec<Fault> = lines.iter().enumerate().filter_map(|(at, line)| fits(line, at, manner.currency)).collect();
    if !sums.is_empty() {
        return Err(Error::from(error::INVALID).faults(sums));
    }
    let asked = listed(conn, ctx, book, lines, manner.currency)?;
    let priced = pricing::price(conn, ctx, manner.currency, &asked)?;
    let offered = priced.into_iter().zip(lines).map(|(priced, line)| one(priced, line)).collect();
    reckoned(offered, manner)
}

/// The lines that stand, reckoned anew.
pub fn again(lines: &[QuoteLine], manner: &Manner) -> Result<(Vec<Offered>, Sums)> {
    reckoned(lines.iter().map(standing).collect(), manner)
}

fn reckoned(mut offered: Vec<Offered>, manner: &Manner) -> Result<(Vec<Offered>, Sums)> {
    let asked: Vec<LineTerms> = offered.iter().map(|line| line.asked).collect();
    let (amounts, sums) = reckon(&asked, manner).map_err(wrong)?;
    offered.iter_mut().zip(amounts).for_each(|(line, amounts)| line.amounts = amounts);
    Ok((offered, sums))
}

fn one(priced: Priced, line: &NewQuoteLine) -> Offered {
    let Priced { line_key, position, product_id, sku, name, terms, .. } = priced;
    let asked = LineTerms { terms, discount_fixed: line.discount_fixed };
    Offered { line_key, position, product_id, sku, name, asked, amounts: LineAmounts::default() }
}

pub fn standing(line: &QuoteLine) -> Offered {
    let terms = Terms {
        quantity: line.quantity,
        unit_price: line.unit_price,
        discount_rate: line.discount_rate,
        tax_rate: line.tax_rate,
    };
    let fixed = line.discount_fixed.as_ref().map(|money| money.amount);
    Offered {
        line_key: line.line_key.clone(),
        position: line.position,
        product_id: line.product_id,
        sku: line.sku.clone(),
        name: line.name.clone(),
        asked: LineTerms { terms, discount_fixed: fixed },
        amounts: line.amounts(),
    }
}

/// As lines of an order, each with the price that the book has for its quantity, where it says none itself. What has no
/// price there has none: whoever reads the lines says so.
fn listed(
    conn: &mut Conn,
    ctx: &Ctx,
    book: Option<PriceBookId>,
    lines: &[NewQuoteLine],
    currency: &str,
) -> Result<Vec<NewOrderLine>> {
    let bare = || lines.iter().filter(|line| line.unit_price.is_none());
    let ids: BTreeSet<ProductId> = bare().filter_map(|line| line.product_id).collect();
    let by_sku = bare().filter(|line| line.product_id.is_none());
    let skus: BTreeSet<&str> = by_sku.filter_map(|line| line.sku.as_deref()).collect();
    let products = product::meant(conn, ctx, &Vec::from_iter(ids), &Vec::from_iter(skus))?;
    let called: BTreeMap<&str, ProductId> = products.iter().map(|one| (one.sku.as_str(), one.id)).collect();
    let mut all = Vec::with_capacity(lines.len());
    for line in lines {
        let NewQuoteLine { line_key, product_id, sku, name, quantity, unit_price, discount_rate, tax_rate, .. } =
            line.clone();
        let named = product_id.or_else(|| called.get(sku.as_deref()?).copied());
        let named = named.filter(|id| unit_price.is_none() && products.iter().any(|one| one.id == *id));
        let unit_price = match named {
            None => unit_price,
            Some(id) => {
                let asked = Asked { currency: Some(currency.to_owned()), quantity, price_book: book, on: None };
                match price_book::price(conn, ctx, id, &asked) {
                    Ok(price) => Some(price.unit_price),
                    Err(error) if error.code == price_book::UNPRICED => None,
                    Err(error) => return Err(error),
                }
            }
        };
        all.push(NewOrderLine { line_key, product_id, sku, name, quantity, unit_price, discount_rate, tax_rate });
    }
    Ok(all)
}

/// A sum that is off a line is money of the quote's currency.
fn fits(line: &NewQuoteLine, at: usize, currency: &str) -> Option<Fault> {
    let is_finer = line.discount_fixed.is_some_and(|fixed| round(fixed, currency) != fixed);
    let place = format!("/lines/{at}/discount_fixed");
    is_finer.then(|| Fault::new(place, "decimals", text!("has more decimals than {currency}", currency)))
}

fn wrong(faults: Vec<Wrong>) -> Error {
    let fault = |wrong: Wrong| match wrong {
        Wrong::LineTooLarge(at) => {
            Fault::new(format!("/lines/{at}/quantity"), "range", text!("the line comes to more than can be kept"))
        }
        Wrong::LineDiscount(at) => {
            Fault::new(format!("/lines/{at}/discount_fixed"), "range", text!("is more than the line comes to"))
        }
        Wrong::Discount => Fault::new("/discount_fixed", "range", text!("is more than the lines come to")),
        Wrong::TooLarge => Fault::new("/lines", "range", text!("the quote comes to more than can be kept")),
    };
    Error::from(error::INVALID).faults(faults.into_iter().map(fault).collect())
}
