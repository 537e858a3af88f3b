//! The columns of an event as fields of the record, and what differs between two of them. What the reader may not see is
//! not there, and what is a secret is not told.
use kernel::Ctx;
use kernel::catalogue::{Catalogue, Kind};
use serde::Serialize;
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
    let empty = |data: &Value| data.as_object().is_some_and(Map::is_empty);
    if empty(before) || empty(after) {
        return BTreeMap::new();
    }
    let (mut before, after) = (told(ctx, name, noun, before), told(ctx, name, noun, after));
    let mut changed = BTreeMap::new();
    for (field, after) in after {
        let before = before.remove(&field).unwrap_or_default();
        if before != after && !KEPT.contains(&field.as_str()) {
            changed.insert(field, Change { before, after });
        }
    }
    changed
}

/// The fields that the reader may see, as the API calls them.
fn told(ctx: &Ctx, name: &str, noun: Option<&'static Catalogue>, data: &Value) -> Map<String, Value> {
    let mut columns = data.as_object().cloned().unwrap_or_default();
    let mut fields = Map::new();
    for field in noun.iter().flat_map(|noun| noun.fields) {
        if let Kind::Money { currency } = field.kind {
            let Some(amount) = columns.remove(field.column) else { continue };
            let currency = columns.get(currency).cloned().unwrap_or_default();
            let money = if amount.is_null() { amount } else { json!({"amount": amount, "currency": currency}) };
            fields.insert(field.name.to_owned(), money);
        } else if let Some(value) = columns.remove(field.column) {
            fields.insert(field.name.to_owned(), value);
        }
    }
    let mut own = noun.and_then(|noun| noun.custom).and_then(|custom| columns.remove(custom));
    fields.extend(columns.into_iter().filter(|(column, _)| !is_part_of_money(noun, column)));
    let mut whole = Value::Object(fields);
    ctx.grants.trim(name, &mut whole);
    let mut fields = if let Value::Object(fields) = whole { fields } else { Map::new() };
    for (key, value) in own.as_mut().and_then(Value::as_object_mut).into_iter().flatten() {
        let path = format!("custom.{key}");
        if ctx.grants.access(name, &path) > kernel::Access::Hidden {
            fields.insert(path, value.take());
        }
    }
    fields
        .iter_mut()
        .filter(|(name, value)| is_secret(name) && !value.is_null())
        .for_each(|(_, value)| *value = json!("***"));
    fields
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
        assert_eq!(made["price"].after, json!({"amount": 1, "currency": "EUR"}));
        assert_eq!(made["pin_hash"].after, "***");
        assert!(changed(&ctx(&[]), "thing", Some(&NOUN), &before, &json!({})).is_empty());
    }
}
