//! Permissions as they are written: object × action → reach. Nobody grants what they lack themselves, nor shows what
//! they do not see: [`covered`] asks that of whoever gives a role, makes one, or acts on another user.
use crate::{field, role, user};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Jsonb;
use kernel::catalogue::{Catalogue, Catalogues, Echo};
use kernel::{Action, Code, Ctx, Error, Fault, Grants, Kind, Reach, Result, UserId, error, rule, text};
use platform::Conn;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use validator::{Validate, ValidationError};

pub const BEYOND_OWN_RIGHTS: Code = Code::new(
    "beyond_own_rights",
    Kind::Forbidden,
    "Nobody may give, or take from somebody, rights that they lack themselves.",
);

/// What permissions can be about: the nouns of the house, known when it is assembled and kept for the program's life.
#[derive(Clone, Copy, Debug)]
pub struct Objects {
    names: &'static [&'static str],
    catalogues: Option<&'static Catalogues>,
    echoes: &'static [Echo],
    mirrors: &'static [Echo],
}

impl Objects {
    /// `nouns` of all wings; those of this one are added.
    pub fn new(nouns: impl IntoIterator<Item = &'static str>) -> Self {
        let mut all: Vec<&'static str> = nouns.into_iter().chain(crate::NOUNS.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        Self { names: all.leak(), catalogues: None, echoes: &[], mirrors: &[] }
    }

    /// The nouns of the catalogues that are not parts of others, which go by those; and what no catalogue lists.
    pub fn of(catalogues: &'static Catalogues, further: &[&'static str]) -> Self {
        let own = catalogues.all().filter(|catalogue| catalogue.permission() == catalogue.noun);
        let all = Self::new(own.map(|catalogue| catalogue.noun).chain(further.iter().copied()));
        Self { catalogues: Some(catalogues), ..all }
    }

    /// With what tells of their fields elsewhere.
    #[must_use]
    pub fn telling(self, echoes: &'static [Echo]) -> Self {
        Self { echoes, ..self }
    }

    /// With fields that say the same as fields elsewhere: what is hidden there is hidden here.
    #[must_use]
    pub fn mirroring(self, mirrors: &'static [Echo]) -> Self {
        Self { mirrors, ..self }
    }

    pub(crate) fn echoes(self) -> &'static [Echo] {
        self.echoes
    }

    pub(crate) fn mirrors(self) -> &'static [Echo] {
        self.mirrors
    }

    /// The fields of an object, or of a part of one.
    pub(crate) fn catalogue(self, object: &str) -> Option<&'static Catalogue> {
        self.catalogues?.get(object)
    }

    /// The object whose permissions open it: a part goes by its whole.
    pub(crate) fn root(self, object: &str) -> &str {
        self.catalogues.and_then(|all| all.permission(object)).unwrap_or(object)
    }

    pub fn iter(self) -> impl Iterator<Item = &'static str> {
        self.names.iter().copied()
    }

    /// The object of this name, singular or plural.
    pub fn named(self, name: &str) -> Option<&'static str> {
        let name = name.replace('-', "_");
        self.iter().find(|object| *object == name || plural(object) == name)
    }
}

/// May do `action` to records of `object`, as far as `reach`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"object": "contact", "action": "update", "reach": "team"}))]
pub struct Permission {
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50)]
    pub object: String,
    #[validate(custom(function = "is_action"))]
    #[schema(schema_with = actions)]
    pub action: String,
    pub reach: Reach,
}

/// A list of them, as a column keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[serde(transparent)]
#[diesel(sql_type = Jsonb)]
pub struct Permissions(pub Vec<Permission>);

impl Permission {
    pub fn new(object: &str, action: Action, reach: Reach) -> Self {
        Self { object: object.to_owned(), action: action.name().to_owned(), reach }
    }

    /// All that is granted.
    pub fn all(grants: &Grants) -> Vec<Self> {
        grants.all().map(|(object, action, reach)| Self::new(object, action, reach)).collect()
    }

    pub fn allow(&self, grants: &mut Grants) {
        if let Some(action) = Action::named(&self.action) {
            grants.allow(self.object.as_str(), action, self.reach);
        }
    }
}

/// Refused where `asked` goes beyond `own`, by a permission or by a field.
pub fn covered(own: &Grants, asked: &Grants, objects: Objects) -> Result<()> {
    let lacking = asked.all().find(|(object, action, reach)| own.reach(object, *action) < *reach);
    if let Some((object, action, reach)) = lacking {
        let lacking = text!(
            "{object}:{action} as far as {reach} is not yours to give",
            object,
            action = action.name(),
            reach = reach.name()
        );
        return Err(Error::from(BEYOND_OWN_RIGHTS).detail(lacking));
    }
    match field::beyond(own, asked, |object| field::opens(asked, objects, object)) {
        None => Ok(()),
        Some((object, field)) => {
            let lacking = text!("{object}.{field} is not yours to give", object, field);
            Err(Error::from(BEYOND_OWN_RIGHTS).detail(lacking))
        }
    }
}

/// Whether the actor may have something be done as this user, from outside and without asking them again: somebody who
/// holds no more than the actor does, by the way that they have come in.
pub fn lends(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: UserId) -> Result<()> {
    if id != ctx.actor.user {
        let missing = |_| {
            let fault = Fault::new("/user_id", "unknown_reference", text!("there is no such user"));
            Error::from(error::UNKNOWN_REFERENCE).fault(fault)
        };
        let account = user::find(conn, ctx, id).map_err(missing)?;
        if account.kind == user::QUEUE {
            return Err(missing(error::NOT_FOUND.into()));
        }
    }
    covered(&ctx.grants, &role::held(conn, ctx.tenant, id, objects)?, objects)
}

fn plural(object: &str) -> String {
    let stem = object.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    match stem {
        Some(stem) => format!("{stem}ies"),
        None if object.ends_with(['s', 'x']) || object.ends_with("ch") => format!("{object}es"),
        None => format!("{object}s"),
    }
}

fn is_action(name: &str) -> std::result::Result<(), ValidationError> {
    match Action::named(name) {
        Some(_) => Ok(()),
        None => Err(rule!("choice", "is no action")),
    }
}

fn actions() -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(Action::ALL.map(Action::name))).build()
}

impl ToSql<Jsonb, Pg> for Permissions {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = serde_json::to_value(self)?;
        ToSql::<Jsonb, Pg>::to_sql(&value, &mut out.reborrow())
    }
}
impl FromSql<Jsonb, Pg> for Permissions {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(serde_json::from_value(FromSql::<Jsonb, Pg>::from_sql(value)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_known_by_both_names() {
        let objects = Objects::new(["contact", "opportunity", "case", "price_box"]);
        let pairs = [
            ("contacts", Some("contact")),
            ("contact", Some("contact")),
            ("opportunities", Some("opportunity")),
            ("api-keys", Some("api_key")),
            ("price-boxes", Some("price_box")),
            ("contactss", None),
            ("", None),
        ];
        for (name, object) in pairs {
            assert_eq!(objects.named(name), object, "{name}");
        }
    }

    #[test]
    fn nobody_grants_what_they_lack() {
        let held = |object: &str, reach| {
            let mut grants = Grants::default();
            grants.allow(object, Action::Read, reach);
            grants
        };
        let own = held("contact", Reach::Team);
        let covers = |asked: Grants| covered(&own, &asked, Objects::new(["contact", "order"])).is_ok();
        assert!(covers(held("contact", Reach::Own)) && covers(held("contact", Reach::Team)));
        assert!(!covers(held("contact", Reach::All)));
        assert!(!covers(held("order", Reach::Own)) && covers(held("order", Reach::None)));
    }
}
