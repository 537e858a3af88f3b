//! A row as a draft of a record, and the rules that a body of the API would be held to.
use crate::import::{Plan, Row, Value as Cell, Work};
use kernel::catalogue::{Catalogue, Kind};
use kernel::custom::CUSTOM;
use kernel::{Fault, Money, rules, shape, text};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use validator::Validate;

/// How long what a number was given as may be.
const LONGEST_TEXT: usize = 100;

/// A row on its way to a record.
#[derive(Clone, Debug)]
pub struct Draft {
    /// its place among the rows of the chunk
    pub row: usize,
    /// its own id, where the row says it
    pub id: Option<uuid::Uuid>,
    pub external_id: Option<String>,
    /// as the API names them; what is not given is not touched
    pub fields: Map<String, Value>,
}

impl Draft {
    /// Of the targets that are fields; money is an amount and the currency that stands beside it.
    pub fn of(noun: &'static Catalogue, work: &Work, place: usize, row: &Row) -> std::result::Result<Self, Vec<Fault>> {
        let plan = &work.plan;
        let id = row.id(plan.at("id"));
        let external_id = row.text(plan.at("external_id")).map(str::to_owned);
        let (mut fields, mut faults) = (Map::new(), Vec::new());
        if let Some(rule) = id.and_then(|id| kernel::id::is_of_its_time(&id).err()) {
            faults.push(rules::fault(plan.column("id"), &rule));
        }
        for (at, name) in
            plan.targets().filter(|(_, name)| !name.contains('.') && !["id", "external_id"].contains(name))
        {
            let Some(value) = row.get(Some(at)) else { continue };
            let money = noun.field(name).is_some_and(|field| matches!(field.kind, Kind::Money { .. }));
            let amount = value.decimal().filter(|_| money);
            let own = format!("{name}.currency");
            let currency = row.text(plan.at(&own)).or_else(|| row.text(plan.at("currency")));
            let value = match (amount, currency) {
                (Some(amount), Some(currency)) => json!(Money::new(amount, currency)),
                (Some(_), None) => {
                    faults.push(Fault::new(plan.column(name), "currency", text!("the amount has no currency")));
                    continue;
                }
                (None, _) => value.json(),
            };
            fields.insert(name.to_owned(), value);
        }
        faults.extend(quoted(noun, plan, row, &mut fields));
        let custom = custom(plan, row);
        if !custom.is_empty() {
            fields.insert(CUSTOM.to_owned(), Value::Object(custom));
        }
        if faults.is_empty() { Ok(Self { row: place, id, external_id, fields }) } else { Err(faults) }
    }
}

/// What numbers were given as: as a column of its own has it, else as the number has it. Without its number it says
/// nothing.
fn quoted(noun: &Catalogue, plan: &Plan, row: &Row, fields: &mut Map<String, Value>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, of) in noun.fields.iter().filter_map(|field| Some((field.name, field.text_of?))) {
        fields.remove(name);
        let Some(given) = row.get(plan.at(of)).and_then(Cell::given) else { continue };
        let given = row.text(plan.at(name)).unwrap_or(given);
        if given.chars().count() > LONGEST_TEXT {
            faults.push(Fault::new(plan.column(name), "length", text!("has more than 100 characters")));
        }
        fields.insert(name.to_owned(), given.into());
    }
    faults
}

/// The tenant's own fields, as a body would have them; what is wrong with them their definitions say.
fn custom(plan: &Plan, row: &Row) -> Map<String, Value> {
    let mut fields = Map::new();
    for (at, name) in plan.targets() {
        let Some((key, value)) = crate::import::custom(name).zip(row.get(Some(at))) else { continue };
        if name.ends_with(".currency") {
            continue;
        }
        let currency = row.text(plan.at(&format!("{name}.currency"))).or_else(|| row.text(plan.at("currency")));
        let value = match (value.decimal(), currency) {
            (Some(amount), Some(currency)) if plan.at(&format!("{name}.currency")).is_some() => {
                json!(Money::new(amount, currency))
            }
            _ => value.json(),
        };
        fields.insert(key.to_owned(), value);
    }
    fields
}

/// What is wrong with fields as a body of this shape.
pub fn faults_of<T: DeserializeOwned + Validate>(fields: &Map<String, Value>) -> Vec<Fault> {
    match serde_json::from_value::<T>(Value::Object(fields.clone())) {
        Ok(body) => rules::faults(&body),
        Err(e) => vec![shape::fault("", &e.to_string(), None)],
    }
}
