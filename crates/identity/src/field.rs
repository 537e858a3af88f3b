//! Fields held back: what a role says of the fields of the records that it opens.
//!
//! A role that opens an object has a say in each of its fields, and where it says nothing it says `write`; of all roles
//! that somebody holds the largest access counts. What tells of a hidden field elsewhere is hidden with it ([`Echo`]);
//! what says the same by itself is hidden too, and may be written as it is.
use crate::permission::Objects;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Jsonb;
use kernel::catalogue::Echo;
use kernel::custom::Fields;
use kernel::{Access, Fault, Grants, text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use validator::Validate;

/// Parts of any record, which those see who see the record: whoever opens anything has a say in them.
const BESIDE: [&str; 1] = ["external_ref"];
/// How long a chain of echoes may be.
const CHAIN: usize = 4;

/// May do no more than this with a field of `object`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"object": "contact", "field": "phone", "access": "hidden"}))]
pub struct FieldAccess {
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50)]
    pub object: String,
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50)]
    pub field: String,
    pub access: Access,
}

/// A list of them, as a column keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[serde(transparent)]
#[diesel(sql_type = Jsonb)]
pub struct FieldAccesses(pub Vec<FieldAccess>);

impl FieldAccess {
    /// All that is held back.
    pub fn all(grants: &Grants) -> Vec<Self> {
        let one = |(object, field, access): (&str, &str, Access)| Self {
            object: object.to_owned(),
            field: field.to_owned(),
            access,
        };
        grants.held_back().map(one).collect()
    }
}

/// What one role opens, and what it says of fields.
pub struct Say<'a> {
    pub opens: Grants,
    pub fields: &'a [FieldAccess],
}

/// Holds back what the roles hold back together.
pub fn hold_back(roles: &[Say], objects: Objects, to: &mut Grants) {
    let named: BTreeSet<(&str, &str)> =
        roles.iter().flat_map(|role| role.fields).map(|one| (one.object.as_str(), one.field.as_str())).collect();
    for (object, field) in named {
        let says = |role: &Say| {
            let said = role.fields.iter().find(|one| one.object == object && one.field == field);
            said.map_or(Access::Write, |one| one.access)
        };
        // where nobody has a say, nobody sees the record
        let largest = roles.iter().filter(|role| opens(&role.opens, objects, object)).map(says).max();
        restrict(to, objects, object, field, largest.unwrap_or_default());
    }
    for _ in 0..CHAIN {
        objects.mirrors().iter().for_each(|mirror| hide(to, objects, mirror));
        objects.echoes().iter().for_each(|echo| follow(to, objects, echo));
    }
}

/// A field that somebody would come to see, or to change, by `asked` and not by `own`; of the objects that count.
pub fn beyond<'a>(own: &'a Grants, asked: &Grants, counts: impl Fn(&str) -> bool) -> Option<(&'a str, &'a str)> {
    let mut less = own.held_back().filter(|(object, ..)| counts(object));
    less.find(|(object, field, access)| asked.access(object, field) > *access).map(|(object, field, _)| (object, field))
}

/// Whether records of the object are seen by somebody with these permissions.
pub fn opens(grants: &Grants, objects: Objects, object: &str) -> bool {
    let root = objects.root(object);
    grants.all().any(|(opened, ..)| opened == root || BESIDE.contains(&object))
}

/// What of them is not there, cannot be hidden, or stands there twice.
pub fn faults(fields: &[FieldAccess], objects: Objects, own: &Fields) -> Vec<Fault> {
    let (mut known, mut faults) = (BTreeSet::new(), Vec::new());
    for (at, one) in fields.iter().enumerate() {
        let pointer = |member: &str| format!("/fields/{at}{member}");
        let Some(catalogue) = objects.catalogue(&one.object) else {
            let message = text!("there is no object \"{object}\" whose fields could be held back", object = one.object);
            faults.push(Fault::new(pointer("/object"), "choice", message));
            continue;
        };
        let key = kernel::custom::key(&one.field);
        let is_own = key.is_some_and(|key| catalogue.custom.is_some() && own.get(&one.object, key).is_some());
        match catalogue.field(&one.field) {
            None if is_own && known.insert((&one.object, &one.field)) => {}
            None if is_own => faults.push(Fault::new(pointer(""), "twice", text!("is there twice"))),
            None => {
                let message = text!("{noun} has no \"{name}\"", noun = one.object, name = one.field);
                faults.push(Fault::new(pointer("/field"), "choice", message));
            }
            Some(field) if one.access == Access::Hidden && catalogue.is_essential(field) => {
                let message = text!("without \"{field}\" a record is none: it cannot be hidden", field = one.field);
                faults.push(Fault::new(pointer("/access"), "essential", message));
            }
            Some(_) if !known.insert((&one.object, &one.field)) => {
                faults.push(Fault::new(pointer(""), "twice", text!("is there twice")));
            }
            Some(_) => {}
        }
    }
    faults
}

fn restrict(to: &mut Grants, objects: Objects, object: &str, field: &str, access: Access) {
    to.restrict(object, field, access);
    let Some(catalogue) = objects.catalogue(object) else { return };
    let columns = catalogue.field(field).into_iter().flat_map(|field| catalogue.columns(field));
    columns.for_each(|column| to.stands_in(object, field, column));
}

fn hide(to: &mut Grants, objects: Objects, mirror: &Echo) {
    if mirror.of.iter().any(|(object, field)| to.hides(object, field)) {
        restrict(to, objects, mirror.object, mirror.field, Access::Hidden);
    }
}

fn follow(to: &mut Grants, objects: Objects, echo: &Echo) {
    let least = echo.of.iter().map(|(object, field)| to.access(object, field)).min().unwrap_or_default();
    // what is put together is never written
    let least = if objects.catalogue(echo.object).is_none() && least == Access::Read { Access::Write } else { least };
    if least < to.access(echo.object, echo.field) {
        restrict(to, objects, echo.object, echo.field, least);
    }
}

impl ToSql<Jsonb, Pg> for FieldAccesses {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = serde_json::to_value(self)?;
        ToSql::<Jsonb, Pg>::to_sql(&value, &mut out.reborrow())
    }
}
impl FromSql<Jsonb, Pg> for FieldAccesses {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(serde_json::from_value(FromSql::<Jsonb, Pg>::from_sql(value)?)?)
    }
}

#[cfg(test)]
mod tests;
