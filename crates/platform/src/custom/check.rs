//! A record's own fields as somebody sends them, held against their definitions: all faults at once, each at
//! `/custom/{key}`; values in the form in which they are kept.
use super::value;
use kernel::custom::{CUSTOM, Own, STAMP, path};
use kernel::{Access, Fault, Grants, Region, text};
use serde_json::{Map, Value};

/// What the fields belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// what is absent gets its default, and what is required is missed
    New,
    /// a merge patch: what is absent stays
    Patch,
    /// compared with what is there, and not written: nothing is missed
    Likeness,
}

/// The fields as they are written, with the version of the definitions that they were checked by.
pub fn check(noun: &str, grants: &Grants, given: Option<&Value>, of: Of) -> Result<Map<String, Value>, Vec<Fault>> {
    let all = grants.own();
    let none = Map::new();
    let given = match given {
        None => &none,
        Some(Value::Object(given)) => given,
        Some(_) => {
            return Err(vec![Fault::new(format!("/{CUSTOM}"), "wrong_type", text!("an object is expected"))]);
        }
    };
    let (mut kept, mut faults) = (Map::new(), Vec::new());
    for (key, value) in given {
        match one(noun, grants, all.get(noun, key), key, value, of) {
            Ok(Some(value)) => drop(kept.insert(key.clone(), value)),
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }
    if of == Of::New {
        complete(noun, grants, all.of(noun), given, &mut kept, &mut faults);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    kept.insert(STAMP.to_owned(), all.version(noun).into());
    Ok(kept)
}

fn one(
    noun: &str,
    grants: &Grants,
    own: Option<&Own>,
    key: &str,
    value: &Value,
    of: Of,
) -> Result<Option<Value>, Fault> {
    let pointer = format!("/{CUSTOM}/{key}");
    let access = grants.access(noun, &path(key));
    let Some(own) = own.filter(|_| access > Access::Hidden) else {
        return Err(Fault::new(pointer, "unknown_field", text!("unknown field `{name}`", name = key)));
    };
    if access < Access::Write {
        return Err(Fault::read_only(pointer));
    }
    if value.is_null() {
        return match own.is_required && of == Of::Patch {
            true => Err(missed(own)),
            false => Ok((of == Of::Patch).then_some(Value::Null)),
        };
    }
    let read = value::read(own, value, grants.phone_region());
    read.map(Some).map_err(|fault| Fault { pointer: format!("{pointer}{}", fault.pointer), ..fault })
}

/// Who may not write a field is not asked for it.
fn complete(
    noun: &str,
    grants: &Grants,
    all: &[Own],
    given: &Map<String, Value>,
    kept: &mut Map<String, Value>,
    faults: &mut Vec<Fault>,
) {
    for own in all.iter().filter(|own| given.get(&own.key).is_none_or(Value::is_null)) {
        match &own.default {
            Some(default) => drop(kept.insert(own.key.clone(), default.clone())),
            None if own.is_required && grants.access(noun, &own.path()) == Access::Write => faults.push(missed(own)),
            None => {}
        }
    }
}

fn missed(own: &Own) -> Fault {
    Fault::new(format!("/{CUSTOM}/{}", own.key), "required", text!("a value is needed here"))
}

/// What is kept of a record, with a patch laid over it.
pub fn merged(before: Option<&Value>, patch: Map<String, Value>) -> Value {
    let mut after = before.and_then(Value::as_object).cloned().unwrap_or_default();
    for (key, value) in patch {
        match value {
            Value::Null => drop(after.remove(&key)),
            value => drop(after.insert(key, value)),
        }
    }
    Value::Object(after)
}

/// A text of a path or a file as the field has it; nothing where it is no value of the field.
pub fn normal(own: &Own, text: &str, region: Option<Region>) -> Option<String> {
    let given = match own.holds {
        kernel::custom::Type::Int => text.parse::<i64>().ok().map(Value::from)?,
        _ => Value::from(text),
    };
    match value::read(own, &given, region).ok()? {
        Value::String(text) => Some(text),
        Value::Number(figure) => Some(figure.to_string()),
        _ => None,
    }
}
