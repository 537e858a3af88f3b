//! From a row to the line that it is to be.
use super::line::{Head, Line, Standing};
use super::orders;
use crate::exact;
use crate::order::amounts::{Amounts, Terms};
use crate::product::import::{Known, Meant, Named, Sold};
use kernel::{Fault, OrderLineId, error};
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
        let mut faults = Vec::new();
        let key = self.at.key(row);
        if key.chars().count() > 100 {
            faults.push(self.fault("line_key", "length", "has more than 100 characters"));
        }
        match (before, self.work.mode) {
            (Some(_), Mode::CreateOnly) => {
                faults.push(Fault::new("", error::ALREADY_EXISTS.name, "the line is there already"))
            }
            (None, Mode::UpdateOnly) => {
                faults.push(Fault::new("", error::NOT_FOUND.name, "there is no such line to update"))
            }
            _ => {}
        }
        let product = match self.at.product.meant(row, products) {
            Meant::This(product) => Some(product),
            Meant::None => None,
            Meant::Missing => {
                let target = if self.work.plan.at("product.external_id").is_some() {
                    "product.external_id"
                } else {
                    "product.sku"
                };
                faults.push(self.fault(target, "unknown_reference", "there is no such product"));
                None
            }
        };
        let name = self.name(row, before, product, &mut faults);
        let terms = self.terms(row, head, before, product, &mut faults);
        let sku = self.at.product.sku(row).map(str::to_owned).or_else(|| product.map(|product| product.sku.clone()));
        if sku.as_ref().is_some_and(|sku| sku.chars().count() > 100) {
            faults.push(self.fault("sku", "length", "has more than 100 characters"));
        }
        let amounts = terms.amounts(&head.currency).unwrap_or_else(|| {
            faults.push(self.fault("quantity", "range", "the line comes to more than can be kept"));
            Amounts::default()
        });
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Line {
            id: before.map_or_else(OrderLineId::new, |line| line.id),
            order: head.id,
            key,
            position: before.map_or(0, |line| line.position),
            product: product.map(|product| product.id).or_else(|| before.and_then(|line| line.product_id)),
            sku: sku.or_else(|| before.and_then(|line| line.sku.clone())),
            name,
            terms,
            amounts,
            currency: head.currency.clone(),
        })
    }

    /// As the row says it, else as it stands, else as the product is called.
    fn name(&self, row: &Row, before: Option<&Standing>, product: Option<&Sold>, faults: &mut Vec<Fault>) -> String {
        let given = row.text(self.at.name).or_else(|| before.map(|line| line.name.as_str()));
        let name = given.or_else(|| product.map(|product| product.name.as_str())).or_else(|| self.at.product.sku(row));
        if name.is_none_or(|name| name.chars().count() > 300) {
            faults.push(self.fault("name", "length", "has no name, or one of more than 300 characters"));
        }
        name.unwrap_or_default().to_owned()
    }

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
        let mut figure = |target: &str, at, stands: Option<Decimal>, default: Option<Decimal>, rule: Rule| {
            let given = row.get(at).and_then(Value::decimal).or(stands).or(default);
            match given.map(|figure| (figure, rule(&figure))) {
                Some((figure, Ok(()))) => return figure,
                Some((_, Err(broken))) => {
                    let message = broken.message.map(|message| message.into_owned()).unwrap_or_default();
                    faults.push(self.fault(target, &broken.code, &message));
                }
                None => faults.push(self.fault(target, "required", "is required")),
            }
            Decimal::ZERO
        };
        Terms {
            quantity: figure(
                "quantity",
                self.at.quantity,
                stands.map(|terms| terms.quantity),
                None,
                exact::is_quantity,
            ),
            unit_price: figure(
                "unit_price",
                self.at.unit_price,
                stands.map(|terms| terms.unit_price),
                price,
                exact::is_figure,
            ),
            discount_rate: figure(
                "discount_rate",
                self.at.discount_rate,
                stands.map(|terms| terms.discount_rate),
                Some(Decimal::ZERO),
                exact::is_rate,
            ),
            tax_rate: figure(
                "tax_rate",
                self.at.tax_rate,
                stands.map(|terms| terms.tax_rate),
                Some(Decimal::ZERO),
                exact::is_rate,
            ),
        }
    }

    fn fault(&self, target: &str, code: &str, message: &str) -> Fault {
        Fault::new(self.work.plan.column(target), code, message)
    }
}

type Rule = fn(&Decimal) -> std::result::Result<(), ValidationError>;
