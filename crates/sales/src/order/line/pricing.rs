//! From what a body says of a line to what is written: what the product gives, what may be missing, what it comes to.
//! All faults of all lines at once.
use super::NewOrderLine;
use crate::order::amounts::{Amounts, Terms};
use crate::product::{self, Product};
use kernel::{Ctx, Error, Fault, ProductId, Result, error, text};
use platform::Conn;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// A line that is ready to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Priced {
    pub line_key: String,
    pub position: i32,
    pub product_id: Option<ProductId>,
    pub sku: Option<String>,
    pub name: String,
    pub terms: Terms,
    pub amounts: Amounts,
}

/// All lines of an order, in their order; faults point to `/lines/0/…`.
pub fn price(conn: &mut Conn, ctx: &Ctx, currency: &str, lines: &[NewOrderLine]) -> Result<Vec<Priced>> {
    let products = products(conn, ctx, lines)?;
    let mut keys = Keys::default();
    let mut faults = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some(key) = &line.line_key
            && !keys.take(key)
        {
            faults.push(Fault::new(format!("/lines/{at}/line_key"), "twice", text!("is the key of another line too")));
        }
    }
    let mut priced = Vec::with_capacity(lines.len());
    for (at, (line, position)) in lines.iter().zip(1..).enumerate() {
        match one(line, &products, currency) {
            Ok(one) => {
                let line_key = line.line_key.clone().unwrap_or_else(|| keys.free(position));
                priced.push(Priced { line_key, position, ..one });
            }
            Err(more) => faults.extend(
                more.into_iter().map(|fault| Fault { pointer: format!("/lines/{at}{}", fault.pointer), ..fault }),
            ),
        }
    }
    done(priced, faults)
}

/// One more line, at `position`, of an order whose lines have the keys in `taken`.
pub fn price_one(
    conn: &mut Conn,
    ctx: &Ctx,
    currency: &str,
    line: &NewOrderLine,
    taken: Vec<String>,
    position: i32,
) -> Result<Priced> {
    let products = products(conn, ctx, std::slice::from_ref(line))?;
    let mut keys = Keys(taken.into_iter().collect());
    let line_key = line.line_key.clone().unwrap_or_else(|| keys.free(position));
    match one(line, &products, currency) {
        Ok(one) => Ok(Priced { line_key, position, ..one }),
        Err(faults) => Err(Error::from(refusal(&faults)).faults(faults)),
    }
}

fn done(priced: Vec<Priced>, faults: Vec<Fault>) -> Result<Vec<Priced>> {
    if faults.is_empty() { Ok(priced) } else { Err(Error::from(refusal(&faults)).faults(faults)) }
}

/// Where nothing but references is wrong, that is what the problem is called.
fn refusal(faults: &[Fault]) -> kernel::Code {
    let all = faults.iter().all(|fault| fault.code == error::UNKNOWN_REFERENCE.name);
    if all { error::UNKNOWN_REFERENCE } else { error::INVALID }
}

/// The products that the lines name: one statement, or none.
fn products(conn: &mut Conn, ctx: &Ctx, lines: &[NewOrderLine]) -> Result<Vec<Product>> {
    let ids: BTreeSet<ProductId> = lines.iter().filter_map(|line| line.product_id).collect();
    let by_sku = lines.iter().filter(|line| line.product_id.is_none());
    let skus: BTreeSet<&str> = by_sku.filter_map(|line| line.sku.as_deref()).collect();
    product::meant(conn, ctx, &Vec::from_iter(ids), &Vec::from_iter(skus))
}

/// Its key and its place are the caller's to add.
fn one(line: &NewOrderLine, products: &[Product], currency: &str) -> std::result::Result<Priced, Vec<Fault>> {
    let product = match (line.product_id, &line.sku) {
        (Some(id), _) => Some((products.iter().find(|product| product.id == id), "/product_id")),
        (None, Some(sku)) => Some((products.iter().find(|product| product.sku == *sku), "/sku")),
        (None, None) => None,
    };
    let product = match product {
        Some((None, pointer)) => {
            return Err(vec![Fault::new(pointer, "unknown_reference", text!("there is no such product"))]);
        }
        Some((found, _)) => found,
        None => None,
    };
    let known = |text: Option<&String>| text.filter(|text| !text.is_empty()).cloned();
    let name = line.name.clone().or_else(|| known(product.map(|product| &product.name)));
    let listed = product.and_then(|product| product.unit_price.as_ref()).filter(|price| price.currency == currency);
    let unit_price = line.unit_price.or_else(|| listed.map(|price| price.amount));
    let (Some(name), Some(unit_price)) = (name.as_ref(), unit_price) else {
        return Err(missing(name.is_none(), unit_price.is_none(), currency));
    };
    let terms = Terms {
        quantity: line.quantity,
        unit_price,
        discount_rate: line.discount_rate.unwrap_or(Decimal::ZERO),
        tax_rate: line.tax_rate.unwrap_or(Decimal::ZERO),
    };
    let amounts = terms.amounts(currency).ok_or_else(|| vec![too_large()])?;
    let sku = line.sku.clone().or_else(|| known(product.map(|product| &product.sku)));
    let product_id = product.map(|product| product.id);
    Ok(Priced { line_key: String::new(), position: 0, product_id, sku, name: name.clone(), terms, amounts })
}

fn missing(name: bool, unit_price: bool, currency: &str) -> Vec<Fault> {
    let name = name.then(|| Fault::new("/name", "required", text!("is needed where there is no product")));
    let price = unit_price.then(|| {
        Fault::new(
            "/unit_price",
            "required",
            text!("is needed where there is no product with a price in {currency}", currency),
        )
    });
    name.into_iter().chain(price).collect()
}

pub fn too_large() -> Fault {
    Fault::new("/quantity", "range", text!("the line comes to more than can be kept"))
}

/// The keys that the lines of an order have.
#[derive(Default)]
struct Keys(BTreeSet<String>);

impl Keys {
    fn take(&mut self, key: &str) -> bool {
        self.0.insert(key.to_owned())
    }

    /// The place as a key, or the next number that is free.
    fn free(&mut self, position: i32) -> String {
        let free = (position..).map(|number| number.to_string()).find(|key| !self.0.contains(key)).unwrap_or_default();
        self.0.insert(free.clone());
        free
    }
}
