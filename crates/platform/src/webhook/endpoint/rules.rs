//! What an endpoint may ask for: names of events, and a condition that can be asked of all of them.
use crate::{event, filter};
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::{Ctx, Error, Fault, Result, error, rule, text};
use validator::ValidationError;

fn is_word(text: &str) -> bool {
    (1..=60).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

pub fn are_events(events: &[String]) -> std::result::Result<(), ValidationError> {
    let good = |event: &String| match event.split_once('.') {
        None => event == "*",
        Some((noun, verb)) => is_word(noun) && (is_word(verb) || verb == "*"),
    };
    match events.iter().all(good) {
        true => Ok(()),
        false => Err(rule!("events", "are names of events such as contact.created, contact.* or *")),
    }
}

pub fn are_names(names: &[String]) -> std::result::Result<(), ValidationError> {
    let good = |name: &String| (1..=100).contains(&name.len()) && !name.contains(char::is_whitespace);
    if names.iter().all(good) { Ok(()) } else { Err(rule!("names", "are names of fields")) }
}

/// Whether one of the patterns is of this event.
pub fn wants(patterns: &[String], event: &str) -> bool {
    let noun = event.split('.').next().unwrap_or_default();
    patterns.iter().any(|pattern| match pattern.strip_suffix(".*") {
        Some(all_of) => all_of == noun,
        None => pattern == "*" || pattern == event,
    })
}

/// The noun that all events are of, where they are of one.
pub fn noun(events: &[String], catalogues: &'static Catalogues) -> Option<&'static Catalogue> {
    let of = |event: &String| event.split('.').next().and_then(|noun| catalogues.get(noun));
    let first = events.first().and_then(of)?;
    events.iter().all(|event| of(event).is_some_and(|noun| noun.noun == first.noun)).then_some(first)
}

/// Whether it can be carried out with the eyes of whoever asks for it: every fault at once.
pub fn fits(
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    events: &[String],
    condition: Option<&str>,
    changed_fields: &[String],
) -> Result<()> {
    let (mut faults, names) = (Vec::new(), event::names(catalogues));
    for (place, event) in events.iter().enumerate() {
        let known = match event.strip_suffix(".*") {
            Some(noun) => catalogues.get(noun).is_some_and(event::is_told),
            None => event == "*" || names.contains(event),
        };
        if !known {
            faults.push(Fault::new(format!("/events/{place}"), "choice", text!("is no event of this house")));
        }
    }
    let about = noun(events, catalogues);
    match (condition, about) {
        (Some(_), None) => {
            let message = text!("a condition is about one noun: all events have to be of it");
            faults.push(Fault::new("/filter", "one_noun", message));
        }
        (Some(text), Some(noun)) => {
            if let Err(refusal) = filter::checked_by(text, noun, catalogues, &ctx.grants) {
                let error = Error::from(refusal);
                faults.extend(error.faults.into_iter().map(|fault| Fault { pointer: "/filter".into(), ..fault }));
            }
        }
        (None, _) => {}
    }
    let unknown = |(_, name): &(usize, &String)| about.is_some_and(|noun| !has(ctx, noun, name));
    faults.extend(
        changed_fields.iter().enumerate().filter(unknown).map(|(place, _)| {
            Fault::new(format!("/changed_fields/{place}"), "choice", text!("is no field of that noun"))
        }),
    );
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

/// Whether the noun has such a field, or one of the tenant's own that they see.
fn has(ctx: &Ctx, noun: &Catalogue, name: &str) -> bool {
    let key = kernel::custom::key(name);
    let is_own = |key| ctx.grants.own().get(noun.noun, key).is_some() && !ctx.grants.hides(noun.noun, name);
    noun.field(name).is_some() || key.is_some_and(is_own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_of_its_events() {
        let all = |patterns: &[&str]| -> Vec<String> { patterns.iter().map(|&one| one.to_owned()).collect() };
        assert!(wants(&all(&["*"]), "contact.created") && wants(&all(&["contact.*"]), "contact.created"));
        assert!(wants(&all(&["order.created", "contact.created"]), "contact.created"));
        assert!(!wants(&all(&["contact.*"]), "contact_point.created") && !wants(&all(&[]), "contact.created"));
        assert!(!wants(&all(&["contact.updated"]), "contact.created"));
        for good in ["*", "contact.*", "contact.created"] {
            assert!(are_events(&all(&[good])).is_ok(), "{good}");
        }
        for bad in ["", "contact", "*.created", "contact.", ".created", "Contact.created", "a.b.c", "contact.cre*"] {
            assert!(are_events(&all(&[bad])).is_err(), "{bad}");
        }
    }
}
