//! How a template is filled in. What is filled in is data and is never read as a template again; in a page it is escaped,
//! in a subject it stays on its line. A template sees what it declares and nothing else, and has conditions and loops
//! alone: it reads no other template, calls nothing, keeps nothing. What it takes and what comes of it have an end.
use super::{BROKEN, TemplateVariable, TemplateVariant, UNFILLED};
use kernel::{Error, Fault, Result, text};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};
use serde_json::{Map, Value};
use std::io::{self, Write};

/// How many steps a part may take, and how much may come of it.
const FUEL: u64 = 50_000;
const LONGEST: usize = 500_000;
const SUBJECT: usize = 300;
/// What may stand between `{%` and `%}` first.
const TAGS: &[&str] = &["if", "elif", "else", "endif", "for", "endfor"];
/// What stands in every template, without being declared.
pub const GIVEN: &[&str] = &["sender_name", "unsubscribe_url", "preferences_url"];

/// A variant as its reader gets it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub subject: Option<String>,
    pub html: Option<String>,
    pub text: Option<String>,
}

/// What a template says of its reader.
pub struct Reader {
    /// `{"contact": {…}, "account": {…}}`, as far as the sender sees them
    pub known: Value,
    /// of [`GIVEN`]
    pub given: Vec<(&'static str, String)>,
}

/// All that is wrong with a variant, by its members.
pub fn faults(variant: &TemplateVariant, variables: &[TemplateVariable], at: &str) -> Vec<Fault> {
    let house = house();
    let faults = parts(variant).into_iter().filter_map(|(member, text)| {
        let why = wrong(&house, text?, variables)?;
        Some(Fault::new(format!("{at}/{member}"), BROKEN.name, text!("cannot be read: {why}", why)))
    });
    faults.collect()
}

/// Fills a variant in.
pub fn write(variant: &TemplateVariant, variables: &[TemplateVariable], reader: &Reader) -> Result<Written> {
    let house = house();
    let places = minijinja::Value::from(minijinja::value::Serde(places(variables, reader)));
    let fill = |name: &str, text: Option<&String>| match text {
        Some(text) => filled(&house, name, text, &places).map(Some),
        None => Ok(None),
    };
    Ok(Written {
        subject: fill("subject", variant.subject.as_ref())?.map(|line| one_line(&line)),
        html: fill("page.html", variant.html.as_ref())?,
        text: fill("text", variant.text.as_ref())?,
    })
}

fn parts(variant: &TemplateVariant) -> [(&'static str, Option<&str>); 3] {
    [("subject", variant.subject.as_deref()), ("html", variant.html.as_deref()), ("text", variant.text.as_deref())]
}

/// Without filters of the library, some of which make much of little.
fn house() -> Environment<'static> {
    let mut house = Environment::empty();
    house.set_fuel(Some(FUEL));
    house.set_undefined_behavior(UndefinedBehavior::Strict);
    let escape = |name: &str| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None };
    house.set_auto_escape_callback(escape);
    house.add_filter("upper", |text: String| text.to_uppercase());
    house.add_filter("lower", |text: String| text.to_lowercase());
    house.add_filter("trim", |text: String| text.trim().to_owned());
    house
}

/// Why a text is no template.
fn wrong(house: &Environment, source: &str, variables: &[TemplateVariable]) -> Option<String> {
    if let Some(tag) = tags(source).find(|tag| !TAGS.contains(tag)) {
        return Some(format!("{{% {tag} %}}"));
    }
    let read = match house.template_from_str(source) {
        Ok(read) => read,
        Err(error) => return Some(error.to_string().chars().take(200).collect()),
    };
    let declared = |name: &str| GIVEN.contains(&name) || variables.iter().any(|one| one.name == name);
    let mut unknown: Vec<String> = read.undeclared_variables(true).into_iter().filter(|name| !declared(name)).collect();
    unknown.sort();
    if !unknown.is_empty() {
        return Some(unknown.join(", "));
    }
    // what goes wrong whoever reads it is told now, such as a filter that is not there
    let named = |name: &str| TemplateVariable { name: name.to_owned(), fallback: Some("x".to_owned()) };
    let filled_in: Vec<TemplateVariable> = variables.iter().map(|one| named(&one.name)).collect();
    let given = GIVEN.iter().map(|name| (*name, "x".to_owned())).collect();
    let places =
        minijinja::Value::from(minijinja::value::Serde(places(&filled_in, &Reader { known: Value::Null, given })));
    let trial = house
        .template_from_named_str("page.html", source)
        .and_then(|template| template.render_captured_to(places, &mut Bounded(Vec::new())).map(drop));
    match trial {
        Err(error) if error.kind() != ErrorKind::UndefinedError => Some(error.to_string().chars().take(200).collect()),
        _ => None,
    }
}

/// The first word of each tag; of a loop that calls itself, `recursive`.
fn tags(source: &str) -> impl Iterator<Item = &str> {
    source.split("{%").skip(1).map(|rest| {
        let tag = rest.split("%}").next().unwrap_or_default().trim_start_matches(['-', '+']).trim();
        let mut words = tag.split_whitespace();
        let first = words.next().unwrap_or_default().trim_end_matches(['-', '+']);
        if words.any(|word| word.trim_end_matches(['-', '+']) == "recursive") { "recursive" } else { first }
    })
}

/// What stands in the places: what is declared, and nothing else.
fn places(variables: &[TemplateVariable], reader: &Reader) -> Value {
    let mut places = Map::new();
    for (name, value) in &reader.given {
        places.insert((*name).to_owned(), Value::from(value.as_str()));
    }
    for variable in variables {
        let steps: Vec<&str> = variable.name.split('.').collect();
        let known = steps.iter().try_fold(&reader.known, |at, step| at.get(step)).filter(|value| !is_blank(value));
        let value = known.cloned().or_else(|| variable.fallback.as_deref().map(Value::from));
        if let Some(value) = value {
            put(&mut places, &steps, value);
        } else if let Some((_, above)) = steps.split_last() {
            // so that it is the place that lacks something, and not what it is in
            put(&mut places, above, Value::Null);
        }
    }
    Value::Object(places)
}

fn put(places: &mut Map<String, Value>, steps: &[&str], value: Value) {
    let Some((first, rest)) = steps.split_first() else { return };
    if rest.is_empty() && !value.is_null() {
        places.insert((*first).to_owned(), value);
        return;
    }
    let inner = places.entry((*first).to_owned()).or_insert_with(|| Value::Object(Map::new()));
    if let Some(inner) = inner.as_object_mut() {
        put(inner, rest, value);
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn filled(house: &Environment, name: &str, source: &str, places: &minijinja::Value) -> Result<String> {
    let broken = |error: &dyn std::fmt::Display| Error::from(BROKEN).source(error.to_string());
    let template = house.template_from_named_str(name, source).map_err(|error| broken(&error))?;
    let mut bounded = Bounded(Vec::new());
    match template.render_captured_to(places.clone(), &mut bounded) {
        Ok(_) => String::from_utf8(bounded.0).map_err(|error| broken(&error)),
        Err(error) if error.kind() == ErrorKind::UndefinedError => Err(Error::from(UNFILLED).source(error.to_string())),
        Err(error) => Err(broken(&error)),
    }
}

/// Takes so much, and no more.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST {
            return Err(io::Error::other("too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A header is one line, whatever somebody is called.
fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|one| if one.is_control() { ' ' } else { one }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SUBJECT).collect()
}

#[cfg(test)]
mod tests;
