//! The words of a record's own fields, as far as they are searched.
use crate::search::Words;
use kernel::custom::{CUSTOM, Own, Type};
use kernel::{Ctx, Grants};
use serde_json::{Map, Value};

/// What a record is found by beside the words of its room.
pub fn words(ctx: &Ctx, noun: &str, custom: &Map<String, Value>, words: Vec<String>) -> Vec<String> {
    let all = ctx.grants.own();
    if !all.of(noun).iter().any(|own| own.is_searched) {
        return words;
    }
    let found = add_all(Words::new(), all.of(noun).iter().filter(|own| own.is_searched), custom);
    let mut words = [words, found.lexemes()].concat();
    words.sort_unstable();
    words.dedup();
    words
}

/// Whether any field that is searched is hidden from somebody.
pub(crate) fn hidden(grants: &Grants, noun: &str) -> bool {
    grants.own().of(noun).iter().any(|own| own.is_searched && grants.hides(noun, &own.path()))
}

/// The words of those that somebody sees.
pub(crate) fn seen(grants: &Grants, noun: &str, record: &Value, words: Words) -> Words {
    let (all, none) = (grants.own(), Map::new());
    let custom = record.get(CUSTOM).and_then(Value::as_object).unwrap_or(&none);
    let searched = all.of(noun).iter().filter(|own| own.is_searched && !grants.hides(noun, &own.path()));
    add_all(words, searched, custom)
}

pub(super) fn add_all<'a>(words: Words, searched: impl Iterator<Item = &'a Own>, custom: &Map<String, Value>) -> Words {
    searched.fold(words, |all, own| add(all, own, custom.get(&own.key)))
}

fn add(words: Words, own: &Own, value: Option<&Value>) -> Words {
    let Some(text) = value.and_then(Value::as_str) else { return words };
    match own.holds {
        Type::Phone => words.phone(text),
        _ => words.whole(text),
    }
}
