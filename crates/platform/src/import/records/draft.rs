//! A row as a draft of a record, and the rules that a body of the API would be held to.
use crate::import::{Row, Work};
use kernel::catalogue::{Catalogue, Kind};
use kernel::{Fault, Money};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

/// A row on its way to a record.
#[derive(Clone, Debug)]
pub struct Draft {
    /// its place among the rows of the chunk
    pub row: usize,
    pub external_id: Option<String>,
    /// as the API names them; what is not given is not touched
    pub fields: Map<String, Value>,
}

impl Draft {
    /// Of the targets that are fields; money is an amount and the currency that stands beside it.
    pub fn of(noun: &'static Catalogue, work: &Work, place: usize, row: &Row) -> std::result::Result<Self, Vec<Fault>> {
        let plan = &work.plan;
        let external_id = row.text(plan.at("external_id")).map(str::to_owned);
        let (mut fields, mut faults) = (Map::new(), Vec::new());
        for (at, name) in plan.targets().filter(|(_, name)| !name.contains('.') && *name != "external_id") {
            let Some(value) = row.get(Some(at)) else { continue };
            let money = noun.field(name).is_some_and(|field| matches!(field.kind, Kind::Money { .. }));
            let amount = value.decimal().filter(|_| money);
            let own = format!("{name}.currency");
            let currency = row.text(plan.at(&own)).or_else(|| row.text(plan.at("currency")));
            let value = match (amount, currency) {
                (Some(amount), Some(currency)) => json!(Money::new(amount, currency)),
                (Some(_), None) => {
                    faults.push(Fault::new(plan.column(name), "currency", "the amount has no currency"));
                    continue;
                }
                (None, _) => value.json(),
            };
            fields.insert(name.to_owned(), value);
        }
        if faults.is_empty() { Ok(Self { row: place, external_id, fields }) } else { Err(faults) }
    }
}

/// What is wrong with fields as a body of this shape.
pub fn faults_of<T: DeserializeOwned + Validate>(fields: &Map<String, Value>) -> Vec<Fault> {
    let read: std::result::Result<T, _> = serde_json::from_value(Value::Object(fields.clone()));
    match read.map(|body| body.validate()) {
        Ok(Ok(())) => Vec::new(),
        Ok(Err(errors)) => broken("", &errors),
        Err(e) => {
            let text = e.to_string();
            let field = text.split('`').nth(1).unwrap_or_default().to_owned();
            let missing = text.starts_with("missing field");
            let (code, message) = if missing { ("required", "is required".to_owned()) } else { ("invalid", text) };
            vec![Fault::new(field, code, message)]
        }
    }
}

fn broken(place: &str, errors: &ValidationErrors) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, kind) in errors.errors() {
        let place = if name == "__all__" { place.to_owned() } else { format!("{place}/{name}") };
        match kind {
            ValidationErrorsKind::Field(rules) => faults.extend(rules.iter().map(|rule| {
                let message =
                    rule.message.as_ref().map_or_else(|| format!("breaks the rule {}", rule.code), ToString::to_string);
                Fault::new(&place, &*rule.code, message)
            })),
            ValidationErrorsKind::Struct(inner) => faults.extend(broken(&place, inner)),
            ValidationErrorsKind::List(items) => faults.extend(items.values().flat_map(|inner| broken(&place, inner))),
        }
    }
    faults
}
