use super::*;
use proptest::prelude::*;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn line(quantity: &str, price: &str, rate: &str, fixed: Option<&str>, tax: &str) -> LineTerms {
    let [quantity, unit_price, discount_rate, tax_rate] = [quantity, price, rate, tax].map(decimal);
    LineTerms { terms: Terms { quantity, unit_price, discount_rate, tax_rate }, discount_fixed: fixed.map(decimal) }
}

fn manner(currency: &str, off: Off) -> Manner<'_> {
    Manner { currency, is_tax_included: false, by_document: false, off, shipping: Decimal::ZERO }
}

#[test]
fn three_lines_a_discount_and_tax() {
    let lines = [
        line("3", "9.99", "0.1", None, "0.13"),
        line("1", "100", "0", Some("20"), "0.13"),
        line("2", "5", "0", None, "0"),
    ];
    let (amounts, sums) = reckon(&lines, &manner("CNY", Off::Fixed(decimal("10")))).unwrap();
    assert_eq!(amounts.iter().map(|line| line.shared).collect::<Vec<_>>(), ["2.31", "6.84", "0.85"].map(decimal));
    assert_eq!((sums.subtotal, sums.discount), (decimal("139.97"), decimal("33.00")));
    assert_eq!(sums.tax, decimal("3.21") + decimal("9.51"));
    assert_eq!(sums.total, decimal("119.69"));
}

#[test]
fn by_document_the_tax_of_a_rate_is_rounded_once() {
    let lines =
        [line("1", "0.33", "0", None, "0.1"), line("1", "0.33", "0", None, "0.1"), line("1", "0.33", "0", None, "0.1")];
    let (_, by_line) = reckon(&lines, &manner("USD", Off::Nothing)).unwrap();
    let (amounts, whole) = reckon(&lines, &Manner { by_document: true, ..manner("USD", Off::Nothing) }).unwrap();
    assert_eq!((by_line.tax, whole.tax), (decimal("0.09"), decimal("0.10")));
    assert_eq!(amounts.iter().map(|line| line.tax).sum::<Decimal>(), whole.tax);
}

#[test]
fn prices_may_hold_the_tax() {
    let included = Manner { is_tax_included: true, ..manner("CNY", Off::Nothing) };
    let (amounts, sums) = reckon(&[line("1", "113", "0", None, "0.13")], &included).unwrap();
    assert_eq!((amounts[0].tax, amounts[0].total), (decimal("13"), decimal("113")));
    assert_eq!((sums.tax, sums.total), (decimal("13"), decimal("113")));
}

#[test]
fn what_goes_too_far_is_named() {
    let too_much = [line("1", "5", "0", Some("5.01"), "0"), line("999999999", "999999999999", "0", None, "0")];
    assert_eq!(
        reckon(&too_much, &manner("CNY", Off::Nothing)).unwrap_err(),
        [Fault::LineDiscount(0), Fault::LineTooLarge(1)]
    );
    let one = [line("1", "5", "0", None, "0")];
    assert_eq!(reckon(&one, &manner("CNY", Off::Fixed(decimal("5.01")))).unwrap_err(), [Fault::Discount]);
}

proptest! {
    /// Whatever is offered: the parts are the whole, nothing is parted but what there is, and what no discount or
    /// document touches is as in an order.
    #[test]
    fn sums_foot(
        rows in prop::collection::vec((1_i64..1_000_000, 0_i64..100_000_000, 0_i64..=100, 0_usize..4), 1..40),
        off in 0_i64..=100, included: bool, by_document: bool, currency in 0_usize..3, shipping in 0_i64..10_000,
    ) {
        let currency = ["JPY", "CNY", "KWD"][currency];
        let lines: Vec<LineTerms> = rows.iter().map(|(q, p, d, t)| LineTerms {
            terms: Terms {
                quantity: Decimal::new(*q, 3), unit_price: Decimal::new(*p, 4), discount_rate: Decimal::new(*d, 2),
                tax_rate: [Decimal::ZERO, Decimal::new(6, 2), Decimal::new(13, 2), Decimal::new(825, 4)][*t],
            },
            discount_fixed: None,
        }).collect();
        let shipping = round(Decimal::new(shipping, 2), currency);
        let manner = Manner { currency, is_tax_included: included, by_document, off: Off::Rate(Decimal::new(off, 2)), shipping };
        let (amounts, sums) = reckon(&lines, &manner).unwrap();
        let total: Decimal = amounts.iter().map(|line| line.total).sum();
        prop_assert_eq!(total + shipping, sums.total);
        let added = if included { Decimal::ZERO } else { sums.tax };
        prop_assert_eq!(sums.subtotal - sums.discount + added + shipping, sums.total);
        for line in &amounts {
            let net = line.subtotal - line.discount;
            prop_assert!(line.shared >= Decimal::ZERO && line.shared <= net, "{:?}", line);
            for figure in [line.subtotal, line.discount, line.shared, line.tax, line.total] {
                prop_assert_eq!(round(figure, currency), figure);
            }
        }
        if off == 0 && !included && !by_document {
            let order: Vec<_> = lines.iter().map(|line| line.terms.amounts(currency).unwrap()).collect();
            prop_assert_eq!(Sums::over(&order, shipping), Some(sums));
        }
    }
}
