//! Fields held back, of every noun and by every way: a hidden field is as if it were not there, one to read cannot be
//! written. All of it is walked over the catalogues and the document, so that new nouns and new fields are in it.
mod answered;
mod asked;
mod known;
mod own;
mod told;
mod written;

use super::doors::ids;
use crate::support::people::PASSWORD;
use crate::support::{Answer, Client, Town, Value, fresh, json, make, operations, resolved, seal};
use kernel::catalogue::{Catalogue, Catalogues, Field};

pub fn all() -> &'static Catalogues {
    api::house::catalogues().unwrap()
}

/// Every field that can be hidden, with its noun.
pub fn hideable() -> Vec<(&'static Catalogue, &'static Field)> {
    let of = |noun: &'static Catalogue| noun.fields.iter().map(move |field| (noun, field));
    let every: Vec<_> = all().all().flat_map(of).filter(|(noun, field)| !noun.is_essential(field)).collect();
    assert!(every.len() > 80, "of {} fields only it is proved that they can be hidden", every.len());
    every
}

/// Where the records of a noun are: `/v1/contacts`.
pub fn place(noun: &Catalogue) -> String {
    format!("/v1/{}", noun.table.replace('_', "-"))
}

pub fn is_offered(method: &str, path: &str) -> bool {
    operations().iter().any(|operation| operation.method == method && operation.path == path)
}

/// Whether the records there can be listed, filtered and sorted.
pub fn is_list(place: &str) -> bool {
    let list = operations().iter().find(|operation| operation.method == "GET" && operation.path == place);
    list.is_some_and(|list| list.parameters("query").iter().any(|parameter| parameter["name"] == "filter"))
}

/// A name that nothing has, as long as this one.
pub fn nothing_like(name: &str) -> String {
    "x".repeat(name.len())
}

/// A hidden name was refused, and exactly as one that is not there.
#[track_caller]
pub fn alike(hidden: &Answer, name: &str, unknown: &Answer) {
    let told = |answer: &Answer| {
        let body = answer.json();
        let text = json!([body["code"], body["detail"], body["errors"]]).to_string();
        text.replace(&format!("{name:?}"), "NAME").replace(&nothing_like(name), "NAME").replace(name, "NAME")
    };
    assert!((400..500).contains(&hidden.status), "{} was answered {}", hidden.request, hidden.text());
    assert_eq!((hidden.status, told(hidden)), (unknown.status, told(unknown)), "{}", hidden.request);
}

/// A town, and somebody in it who may do everything, less what is held back from them at the moment.
pub struct Walk {
    /// its server ends with it
    town: Town,
    pub owner: Client,
    pub holder: Client,
    role: String,
}

impl Walk {
    pub fn start() -> Self {
        // what goes on in the background would change records meanwhile
        Self::of(Town::idle())
    }

    /// With somebody who works on jobs.
    pub fn working() -> Self {
        Self::of(Town::start())
    }

    fn of(town: Town) -> Self {
        let owner = town.owner();
        let everything = owner.get("/v1/me/permissions").ok()["permissions"].clone();
        let role = owner.post("/v1/roles", json!({"name": fresh("All but "), "permissions": everything})).created();
        let user = make::user(&owner, json!({"password": PASSWORD, "role_ids": [role["id"]]}));
        let login = json!({"email": user["email"], "password": PASSWORD});
        let tokens = town.anonymous().post("/v1/auth/login", login).ok();
        let holder = town.anonymous().bearing(make::id(&tokens, "access_token")).sparse();
        Self { owner, holder, role: format!("/v1/roles/{}", make::id(&role, "id")), town }
    }

    /// Everything that has happened is told from now on.
    pub fn seal(&self) {
        seal(&self.town);
    }

    /// From now on, this is held back and nothing else.
    #[track_caller]
    pub fn hold_back(&self, noun: &Catalogue, field: &Field, access: &str) {
        self.hold_all_back(noun, &[field], access);
    }

    /// The same of several fields of a noun.
    #[track_caller]
    pub fn hold_all_back(&self, noun: &Catalogue, fields: &[&Field], access: &str) {
        let one = |field: &&Field| json!({"object": noun.noun, "field": field.name, "access": access});
        let fields: Vec<Value> = fields.iter().map(one).collect();
        self.owner.patch(&self.role, json!({"fields": fields})).ok();
    }

    /// A record of the noun, where one can be asked for by its id, filled with texts that nothing else has.
    pub fn record(&self, noun: &Catalogue, others: &[(&'static str, Value)]) -> Option<Value> {
        let place = place(noun);
        if !is_offered("GET", &format!("{place}/{{id}}")) {
            return None;
        }
        let made = operations().iter().find(|one| one.method == "POST" && one.path == place && one.body().is_some());
        let filled = made.and_then(|operation| {
            let schema = resolved(&operation.spec["requestBody"]["content"][operation.body()?]["schema"]);
            filled(&self.owner, &place, operation.example()?, schema, others)
        });
        let id = match &filled {
            Some(record) => make::id(record, "id"),
            // a worker alone makes them
            None if noun.noun == "delivery" => {
                make::mailed(&self.town, &make::id(&make::contact(&self.owner, json!({})), "id"))
            }
            None => ids::make_one(&self.owner, place.trim_start_matches("/v1/"), "fields").id,
        };
        Some(self.owner.get(&format!("{place}/{id}")).ok())
    }
}

/// As often as one member after the other may be given up.
const TRIES: usize = 50;

/// Makes a record of the example, with texts of its own wherever the rules let it have some, and leading to the others.
/// Nothing comes of an example that names a record which is not there.
fn filled(
    owner: &Client,
    place: &str,
    example: Value,
    schema: &Value,
    others: &[(&'static str, Value)],
) -> Option<Value> {
    let mut body = example.clone();
    for (name, property) in schema["properties"].as_object().unwrap() {
        let other = others.iter().find(|(noun, _)| *name == format!("{noun}_id"));
        if let Some((_, other)) = other {
            body[name] = other["id"].clone();
        } else if property["format"] == "email" {
            body[name] = format!("{}@example.com", fresh("mail")).into();
        } else if name == "phone" {
            // what it was given as is another text than the number
            body[name] = format!("+49 301 {:0>7}", fresh("").as_str()).into();
        } else if property["type"] == "string" || property["type"] == json!(["string", "null"]) {
            body[name] = format!("{}z", fresh("zqword")).into();
        }
    }
    for _ in 0..TRIES {
        let answer = owner.post(&format!("{place}{}", duplicates(place)), &body);
        if answer.status == 201 {
            return Some(answer.json());
        }
        let pointers = answer.pointers();
        if pointers.is_empty() || answer.status != 422 {
            return None;
        }
        for pointer in pointers {
            // back to what the example says, and away with what it says wrongly
            let name = pointer.trim_start_matches('/').split('/').next().unwrap();
            let members = body.as_object_mut().unwrap();
            match example.get(name).filter(|value| members.get(name) != Some(value)) {
                Some(value) => drop(members.insert(name.to_owned(), value.clone())),
                None => drop(members.remove(name)),
            }
        }
    }
    None
}

fn duplicates(place: &str) -> &'static str {
    if ["/v1/accounts", "/v1/contacts"].contains(&place) { "?duplicates=allow" } else { "" }
}

/// One of every noun that can be asked for, related to each other.
pub fn one_of_each(walk: &Walk) -> Vec<(&'static Catalogue, Value)> {
    let first = ["account", "contact", "product", "order"];
    let mut nouns: Vec<&'static Catalogue> = all().all().collect();
    nouns.sort_by_key(|noun| first.iter().position(|one| *one == noun.noun).unwrap_or(first.len()));
    let (mut made, mut others) = (Vec::new(), Vec::new());
    for noun in nouns {
        if let Some(record) = walk.record(noun, &others) {
            others.push((noun.noun, record.clone()));
            made.push((noun, record));
        }
    }
    assert!(made.len() >= 11, "of {} nouns only there is a record", made.len());
    // what was made later may have changed what was there, such as what a contact has said
    for (noun, record) in &mut made {
        *record = walk.owner.get(&format!("{}/{}", place(noun), make::id(record, "id"))).ok();
    }
    made
}
