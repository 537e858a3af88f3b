//! What a line and an order come to. Pure arithmetic on exact decimals.
//!
//! ```text
//! line:   subtotal = round(quantity × unit_price)        order: subtotal, discount, tax = sums over the lines
//!         discount = round(subtotal × discount_rate)            total = subtotal − discount + tax + shipping
//!         tax      = round((subtotal − discount) × tax_rate)
//!         total    = subtotal − discount + tax
//! ```
//! Rounding is to the decimals of the currency, halves away from zero, so that a return (a negative quantity) takes
//! back to the cent what the sale brought. Every line is rounded by itself: what is printed adds up.
use kernel::money::{in_range, round};
use rust_decimal::Decimal;

/// What a line's amounts follow from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    pub quantity: Decimal,
    pub unit_price: Decimal,
    pub discount_rate: Decimal,
    pub tax_rate: Decimal,
}

/// The amounts of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amounts {
    pub subtotal: Decimal,
    pub discount: Decimal,
    pub tax: Decimal,
    pub total: Decimal,
}

/// The amounts of an order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    pub subtotal: Decimal,
    pub discount: Decimal,
    pub tax: Decimal,
    pub shipping: Decimal,
    pub total: Decimal,
    pub line_count: i32,
}

impl Terms {
    /// `None` where they come to more than a column keeps.
    pub fn amounts(&self, currency: &str) -> Option<Amounts> {
        let subtotal =
            Some(round(self.quantity.checked_mul(self.unit_price)?, currency)).filter(|kept| in_range(*kept))?;
        let discount = round(subtotal.checked_mul(self.discount_rate)?, currency);
        let net = subtotal - discount;
        let tax = round(net.checked_mul(self.tax_rate)?, currency);
        let amounts = Amounts { subtotal, discount, tax, total: net + tax };
        in_range(amounts.total).then_some(amounts)
    }
}

impl Sums {
    /// Over the lines of an order. `None` where they come to more than a column keeps.
    pub fn over<'a>(lines: impl IntoIterator<Item = &'a Amounts>, shipping: Decimal) -> Option<Self> {
        let start = Self { shipping, ..Self::default() };
        let sums = lines.into_iter().fold(start, |sums, line| Self {
            subtotal: sums.subtotal + line.subtotal,
            discount: sums.discount + line.discount,
            tax: sums.tax + line.tax,
            line_count: sums.line_count + 1,
            ..sums
        });
        sums.closed()
    }

    /// With its total. `None` where it is more than a column keeps.
    pub fn closed(self) -> Option<Self> {
        let total = self.subtotal - self.discount + self.tax + self.shipping;
        let kept = [self.subtotal, self.discount, self.tax, total].into_iter().all(in_range);
        kept.then_some(Self { total, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn amounts(quantity: &str, unit_price: &str, discount_rate: &str, tax_rate: &str, currency: &str) -> [String; 4] {
        let [quantity, unit_price, discount_rate, tax_rate] =
            [quantity, unit_price, discount_rate, tax_rate].map(decimal);
        let line = Terms { quantity, unit_price, discount_rate, tax_rate }.amounts(currency).unwrap();
        [line.subtotal, line.discount, line.tax, line.total].map(|amount| amount.normalize().to_string())
    }

    #[test]
    fn a_line_is_rounded_step_by_step() {
        assert_eq!(amounts("3", "9.99", "0.1", "0.13", "CNY"), ["29.97", "3", "3.51", "30.48"]);
        assert_eq!(amounts("-3", "9.99", "0.1", "0.13", "CNY"), ["-29.97", "-3", "-3.51", "-30.48"]);
        assert_eq!(amounts("1.5", "333", "0", "0.1", "JPY"), ["500", "0", "50", "550"]);
        assert_eq!(amounts("1", "0.005", "0", "0", "EUR"), ["0.01", "0", "0", "0.01"]);
        assert_eq!(amounts("2", "1.0005", "0", "0", "KWD"), ["2.001", "0", "0", "2.001"]);
        assert_eq!(amounts("7", "100", "1", "0.2", "USD"), ["700", "700", "0", "0"]);
    }

    #[test]
    fn an_order_adds_its_lines_and_the_shipping() {
        let terms = |quantity| Terms {
            quantity: decimal(quantity),
            unit_price: decimal("10.01"),
            discount_rate: decimal("0.05"),
            tax_rate: decimal("0.2"),
        };
        let lines = ["2", "-1", "0.5"].map(|quantity| terms(quantity).amounts("EUR").unwrap());
        let sums = Sums::over(&lines, decimal("4.90")).unwrap();
        assert_eq!((sums.subtotal, sums.line_count), (decimal("15.02"), 3));
        assert_eq!(sums.total, lines.iter().map(|line| line.total).sum::<Decimal>() + decimal("4.90"));
        assert_eq!(Sums::over([], decimal("4.90")).unwrap().total, decimal("4.90"));
    }

    #[test]
    fn what_no_column_keeps_is_refused() {
        let most = decimal("999999999999999.999999");
        let terms = Terms { quantity: most, unit_price: most, discount_rate: Decimal::ZERO, tax_rate: Decimal::ZERO };
        assert_eq!(terms.amounts("CNY"), None);
        let terms = Terms { quantity: decimal("79000000000000"), tax_rate: Decimal::ONE, ..terms };
        assert_eq!(terms.amounts("CNY"), None);
        let line = Amounts { subtotal: decimal("900000000000000"), ..Amounts::default() };
        assert_eq!(Sums::over([&line, &line], Decimal::ZERO), None);
    }

    /// Halves away from zero, on whole numbers.
    fn divided(amount: i128, by: i128) -> i128 {
        (amount.abs() + by / 2) / by * amount.signum()
    }

    proptest! {
        /// The same sums in whole numbers: millionths for what is asked, cents for what comes of it.
        #[test]
        fn equal_to_whole_numbers(q in -1_000_000_000_000_i64..1_000_000_000_000, p in -1_000_000_000_000_i64..1_000_000_000_000,
                                  d in 0_i64..=1_000_000, t in 0_i64..=1_000_000) {
            let millionths = |figure: i64| Decimal::new(figure, 6);
            let terms = Terms { quantity: millionths(q), unit_price: millionths(p), discount_rate: millionths(d), tax_rate: millionths(t) };
            let line = terms.amounts("CNY").unwrap();
            let subtotal = divided(i128::from(q) * i128::from(p), 10_000_000_000);
            let discount = divided(subtotal * i128::from(d), 1_000_000);
            let tax = divided((subtotal - discount) * i128::from(t), 1_000_000);
            let cents = |figure: i128| Decimal::from_i128_with_scale(figure, 2);
            prop_assert_eq!(line, Amounts {
                subtotal: cents(subtotal), discount: cents(discount), tax: cents(tax), total: cents(subtotal - discount + tax),
            });
        }

        #[test]
        fn a_return_mirrors_the_sale(q in 1_i64..10_000_000, p in 0_i64..10_000_000_000, d in 0_i64..=100, t in 0_i64..=100) {
            let terms = |sign: i64| Terms {
                quantity: Decimal::new(q * sign, 3), unit_price: Decimal::new(p, 4),
                discount_rate: Decimal::new(d, 2), tax_rate: Decimal::new(t, 2),
            };
            let (sale, back) = (terms(1).amounts("KWD").unwrap(), terms(-1).amounts("KWD").unwrap());
            prop_assert_eq!(sale.total + back.total, Decimal::ZERO);
            prop_assert!(sale.discount <= sale.subtotal && sale.tax <= sale.subtotal - sale.discount);
            prop_assert_eq!(Sums::over([&sale, &back], Decimal::ZERO).unwrap().total, Decimal::ZERO);
        }

        #[test]
        fn nothing_makes_it_panic(q in any::<i64>(), p in any::<i64>(), scale in 0_u32..=6, d in 0_i64..=1, t in 0_i64..=1) {
            let (quantity, unit_price) = (Decimal::new(q, scale), Decimal::new(p, scale));
            let terms = Terms { quantity, unit_price, discount_rate: d.into(), tax_rate: t.into() };
            let _ = terms.amounts("JPY");
        }
    }
}
