//! What a report asks of whoever runs it: `created_at > {from}` in its filter, with a value of a kind in that place. The
//! value is written as the filter language writes such values, so that it is a value there and nothing else.
use chrono::{DateTime, NaiveDate};
use kernel::money;
use kernel::{Fault, text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParameterKind {
    Text,
    Int,
    /// an exact decimal, as text
    Decimal,
    Bool,
    Date,
    /// a moment, with its offset
    Instant,
    Id,
}

/// What is asked of whoever runs a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "from", "kind": "instant", "default": "2026-01-01T00:00:00Z"}))]
pub struct ReportParameter {
    /// as the filter names it in braces
    #[validate(length(min = 1, max = 60))]
    #[schema(min_length = 1, max_length = 60, example = "from")]
    pub name: String,
    pub kind: ParameterKind,
    /// for people
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub label: Option<String>,
    /// what holds where nothing is said
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Value, required = false)]
    pub default: Option<Value>,
}

/// What is wrong with parameters as a report has them.
pub fn faults(parameters: &[ReportParameter]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, parameter) in parameters.iter().enumerate() {
        let place = format!("/parameters/{at}");
        if !is_name(&parameter.name) {
            let message = text!("is no name of small letters, digits and underscores");
            faults.push(Fault::new(format!("{place}/name"), "name", message));
        } else if parameters.iter().take(at).any(|before| before.name == parameter.name) {
            faults.push(Fault::new(format!("{place}/name"), "twice", text!("is given twice")));
        }
        if parameter.default.as_ref().is_some_and(|value| written(parameter.kind, value).is_none()) {
            faults.push(Fault::new(
                format!("{place}/default"),
                "type",
                text!("does not suit the kind of the parameter"),
            ));
        }
    }
    faults
}

/// How each is written in a filter, for these values; or all that is wrong with them.
pub fn settled(
    parameters: &[ReportParameter],
    given: &Map<String, Value>,
) -> Result<BTreeMap<String, String>, Vec<Fault>> {
    let (mut settled, mut faults) = (BTreeMap::new(), Vec::new());
    for parameter in parameters {
        let pointer = format!("/parameters/{}", parameter.name);
        let value = given.get(&parameter.name).filter(|value| !value.is_null()).or(parameter.default.as_ref());
        match value.map(|value| written(parameter.kind, value)) {
            Some(Some(text)) => drop(settled.insert(parameter.name.clone(), text)),
            Some(None) => {
                faults.push(Fault::new(pointer, "type", text!("does not suit the kind of the parameter")));
            }
            None => faults.push(Fault::new(pointer, "required", text!("the report asks for it"))),
        }
    }
    for name in given.keys().filter(|name| !parameters.iter().any(|one| one.name == **name)) {
        let pointer = format!("/parameters/{}", name.replace('~', "~0").replace('/', "~1"));
        faults.push(Fault::new(pointer, "unknown", text!("the report has no such parameter")));
    }
    if faults.is_empty() { Ok(settled) } else { Err(faults) }
}

/// Values of each kind, with which a filter is looked through that nobody has given any yet.
pub fn samples(parameters: &[ReportParameter]) -> BTreeMap<String, String> {
    let sample = |kind| match kind {
        ParameterKind::Text => "\"\"",
        ParameterKind::Int | ParameterKind::Decimal => "0",
        ParameterKind::Bool => "true",
        ParameterKind::Date => "\"2026-01-01\"",
        ParameterKind::Instant => "\"2026-01-01T00:00:00Z\"",
        ParameterKind::Id => "\"00000000-0000-0000-0000-000000000000\"",
    };
    let written = |one: &ReportParameter| one.default.as_ref().and_then(|value| written(one.kind, value));
    let each = |one: &ReportParameter| (one.name.clone(), written(one).unwrap_or_else(|| sample(one.kind).to_owned()));
    parameters.iter().map(each).collect()
}

/// The filter with values in place of names in braces; inside of a quoted text a brace is a brace.
pub fn filled(filter: &str, values: &BTreeMap<String, String>) -> String {
    let (mut out, mut quote, mut rest) = (String::new(), None, filter);
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        match (quote, c) {
            (Some(_), '\\') => taken += rest.get(1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8),
            (Some(begun), c) if begun == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '{') => {
                let named = rest.get(1..).and_then(|rest| rest.split_once('}'));
                if let Some((value, name)) = named.and_then(|(name, _)| Some((values.get(name.trim())?, name))) {
                    out.push_str(value);
                    rest = rest.get(name.len() + 2..).unwrap_or_default();
                    continue;
                }
            }
            _ => {}
        }
        out.push_str(rest.get(..taken).unwrap_or_default());
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|first: char| first.is_ascii_lowercase());
    begins && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// A value as the filter language writes it, if it is of that kind.
fn written(kind: ParameterKind, value: &Value) -> Option<String> {
    match kind {
        ParameterKind::Text => quoted(value.as_str()?),
        ParameterKind::Int => value.as_i64().map(signed),
        ParameterKind::Decimal => money::exact(value.as_str()?).map(signed),
        ParameterKind::Bool => value.as_bool().map(|is| is.to_string()),
        ParameterKind::Date => quoted(&value.as_str()?.parse::<NaiveDate>().ok()?.to_string()),
        ParameterKind::Instant => quoted(&DateTime::parse_from_rfc3339(value.as_str()?).ok()?.to_rfc3339()),
        ParameterKind::Id => quoted(&value.as_str()?.parse::<Uuid>().ok()?.to_string()),
    }
}

fn signed(number: impl std::fmt::Display) -> String {
    format!("({number})")
}

fn quoted(text: &str) -> Option<String> {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '\0' => return None,
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_is_a_value_whatever_it_says() {
        let evil = "\" || true || \"\\";
        let values = BTreeMap::from([("x".to_owned(), written(ParameterKind::Text, &json!(evil)).unwrap())]);
        assert_eq!(filled("name == {x}", &values), r#"name == "\" || true || \"\\""#);
        assert_eq!(filled(r#"name == "{x}" && a == {y}"#, &values), r#"name == "{x}" && a == {y}"#);
        assert_eq!(
            filled(r#"name == "\"{x}" && b == {x}"#, &BTreeMap::from([("x".into(), "1".into())])),
            r#"name == "\"{x}" && b == 1"#
        );
        assert_eq!(written(ParameterKind::Text, &json!("a\nb")), Some("\"a\\U0000000ab\"".to_owned()));
        assert_eq!(written(ParameterKind::Int, &json!(-5)), Some("(-5)".to_owned()));
        assert_eq!(written(ParameterKind::Date, &json!("2026-02-30")), None);
    }

    #[test]
    fn what_is_given_has_to_suit() {
        let one = |name: &str, kind, default: Option<Value>| ReportParameter {
            name: name.into(),
            kind,
            label: None,
            default,
        };
        let all = [one("a", ParameterKind::Int, None), one("b", ParameterKind::Bool, Some(json!(true)))];
        let given = json!({"a": "x", "c": 1});
        let faults = settled(&all, given.as_object().unwrap()).unwrap_err();
        let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/parameters/a", "/parameters/c"]);
        assert_eq!(settled(&all, &Map::new()).unwrap_err().len(), 1);
        let good = settled(&all, json!({"a": 3}).as_object().unwrap()).unwrap();
        assert_eq!((good["a"].as_str(), good["b"].as_str()), ("(3)", "true"));
    }
}
