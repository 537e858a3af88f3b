//! What an activity or a task has to do with: records of any ordinary noun, and the people who were there.
//!
//! They stand in the record itself, so that whoever is told of it is told of them; triggers keep the tables by which it
//! is found from there (`activity_links`, `task_links`). What is named has to be seen by whoever names it.
mod carry;

pub use carry::{carry, uncarry};

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Jsonb;
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::{Action, ContactId, Ctx, Error, Fault, Result, TeamId, UserId, error, rule, text};
use platform::{Conn, custom, visible};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::ValidationError;

/// A record may have to do with so many others.
const MOST_LINKS: usize = 50;
const MOST_PARTICIPANTS: usize = 200;

pub const ORGANIZER: &str = "organizer";
pub const ROLES: &[&str] = &[ORGANIZER, "attendee", "optional"];
pub const RESPONSES: &[&str] = &["none", "accepted", "tentative", "declined"];

/// A record that another has to do with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordLink {
    /// of which noun: one whose records are looked after one by one, such as `account`, `contact` or `order`
    #[schema(example = "contact")]
    pub resource: String,
    /// which record
    #[schema(example = "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6")]
    pub record_id: Uuid,
}

/// Somebody who takes part: a contact, a user, or somebody by name or address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ActivityParticipant)]
pub struct Participant {
    pub contact_id: Option<ContactId>,
    pub user_id: Option<UserId>,
    pub name: Option<String>,
    #[schema(example = "wang.wei@example.cn")]
    pub address: Option<String>,
    /// `organizer`, `attendee` or `optional`
    #[serde(default = "attendee")]
    #[schema(example = "attendee", required = false)]
    pub role: String,
    /// `none`, `accepted`, `tentative` or `declined`
    #[serde(default = "none")]
    #[schema(example = "accepted", required = false)]
    pub response: String,
}

fn attendee() -> String {
    "attendee".to_owned()
}
fn none() -> String {
    "none".to_owned()
}

/// A list that a column of `jsonb` keeps. What erasing has left of one is none.
macro_rules! kept {
    ($name:ident($of:ty), $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, AsExpression, FromSqlRow)]
        #[serde(transparent)]
        #[diesel(sql_type = Jsonb)]
        pub struct $name(pub Vec<$of>);

        impl ToSql<Jsonb, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                ToSql::<Jsonb, Pg>::to_sql(&serde_json::to_value(self)?, &mut out.reborrow())
            }
        }
        impl FromSql<Jsonb, Pg> for $name {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                let value: Value = FromSql::<Jsonb, Pg>::from_sql(value)?;
                Ok(serde_json::from_value(value).unwrap_or_default())
            }
        }
    };
}
pub(crate) use kept;

kept!(Links(RecordLink), "The records that a record has to do with.");
kept!(Participants(Participant), "Those who take part.");

impl Links {
    /// Each once.
    pub(crate) fn tidy(&mut self) {
        let mut known: Vec<RecordLink> = Vec::new();
        self.0.retain(|one| {
            !known.contains(one) && {
                known.push(one.clone());
                true
            }
        });
    }
}

impl Participants {
    pub(crate) fn tidy(&mut self) {
        for one in &mut self.0 {
            one.name.iter_mut().for_each(kernel::tidy::trim);
            one.address.iter_mut().for_each(kernel::tidy::email);
        }
    }
}

pub fn are_links(links: &Links) -> std::result::Result<(), ValidationError> {
    match links.0.len() <= MOST_LINKS {
        true => Ok(()),
        false => Err(rule!("too_many", "at most {most} of them", most = MOST_LINKS)),
    }
}

pub fn are_participants(all: &Participants) -> std::result::Result<(), ValidationError> {
    if all.0.len() > MOST_PARTICIPANTS {
        return Err(rule!("too_many", "at most {most} of them", most = MOST_PARTICIPANTS));
    }
    for one in &all.0 {
        let texts = [&one.name, &one.address].into_iter().flatten();
        if texts.clone().any(|text| text.chars().count() > 254) {
            return Err(rule!("length", "a name or an address is too long"));
        }
        if one.contact_id.is_none() && one.user_id.is_none() && texts.map(|text| text.trim()).all(str::is_empty) {
            return Err(rule!("required", "each is a contact, a user, a name or an address"));
        }
        crate::choices::one_of(&one.role, ROLES)?;
        crate::choices::one_of(&one.response, RESPONSES)?;
    }
    Ok(())
}

/// Whatever is named and was not before has to be seen. What comes back is the team of the first record that has one.
pub(crate) fn check(
    conn: &mut Conn,
    ctx: &Ctx,
    (links, participants): (&Links, &Participants),
    (linked, present): (&Links, &Participants),
) -> Result<Option<TeamId>> {
    let links = links.0.iter().enumerate().filter(|(_, one)| !linked.0.contains(one));
    let links = links.map(|(at, one)| (format!("/links/{at}"), one.resource.as_str(), one.record_id));
    let people = participants.0.iter().enumerate().filter(|(_, one)| !present.0.contains(one));
    let contacts = people.clone().filter_map(|(at, one)| Some((at, "contact", one.contact_id?.0)));
    let users = people.filter_map(|(at, one)| Some((at, "user", one.user_id?.0)));
    let people = contacts.chain(users).map(|(at, noun, id)| (format!("/participants/{at}"), noun, id));
    let named: Vec<(String, &str, Uuid)> = links.chain(people).collect();
    if named.is_empty() {
        return Ok(None);
    }
    let (seen, mut faults) = seen(conn, ctx, &named)?;
    for (place, resource, id) in &named {
        let known = seen.get(resource);
        if known.is_some_and(|known| !known.iter().any(|(one, _)| one == id)) {
            let member = match *resource {
                "contact" | "user" if place.starts_with("/participants") => format!("{resource}_id"),
                _ => "record_id".to_owned(),
            };
            let missing = text!("there is no such record");
            faults.push(Fault::new(format!("{place}/{member}"), error::UNKNOWN_REFERENCE.name, missing));
        }
    }
    if !faults.is_empty() {
        return Err(Error::from(error::UNKNOWN_REFERENCE).faults(faults));
    }
    let team = |(_, resource, id): &(String, &str, Uuid)| {
        seen.get(resource)?.iter().find(|(one, _)| one == id).and_then(|(_, team)| *team)
    };
    Ok(named.iter().find_map(team))
}

type Seen<'a> = BTreeMap<&'a str, Vec<(Uuid, Option<TeamId>)>>;

/// By noun, those that the actor sees; and what is no noun of that sort.
fn seen<'a>(conn: &mut Conn, ctx: &Ctx, named: &[(String, &'a str, Uuid)]) -> Result<(Seen<'a>, Vec<Fault>)> {
    let all = custom::catalogues().ok_or_else(|| Error::internal("the catalogues are not open"))?;
    let (mut seen, mut faults) = (Seen::new(), Vec::new());
    for (place, resource, _) in named {
        if seen.contains_key(resource) {
            continue;
        }
        let Some(noun) = noun(all, place, resource) else {
            let wrong = text!("is no noun whose records are looked after one by one");
            faults.push(Fault::new(format!("{place}/resource"), "choice", wrong));
            continue;
        };
        let ids: Vec<Uuid> = named.iter().filter(|(_, one, _)| one == resource).map(|(.., id)| *id).collect();
        seen.insert(*resource, visible::among(conn, ctx, noun, &ids, Action::Read)?);
    }
    Ok((seen, faults))
}

fn noun(all: &Catalogues, place: &str, resource: &str) -> Option<&'static Catalogue> {
    match place.starts_with("/participants") {
        true => all.get(resource),
        false => visible::ordinary(all, resource),
    }
}
