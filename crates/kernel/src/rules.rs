//! The rules that a body breaks, as faults: those of the validator's library in our words, those of ours in theirs.
use crate::{Fault, Text, text};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashMap;
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

/// `rule!("decimals", "{currency} has {max} decimals", currency, max = 2)`: a broken rule, its text and its figures. See
/// [`text!`](crate::text!).
#[macro_export]
macro_rules! rule {
    ($code:expr, $english:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        const _: () = $crate::text::fits($english, &[$(stringify!($name)),*]);
        #[allow(unused_mut)]
        let mut rule = $crate::rules::broken($code, $english);
        $(rule.add_param(stringify!($name).into(), &$crate::text!(@value $name $(= $value)?));)*
        rule
    }};
}

/// By [`rule!`](crate::rule!) only.
pub fn broken(code: &'static str, english: &'static str) -> ValidationError {
    ValidationError::new(code).with_message(Cow::Borrowed(english))
}

/// All that is wrong with a body, at JSON pointers.
pub fn faults(body: &impl Validate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Err(errors) = body.validate() {
        collect(&errors, "", &mut faults);
    }
    faults
}

/// One broken rule as a fault.
pub fn fault(pointer: impl Into<String>, rule: &ValidationError) -> Fault {
    let shown = rule.params.iter().filter(|(name, _)| !["value", "member"].contains(&name.as_ref()));
    Fault {
        params: shown.map(|(name, value)| (name.to_string(), value.clone())).collect(),
        ..Fault::new(pointer, rule.code.to_string(), said(rule))
    }
}

fn collect(errors: &ValidationErrors, at: &str, out: &mut Vec<Fault>) {
    for (name, kind) in errors.errors() {
        let here = if *name == "__all__" { at.to_owned() } else { format!("{at}/{name}") };
        match kind {
            ValidationErrorsKind::Struct(inner) => collect(inner, &here, out),
            ValidationErrorsKind::List(items) => {
                items.iter().for_each(|(i, inner)| collect(inner, &format!("{here}/{i}"), out));
            }
            ValidationErrorsKind::Field(broken) => out.extend(broken.iter().map(|rule| {
                // a rule of the whole body may say which member breaks it
                let member = rule.params.get("member").and_then(Value::as_str).map(|name| format!("/{name}"));
                fault(format!("{here}{}", member.unwrap_or_default()), rule)
            })),
        }
    }
}

fn said(rule: &ValidationError) -> Text {
    match &rule.message {
        Some(english) => {
            let values = rule.params.iter().filter(|(name, _)| crate::text::places(english).contains(&name.as_ref()));
            values.fold(Text::new(english.clone()), |text, (name, value)| text.with(name.clone(), plain(value)))
        }
        None => library(&rule.code, &rule.params),
    }
}

/// The rules that come from the library have no words of their own.
fn library(code: &str, params: &HashMap<Cow<'static, str>, Value>) -> Text {
    let bound = |name: &str| params.get(name).map(ToString::to_string);
    match (code, bound("min"), bound("max")) {
        ("length", Some(min), Some(max)) => text!("must be {min} to {max} long", min, max),
        ("length", None, Some(max)) => text!("must be at most {max} long", max),
        ("length", Some(min), None) => text!("must be at least {min} long", min),
        ("range", Some(min), Some(max)) => text!("must be from {min} to {max}", min, max),
        ("range", Some(min), None) => text!("must be {min} or more", min),
        ("range", None, Some(max)) => text!("must be {max} or less", max),
        ("email", ..) => text!("is not an e-mail address"),
        _ => text!("breaks the rule `{rule}`", rule = code),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
