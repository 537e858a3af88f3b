//! From a row to the line that it is to be.
use super::line::{Head, Line, Standing};
use super::orders;
use crate::exact;
use crate::order::amounts::{Amounts, Terms};
use crate::product::import::{Known, Meant, Named, Sold};
use kernel::{Fault, OrderLineId, Text, error, rules, text};
use platform::deed::Mode;
use platform::import::{At, Plan, Row, Value, Work};
use rust_decimal::Decimal;
use validator::ValidationError;

/// Where the values of a line stand.
pub struct Places {
    pub order: orders::Named,
    pub product: Named,
    key: Option<At>,
    name: Option<At>,
    quantity: Option<At>,
    unit_price: Option<At>,
    discount_rate: Option<At>,
    tax_rate: Option<At>,
}

impl Places {
    pub fn of(plan: &Plan) -> Self {
        Self {
            order: orders::Named::of(plan),
            product: Named::of(plan),
            key: plan.at("line_key"),
            name: plan.at("name"),
            quantity: plan.at("quantity"),
            unit_price: plan.at("unit_price"),
            discount_rate: plan.at("discount_rate"),
            tax_rate: plan.at("tax_rate"),
        }
    }

    pub fn key(&self, row: &Row) -> String {
        row.text(self.key).map_or_else(|| format!("row {}", row.number), str::to_owned)
    }
}

/// Reads the rows of a wave.
pub struct Reading<'a> {
    pub work: &'a Work,
    pub at: &'a Places,
}

impl Reading<'_> {
    /// The line that a row is to be, over the one that stands; or all that is wrong with it.
    pub fn line(
        &self,
        row: &Row,
        head: &Head,
        before: Option<&Standing>,
        products: &Known,
    ) -> std::result::Result<Line, Vec<Fault>> {
        let mut faults: Vec<Fault> = self.mode(before).into_iter().collect();
        let product = self.product(row, products, &mut faults);
        let (key, name) = (self.at.key(row), self.name(row, before, product, &mut faults));
        let sku = self.at.product.sku(row).or_else(|| product.map(|product| product.sku.as_str()));
        for (target, text) in [("line_key", Some(key.as_str())), ("sku", sku)] {
            if text.is_some_and(|text| text.chars().count() > 100) {
                faults.push(self.fault(target, "length", text!("has more than 100 characters")));
            }
        }
        let terms = self.terms(row, head, before, product, &mut faults);
        let amounts = terms.amounts(&head.currency).unwrap_or_else(|| {
            faults.push(self.fault("quantity", "range", text!("the line comes to more than can be kept")));
            Amounts::default()
        });
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Line {
            id: before.map_or_else(OrderLineId::new, |line| line.id),
            order: head.id,
            position: before.map_or(0, |line| line.position),
            product: product.map(|product| product.id).or_else(|| before?.product_id),
            sku: sku.or_else(|| before?.sku.as_deref()).map(str::to_owned),
            currency: head.currency.clone(),
            key,
            name,
            terms,
            amounts,
        })
    }

    fn mode(&self, before: Option<&Standing>) -> Option<Fault> {
        match (before, self.work.mode) {
            (Some(_), Mode::CreateOnly) => {
                Some(Fault::new("", error::ALREADY_EXISTS.name, text!("the line is there already")))
            }
            (None, Mode::UpdateOnly) => {
                Some(Fault::new("", error::NOT_FOUND.name, text!("there is no such line to update")))
            }
            _ => None,
        }
    }

    fn product<'p>(&self, row: &Row, products: &'p Known, faults: &mut Vec<Fault>) -> Option<&'p Sold> {
        match self.at.product.meant(row, products) {
            Meant::This(product) => Some(product),
            Meant::None => None,
            Meant::Missing => {
                let ways = ["product_id", "product.external_id"];
                let named = ways.into_iter().find(|way| self.work.plan.at(way).is_some()).unwrap_or("product.sku");
                faults.push(self.fault(named, "unknown_reference", text!("there is no such product")));
                None
            }
        }
    }

    /// As the row says it, else as it stands, else as the product is called.
    fn name(&self, row: &Row, before: Option<&Standing>, product: Option<&Sold>, faults: &mut Vec<Fault>) -> String {
        let given = row.text(self.at.name).or_else(|| before.map(|line| line.name.as_str()));
        let name = given
            .or_else(|| product.map(|product| product.name.as_str()).filter(|name| !name.is_empty()))
            .or_else(|| self.at.product.sku(row));
        if name.is_none_or(|name| name.chars().count() > 300) {
            faults.push(self.fault("name", "length", text!("has no name, or one of more than 300 characters")));
        }
        name.unwrap_or_default().to_owned()
    }

    /// As the row says them, else as they stand, else the price of the product and no discount or tax.
    fn terms(
        &self,
        row: &Row,
        head: &Head,
        before: Option<&Standing>,
        product: Option<&Sold>,
        faults: &mut Vec<Fault>,
    ) -> Terms {
        let price = product.and_then(|product| product.unit_price.as_ref());
        let price = price.filter(|money| money.currency == head.currency).map(|money| money.amount);
        let stands = before.map(Terms::from);
        let none = Some(Decimal::ZERO);
        let mut figure = |target: &str, at, otherwise: Option<Decimal>, rule: Rule| {
            let given = row.get(at).and_then(Value::decimal).or(otherwise);
            let fault = match given.map(|figure| rule(&figure)) {
                Some(Ok(())) => None,
                Some(Err(broken)) => Some(rules::fault(self.work.plan.column(target), &broken)),
                None => Some(self.fault(target, "required", text!("is required"))),
            };
            faults.extend(fault);
            given.unwrap_or_default()
        };
        let [quantity, unit_price] = [stands.map(|now| now.quantity), stands.map(|now| now.unit_price).or(price)];
        let [discount, tax] = [stands.map(|now| now.discount_rate).or(none), stands.map(|now| now.tax_rate).or(none)];
        Terms {
            quantity: figure("quantity", self.at.quantity, quantity, exact::is_quantity),
            unit_price: figure("unit_price", self.at.unit_price, unit_price, exact::is_figure),
            discount_rate: figure("discount_rate", self.at.discount_rate, discount, exact::is_rate),
            tax_rate: figure("tax_rate", self.at.tax_rate, tax, exact::is_rate),
        }
    }

    fn fault(&self, target: &str, code: &str, message: Text) -> Fault {
        Fault::new(self.work.plan.column(target), code, message)
    }
}

type Rule = fn(&Decimal) -> std::result::Result<(), ValidationError>;
