//! The columns of an event as fields of the record, and what differs between two of them. What the reader may not see is
//! not there, and what is a secret is not told.
use chrono::{DateTime, Utc};
use kernel::catalogue::{Catalogue, Kind};
use kernel::custom::CUSTOM;
use kernel::{Ctx, Money};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A field before and after.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = FieldChange, example = json!({"before": "Buyer", "after": "Head of purchasing"}))]
pub struct Change {
    #[schema(value_type = Value)]
    pub before: Value,
    #[schema(value_type = Value)]
    pub after: Value,
}

/// What every change brings with it, and the version says already.
const KEPT: [&str; 6] = ["id", "version", "created_at", "created_by", "updated_at", "updated_by"];

/// The fields that are others than before. `before` is null where there was no record before; nothing is told where either
/// is not known any more, for it was erased.
pub fn changed(
    ctx: &Ctx,
    name: &str,
    noun: Option<&'static Catalogue>,
    before: &Value,
    after: &Value,
) -> BTreeMap<String, Change> {
    if is_erased(before) || is_erased(after) {
        return BTreeMap::new();
    }
    let seen = |data: &Value| {
        let mut record = record(noun, data);
        trim(ctx, name, &mut record);
        record
    };
    differences(seen(before), seen(after))
}

/// Nothing is left of the columns.
pub fn is_erased(data: &Value) -> bool {
    data.as_object().is_some_and(Map::is_empty)
}

/// The fields of two records that differ.
pub fn differences(before: Map<String, Value>, after: Map<String, Value>) -> BTreeMap<String, Change> {
    let (mut before, mut changed) = (flat(before), BTreeMap::new());
    for (field, after) in flat(after) {
        let before = before.remove(&field).unwrap_or_default();
        if before != after && !KEPT.contains(&field.as_str()) {
            changed.insert(field, Change { before, after });
        }
    }
    changed
}

/// Each field of the tenant's own by itself: `custom.size`.
fn flat(mut record: Map<String, Value>) -> Map<String, Value> {
    if let Some(Value::Object(own)) = record.remove(CUSTOM) {
        record.extend(own.into_iter().map(|(key, value)| (format!("{CUSTOM}.{key}"), value)));
    }
    record
}

/// Columns as an event keeps them; figures, which JSON would round, are text.
pub fn columns(noun: Option<&'static Catalogue>, text: &str) -> Value {
    let Ok(kept) = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(text) else { return Value::Null };
    let is_figure = |column: &str| {
        let figure = |kind| matches!(kind, Kind::Money { .. } | Kind::Decimal);
        noun.is_some_and(|noun| noun.fields.iter().any(|field| field.column == column && figure(field.kind)))
    };
    let read = |(column, value): (String, Box<RawValue>)| {
        let value = match value.get() {
            figure if figure.starts_with(|c: char| c == '-' || c.is_ascii_digit()) && is_figure(&column) => {
                figure.into()
            }
            other => serde_json::from_str(other).unwrap_or_default(),
        };
        (column, value)
    };
    Value::Object(kept.into_iter().map(read).collect())
}

/// Kept columns as the JSON of their noun has them.
pub fn record(noun: Option<&'static Catalogue>, data: &Value) -> Map<String, Value> {
    let mut columns = data.as_object().cloned().unwrap_or_default();
    let currencies = columns.clone();
    let mut fields = Map::new();
    for field in noun.iter().flat_map(|noun| noun.fields) {
        let Some(value) = columns.remove(field.column) else { continue };
        let value = match field.kind {
            Kind::Money { currency } => money(&value, currencies.get(currency)),
            Kind::Decimal => figure(&value).map_or(value, |figure| figure.normalize().to_string().into()),
            Kind::Instant => moment(&value).unwrap_or(value),
            _ => value,
        };
        fields.insert(field.name.to_owned(), value);
    }
    if let Some(own) = noun.and_then(|noun| noun.custom).and_then(|custom| columns.remove(custom)) {
        fields.insert(CUSTOM.to_owned(), own);
    }
    fields.extend(columns.into_iter().filter(|(column, _)| !is_part_of_money(noun, column)));
    fields
        .iter_mut()
        .filter(|(name, value)| is_secret(name) && !value.is_null())
        .for_each(|(_, value)| *value = json!("***"));
    fields
}

/// Takes out what the reader does not see.
pub fn trim(ctx: &Ctx, name: &str, fields: &mut Map<String, Value>) {
    let mut whole = Value::Object(std::mem::take(fields));
    ctx.grants.trim(name, &mut whole);
    if let Value::Object(seen) = whole {
        *fields = seen;
    }
}

fn figure(value: &Value) -> Option<Decimal> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

fn money(amount: &Value, currency: Option<&Value>) -> Value {
    let currency = currency.and_then(Value::as_str).unwrap_or_default();
    figure(amount).and_then(|amount| serde_json::to_value(Money::new(amount, currency)).ok()).unwrap_or_default()
}

/// In UTC, whatever zone the database speaks in.
fn moment(value: &Value) -> Option<Value> {
    let at: DateTime<Utc> = value.as_str()?.parse().ok()?;
    serde_json::to_value(at).ok()
}

fn is_part_of_money(noun: Option<&'static Catalogue>, column: &str) -> bool {
    let currency = |kind| matches!(kind, Kind::Money { currency } if currency == column);
    noun.is_some_and(|noun| noun.field(column).is_none() && noun.fields.iter().any(|field| currency(field.kind)))
}

/// None of the records that are told of has one; a column that is added to an event by mistake is not told all the same.
fn is_secret(name: &str) -> bool {
    ["secret", "password", "_hash", "private_key"].iter().any(|word| name.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::catalogue::{Field, Owned};
    use kernel::{Access, Actor, Grants, Origin, RequestId, TenantId, UserId};
    use std::sync::Arc;
    use uuid::Uuid;

    static NOUN: Catalogue = Catalogue {
        noun: "thing",
        table: "things",
        fields: &[
            Field::new("name", Kind::Text),
            Field::new("price", Kind::Money { currency: "price_currency" }).column("price_amount"),
        ],
        relations: &[],
        custom: Some("custom"),
        owned: Owned::Shared,
    };

    fn ctx(hidden: &[&str]) -> Ctx {
        let mut grants = Grants::default();
        hidden.iter().for_each(|field| grants.restrict("thing", *field, Access::Hidden));
        let nil = Uuid::nil();
        Ctx {
            tenant: TenantId(nil),
            actor: Actor { user: UserId(nil), key: None },
            grants: Arc::new(grants),
            request: RequestId(nil),
            origin: Origin::default(),
            now: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn fields_are_told_as_the_api_calls_them_and_as_far_as_they_are_seen() {
        let before = json!({"name": "a", "price_amount": 1, "price_currency": "USD", "version": 1, "pin_hash": "x",
            "custom": {"size": 1, "color": "red"}});
        let after = json!({"name": "b", "price_amount": 1, "price_currency": "EUR", "version": 2, "pin_hash": "y",
            "custom": {"size": 2, "color": "red"}});
        let names = |hidden: &[&str]| -> Vec<String> {
            changed(&ctx(hidden), "thing", Some(&NOUN), &before, &after).into_keys().collect()
        };
        assert_eq!(names(&[]), ["custom.size", "name", "price"]);
        assert_eq!(names(&["price", "custom.size"]), ["name"]);
        let made = changed(&ctx(&[]), "thing", Some(&NOUN), &Value::Null, &after);
        assert_eq!(made["price"].after, json!({"amount": "1.00", "currency": "EUR"}));
        assert_eq!(made["pin_hash"].after, "***");
        assert!(changed(&ctx(&[]), "thing", Some(&NOUN), &before, &json!({})).is_empty());
    }

    #[test]
    fn figures_keep_all_their_digits_and_moments_are_told_in_utc() {
        static EXACT: Catalogue = Catalogue {
            noun: "exact",
            table: "exacts",
            fields: &[
                Field::new("price", Kind::Money { currency: "price_currency" }).column("price_amount"),
                Field::new("quantity", Kind::Decimal),
                Field::new("created_at", Kind::Instant),
                Field::new("version", Kind::Int),
            ],
            relations: &[],
            custom: None,
            owned: Owned::Shared,
        };
        let kept = r#"{"price_amount": 999999999999999.123456, "price_currency": "USD", "quantity": 2.500000,
            "created_at": "2026-11-25T16:00:00.5+08:00", "version": 7}"#;
        let told = record(Some(&EXACT), &columns(Some(&EXACT), kept));
        let expected = json!({"price": {"amount": "999999999999999.123456", "currency": "USD"}, "quantity": "2.5",
            "created_at": "2026-11-25T08:00:00.500Z", "version": 7});
        assert_eq!(Value::Object(told), expected);
        assert!(is_erased(&columns(Some(&EXACT), "{}")) && columns(None, "null").is_null());
    }
}
