//! What a cell may become: the targets of a resource, and the readers that turn texts into values.
use super::mapping::{Column, Mapping};
use crate::table::values::{self, Calendar, Mark, ValueFault};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::custom::{Own, Type};
use kernel::{Access, Fault, Grants, Region, text, tidy};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashSet};
use std::sync::{LazyLock, Mutex, PoisonError};

/// Something that a column may go to.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub name: &'static str,
    pub holds: Holds,
    /// the field of another noun that it becomes, where its name does not say so
    pub becomes: Option<(&'static str, &'static str)>,
    /// the field by which what it refers to is looked for; of one that becomes another
    pub found_by: Option<(&'static str, &'static str)>,
}

/// What sort of value a target takes.
#[derive(Clone, Copy, Debug)]
pub enum Holds {
    Text,
    Email,
    Phone,
    Url,
    Whole,
    Decimal,
    Bool,
    Date,
    Instant,
    /// ISO 4217
    Currency,
    /// ISO 3166-1, of two letters, in capitals; which there are is the room's to say
    Country,
    Choice(&'static [&'static str]),
    /// of a record of this house
    Id,
    /// several columns may go here; together they are the key
    Key,
}

impl Target {
    pub const fn new(name: &'static str, holds: Holds) -> Self {
        Self { name, holds, becomes: None, found_by: None }
    }
    pub const fn text(name: &'static str) -> Self {
        Self::new(name, Holds::Text)
    }
    pub const fn id(name: &'static str) -> Self {
        Self::new(name, Holds::Id)
    }
    /// Becomes a field of a part of the record.
    #[must_use]
    pub const fn part(self, noun: &'static str, field: &'static str) -> Self {
        Self { becomes: Some((noun, field)), ..self }
    }
    /// Refers to a record of a noun by a field of it.
    #[must_use]
    pub const fn found_by(self, noun: &'static str, field: &'static str) -> Self {
        Self { found_by: Some((noun, field)), ..self }
    }
}

/// What may be done with the field that a target of `noun` means: its own, one of what it refers to (`account.name`,
/// where the reference counts too), or a name in another system. What is not the noun's own is looked for, and written
/// only where the import makes such records.
pub fn access(grants: &Grants, noun: &str, target: &Target, makes: &dyn Fn(&str) -> bool) -> Access {
    let of = |object: &str, field: &str| match grants.access(object, field) {
        Access::Read if object != noun && !makes(object) => Access::Write,
        access => access,
    };
    // what is hidden finds nothing
    let finds = target.found_by.is_none_or(|(noun, field)| !grants.hides(noun, field));
    if let Some((part, field)) = target.becomes {
        return if finds { grants.access(part, field) } else { Access::Hidden };
    }
    if let Some(key) = custom(target.name) {
        return grants.access(noun, &kernel::custom::path(key));
    }
    let mut parts = target.name.split('.').peekable();
    let (mut object, mut least) = (noun, Access::Write);
    while let Some(part) = parts.next() {
        least = least.min(match (part, parts.peek()) {
            ("external_id", None) => grants.access("external_ref", part),
            (part, None) => of(object, part),
            // `price.currency` goes by the price
            (part, Some(_)) => of(object, part).min(of(object, &format!("{part}_id"))),
        });
        object = part;
    }
    least
}

/// The key of a field of the tenant's own: of `custom.region`, and of `custom.price.currency` too.
pub fn custom(target: &str) -> Option<&str> {
    kernel::custom::key(target)?.split('.').next()
}

/// Where a column may go that a tenant has added to a noun.
pub fn own(grants: &Grants, noun: &str) -> Vec<Target> {
    let all = grants.own();
    let one = |own: &Own| {
        let money = (own.holds == Type::Money).then(|| format!("{}.currency", own.path()));
        let currency = money.map(|name| Target::new(kept(&name), Holds::Currency));
        [Some(Target::new(kept(&own.path()), holds(own.holds))), currency].into_iter().flatten()
    };
    all.of(noun).iter().flat_map(one).collect()
}

fn holds(holds: Type) -> Holds {
    match holds {
        Type::Int => Holds::Whole,
        Type::Decimal | Type::Money => Holds::Decimal,
        Type::Bool => Holds::Bool,
        Type::Date => Holds::Date,
        Type::Instant => Holds::Instant,
        Type::Email => Holds::Email,
        Type::Phone => Holds::Phone,
        Type::Url => Holds::Url,
        Type::Text | Type::Option | Type::Options | Type::Reference => Holds::Text,
    }
}

/// Names of targets live as long as the program: each is kept once, and a tenant has some hundreds at most.
fn kept(name: &str) -> &'static str {
    static KEPT: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.get(name) {
        return known;
    }
    let name: &'static str = name.to_owned().leak();
    kept.insert(name);
    name
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    /// and what it was given as
    Phone(String, String),
    Whole(i64),
    Decimal(Decimal),
    Bool(bool),
    Date(NaiveDate),
    Instant(DateTime<Utc>),
}

impl Value {
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) | Self::Phone(text, _) = self { Some(text) } else { None }
    }
    /// What a number was given as.
    pub fn given(&self) -> Option<&str> {
        if let Self::Phone(_, given) = self { Some(given) } else { None }
    }
    pub fn decimal(&self) -> Option<Decimal> {
        if let Self::Decimal(figure) = self { Some(*figure) } else { None }
    }
    pub fn instant(&self) -> Option<DateTime<Utc>> {
        if let Self::Instant(instant) = self { Some(*instant) } else { None }
    }

    /// As the API writes it.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) | Self::Phone(text, _) => text.as_str().into(),
            Self::Whole(figure) => (*figure).into(),
            Self::Decimal(figure) => figure.normalize().to_string().into(),
            Self::Bool(is) => (*is).into(),
            Self::Date(day) => serde_json::to_value(day).unwrap_or_default(),
            Self::Instant(instant) => serde_json::to_value(instant).unwrap_or_default(),
        }
    }
}

/// Reads the texts of one column, or a constant, for one target.
#[derive(Clone, Debug)]
pub struct Reader {
    holds: Holds,
    calendar: Calendar,
    mark: Mark,
    region: Option<Region>,
    choices: BTreeMap<String, String>,
    lenient: bool,
}

impl Reader {
    /// Faults: a format or a time zone that is none.
    pub fn new(target: Target, column: Option<&Column>, mapping: &Mapping) -> Result<Self, ValueFault> {
        let format = column.and_then(|column| column.format.as_deref());
        let choices = column.and_then(|column| mapping.choices.get(&column.column));
        Ok(Self {
            holds: target.holds,
            calendar: Calendar::new(format, mapping.time_zone.as_deref())?,
            mark: if mapping.decimal_comma { Mark::Comma } else { Mark::Point },
            region: mapping.phone_region,
            choices: choices.cloned().unwrap_or_default(),
            lenient: column.is_some_and(|column| column.lenient),
        })
    }

    /// Nothing where what cannot be read is to be taken for nothing.
    pub fn read(&self, text: &str) -> Result<Option<Value>, ValueFault> {
        let text = self.choices.get(text).map_or(text, String::as_str);
        match self.value(text) {
            Err(_) if self.lenient => Ok(None),
            value => value.map(Some),
        }
    }

    fn value(&self, text: &str) -> Result<Value, ValueFault> {
        Ok(match self.holds {
            Holds::Text | Holds::Key => Value::Text(text.to_owned()),
            Holds::Email => {
                let mut address = values::email(text)?;
                tidy::email(&mut address);
                Value::Text(address)
            }
            Holds::Phone => {
                let number = values::phone(bare(text), self.region)?;
                Value::Phone(number.e164, number.raw)
            }
            Holds::Url => Value::Text(values::url(text)?),
            Holds::Whole => Value::Whole(values::whole(bare(text), self.mark)?),
            Holds::Decimal => Value::Decimal(values::decimal(bare(text), self.mark)?),
            Holds::Bool => Value::Bool(values::boolean(text)?),
            Holds::Date => Value::Date(self.calendar.date(text)?),
            Holds::Instant => Value::Instant(self.calendar.instant(text)?),
            Holds::Currency => Value::Text(currency(text)?),
            Holds::Country => Value::Text(text.trim().to_ascii_uppercase()),
            Holds::Choice(choices) => Value::Text(values::choice(text, choices)?.to_owned()),
            Holds::Id => Value::Text(id(text)?),
        })
    }
}

/// Without the apostrophe that keeps a spreadsheet from computing it, as the list of errors has it.
fn bare(text: &str) -> &str {
    text.strip_prefix('\'').unwrap_or(text)
}

fn id(text: &str) -> Result<String, ValueFault> {
    let id: Result<uuid::Uuid, _> = text.trim().parse();
    id.map(|id| id.to_string()).map_err(|_| ValueFault::new("id", text!("It is not an id of a record.")))
}

fn currency(text: &str) -> Result<String, ValueFault> {
    let code = text.trim().to_ascii_uppercase();
    match kernel::money::decimals(&code) {
        Some(_) => Ok(code),
        None => Err(ValueFault::new("currency", text!("It is not an ISO 4217 currency."))),
    }
}

/// A fault of a cell, by the name of its column.
pub fn fault(column: &str, fault: ValueFault) -> Fault {
    Fault::new(column, fault.code, fault.message)
}
