//! A line as a shop tells it, with amounts, becomes a line as an order has it, with a price and rates, and comes to the
//! same. What an order comes to beyond its lines is a line of its own, so that sums agree to the cent.
use super::Row;
use kernel::money::round;
use rust_decimal::Decimal;

/// The key of the line that makes the sum right.
pub const ADJUSTMENT: &str = "adjustment";
const DECIMALS: u32 = 6;

/// A line on its way to an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub key: String,
    pub sku: Option<String>,
    pub name: String,
    pub quantity: Decimal,
    pub unit_price: Decimal,
    pub discount_rate: Decimal,
    pub tax_rate: Decimal,
}

/// What a shop says of a line. Of something that came back, all are negative.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub quantity: Decimal,
    /// before discounts
    pub list: Decimal,
    pub discount: Decimal,
    pub tax: Decimal,
    /// whether the tax is in the list price and the discount already
    pub included: bool,
    pub currency: &'a str,
}

impl Line {
    pub fn of(key: impl Into<String>, sku: Option<String>, name: Option<String>, told: &Told) -> Self {
        let (subtotal, discount) = told.before_tax();
        let net = subtotal - discount;
        let each = subtotal.checked_div(told.quantity).unwrap_or_default();
        Self {
            key: key.into(),
            name: short(&name.or_else(|| sku.clone()).unwrap_or_else(|| "?".to_owned())),
            sku: sku.filter(|sku| sku.chars().count() <= 100),
            quantity: told.quantity,
            unit_price: each.round_dp(DECIMALS),
            discount_rate: rate(discount, subtotal),
            tax_rate: rate(told.tax, net),
        }
    }

    /// An amount by itself, such as a fee.
    pub fn plain(key: impl Into<String>, name: &str, amount: Decimal) -> Self {
        let (name, unit_price) = (short(name), amount);
        let [discount_rate, tax_rate] = [Decimal::ZERO; 2];
        Self { key: key.into(), sku: None, name, quantity: Decimal::ONE, unit_price, discount_rate, tax_rate }
    }

    pub fn row(&self, order: &str) -> Row {
        let row = Row::default().with("order.external_id", order).with("line_key", &self.key).with("name", &self.name);
        let row = row.maybe("sku", self.sku.clone()).with("quantity", self.quantity.to_string());
        let row = row.with("unit_price", self.unit_price.to_string());
        row.with("discount_rate", self.discount_rate.to_string()).with("tax_rate", self.tax_rate.to_string())
    }
}

impl Told<'_> {
    /// Subtotal and discount without tax, so that subtotal − discount + tax is what is paid.
    fn before_tax(&self) -> (Decimal, Decimal) {
        if !self.included {
            return (self.list, self.discount);
        }
        let paid = self.list - self.discount;
        let net = paid - self.tax;
        if self.discount.is_zero() || paid.is_zero() {
            return (net + self.discount, self.discount);
        }
        let subtotal = (self.list * net).checked_div(paid).unwrap_or(self.list);
        let subtotal = round(subtotal, self.currency);
        (subtotal, subtotal - net)
    }
}

/// A share from 0 to 1; what is no share is made right by the sum.
fn rate(part: Decimal, whole: Decimal) -> Decimal {
    part.checked_div(whole).unwrap_or_default().round_dp(DECIMALS).clamp(Decimal::ZERO, Decimal::ONE)
}

fn short(name: &str) -> String {
    name.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sales::order::amounts::Terms;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn comes_to(quantity: &str, list: &str, discount: &str, tax: &str, included: bool) -> [Decimal; 3] {
        let [quantity, list, discount, tax] = [quantity, list, discount, tax].map(decimal);
        let told = Told { quantity, list, discount, tax, included, currency: "EUR" };
        let Line { quantity, unit_price, discount_rate, tax_rate, .. } = Line::of("1", None, None, &told);
        let amounts = Terms { quantity, unit_price, discount_rate, tax_rate }.amounts("EUR").unwrap();
        [amounts.subtotal - amounts.discount, amounts.tax, amounts.total].map(|figure| figure.normalize())
    }

    #[test]
    fn a_line_comes_to_what_the_shop_says() {
        let same = |got: [Decimal; 3], net: &str, tax: &str, total: &str| {
            assert_eq!(got, [net, tax, total].map(|text| decimal(text).normalize()));
        };
        same(comes_to("2", "398.00", "10.00", "31.04", false), "388.00", "31.04", "419.04");
        same(comes_to("3", "29.97", "0", "4.79", true), "25.18", "4.79", "29.97");
        same(comes_to("3", "29.97", "3.33", "4.25", true), "22.39", "4.25", "26.64");
        same(comes_to("-1", "-199.00", "0", "-15.92", false), "-199.00", "-15.92", "-214.92");
        same(comes_to("1", "0.00", "0", "0", false), "0", "0", "0");
        same(comes_to("7", "10.00", "10.00", "0", false), "0", "0", "0");
    }
}
