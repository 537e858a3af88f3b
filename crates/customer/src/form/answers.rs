//! What a visitor has answered, held against the questions: all faults at once.
use super::{Form, FormField};
use chrono::NaiveDate;
use kernel::{Fault, Region, Text, phone, text, tidy};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use validator::ValidateEmail;

/// Answers that fit.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    /// by the keys of the fields
    pub answers: Map<String, Value>,
    /// what becomes of the contact, or the lead, as its bodies have it
    pub contact: Map<String, Value>,
    /// what their number was given as
    pub phone_text: Option<String>,
    /// the fields by which something was agreed to
    pub agreed: Vec<FormField>,
}

/// The answers in one form, or what is wrong with each. Phone numbers that do not say their country are of the region.
pub fn read(form: &Form, said: &Map<String, Value>, region: Option<Region>) -> Result<Answered, Vec<Fault>> {
    let (mut read, mut faults) = (Answered::default(), Vec::new());
    let place = |key: &str| format!("/answers/{key}");
    for key in said.keys().filter(|key| !form.fields.0.iter().any(|field| field.key == **key)) {
        // what is not known is named as far as it can be
        let key: String = key.chars().filter(|c| !c.is_control()).take(40).collect();
        faults.push(Fault::new(place(&key), "unknown_member", text!("is not asked for")));
    }
    for field in &form.fields.0 {
        let value = said.get(&field.key).filter(|value| !is_empty(value));
        match value.map(|value| one(field, value, region)).transpose() {
            Ok(Some(read_as)) if read_as != Value::Bool(false) => {
                if field.kind == "phone" && field.target.as_deref() == Some("contact.phone") {
                    read.phone_text = value.and_then(|value| plain(value).ok()).map(|text| text.trim().to_owned());
                }
                read.put(field, read_as);
            }
            Ok(_) if field.is_required => faults.push(Fault::new(place(&field.key), "required", text!("is missing"))),
            Ok(_) => {}
            Err((code, message)) => faults.push(Fault::new(place(&field.key), code, message)),
        }
    }
    if faults.is_empty() { Ok(read) } else { Err(faults) }
}

impl Answered {
    fn put(&mut self, field: &FormField, value: Value) {
        if field.consent.is_some() {
            self.agreed.push(field.clone());
        }
        if let Some(target) = &field.target {
            match kernel::custom::key(target) {
                Some(own) => {
                    let custom =
                        self.contact.entry(kernel::custom::CUSTOM).or_insert_with(|| Value::Object(Map::new()));
                    if let Some(custom) = custom.as_object_mut() {
                        custom.insert(own.to_owned(), value.clone());
                    }
                }
                None => {
                    self.contact.insert(field_of(target).to_owned(), value.clone());
                }
            }
        }
        self.answers.insert(field.key.clone(), value);
    }
}

/// What the record calls what an answer becomes.
pub fn field_of(target: &str) -> &str {
    target.strip_prefix("contact.").or_else(|| target.strip_prefix("lead.")).unwrap_or(target)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(all) => all.is_empty(),
        _ => false,
    }
}

type Refused = (&'static str, Text);

fn one(field: &FormField, value: &Value, region: Option<Region>) -> Result<Value, Refused> {
    match field.kind.as_str() {
        "checkbox" | "consent" => boolean(value),
        "choices" => {
            let all = match value {
                Value::Array(all) => all.clone(),
                one => vec![one.clone()],
            };
            all.iter().map(|one| choice(field, one)).collect::<Result<Vec<_>, _>>().map(Value::Array)
        }
        "choice" => choice(field, value),
        kind => written(field, kind, &plain(value)?, region),
    }
}

fn written(field: &FormField, kind: &str, said: &str, region: Option<Region>) -> Result<Value, Refused> {
    let most = field.max_length.unwrap_or(if kind == "long_text" { 10_000 } else { 500 });
    let mut said = said.trim().to_owned();
    if said.chars().count() > usize::try_from(most).unwrap_or(usize::MAX) {
        return Err(("length", text!("has {most} characters at most", most)));
    }
    // what goes into letters and lists is one line
    let allowed = |c: char| kind == "long_text" && ['\n', '\r', '\t'].contains(&c);
    if said.chars().any(|c| c.is_control() && !allowed(c)) {
        return Err(("control", text!("holds a character that cannot be shown")));
    }
    match kind {
        "email" => {
            tidy::email(&mut said);
            let good = said.len() <= 254 && said.validate_email();
            if good { Ok(said.into()) } else { Err(("email", text!("is not an e-mail address"))) }
        }
        "phone" => number(&said, region),
        "url" => {
            let good = super::rules::is_page(&said).is_ok();
            if good { Ok(said.into()) } else { Err(("url", text!("is no address of a page"))) }
        }
        "number" => match said.parse::<Decimal>() {
            Ok(figure) => Ok(figure.normalize().to_string().into()),
            Err(_) => Err(("number", text!("is not a number"))),
        },
        "date" => match said.parse::<NaiveDate>() {
            Ok(day) => Ok(day.to_string().into()),
            Err(_) => Err(("date", text!("is not a date, such as 2026-11-26"))),
        },
        _ => Ok(said.into()),
    }
}

fn number(said: &str, region: Option<Region>) -> Result<Value, Refused> {
    phone::e164(said, region).map(Value::from).ok_or_else(|| {
        let wanted = match region {
            Some(region) => text!(
                "is no phone number of {region}, nor one with its country code, such as +8613800138000",
                region = region.code()
            ),
            None => text!("is not a phone number with its country code, such as +8613800138000"),
        };
        ("phone", wanted)
    })
}

fn plain(value: &Value) -> Result<String, Refused> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(figure) => Ok(figure.to_string()),
        _ => Err(("wrong_type", text!("a text is expected"))),
    }
}

fn boolean(value: &Value) -> Result<Value, Refused> {
    match value {
        Value::Bool(is) => Ok((*is).into()),
        Value::String(text) if ["true", "on", "1", "yes"].contains(&text.trim()) => Ok(true.into()),
        Value::String(text) if ["false", "off", "0", "no"].contains(&text.trim()) => Ok(false.into()),
        _ => Err(("wrong_type", text!("true or false is expected"))),
    }
}

fn choice(field: &FormField, value: &Value) -> Result<Value, Refused> {
    let said = plain(value)?;
    if field.options.iter().any(|option| option.key == said.trim()) {
        return Ok(said.trim().into());
    }
    let choices: Vec<&str> = field.options.iter().map(|option| option.key.as_str()).collect();
    Err(("choice", text!("is none of {choices}", choices = choices.join(", "))))
}
