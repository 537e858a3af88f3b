//! Who may do what, as a table that is committed: every operation of the document is really called by everybody, and by
//! a key of the scope that it needs. `WRITE=1 cargo test -p tests --test it matrix` writes the table anew.
use super::{call, is_open, of_nobody, walk};
use crate::support::{Answer, Client, Operation, Person, Town, Value, files, json, make, people};
use std::collections::BTreeMap;

const FILE: &str = "openapi/permissions.csv";
const PEOPLE: [(&str, Person); 5] = [
    ("read_only", Person::ReadOnly),
    ("representative", Person::Rep),
    ("manager", Person::Manager),
    ("admin", Person::Admin),
    ("owner", Person::Owner),
];

#[test]
fn the_matrix_of_permissions_is_the_one_that_is_committed() {
    let town = Town::start();
    let matrix = Matrix::of(&town);
    // what ends a session is asked last
    let mut operations = walk(&town.anonymous());
    operations.sort_by_key(|one| (one.id == "logout", one.path.clone(), one.method.clone()));
    let mut rows: Vec<String> = operations.iter().map(|one| matrix.row(one)).collect();
    rows.sort();
    let names: Vec<&str> = PEOPLE.iter().map(|(name, _)| *name).collect();
    let head = format!("operation,method,path,permission,anonymous,{},key,suspended\n", names.join(","));
    let table = head + &rows.join("\n") + "\n";
    if std::env::var_os("WRITE").is_some() {
        std::fs::write(files::root().join(FILE), &table).unwrap();
    }
    let committed = files::read(FILE).unwrap_or_default();
    let new: Vec<&str> = table.lines().filter(|line| !committed.lines().any(|known| known == *line)).collect();
    assert!(committed == table, "{FILE} is out of date (see {}): {new:#?}", file!());
}

struct Matrix<'a> {
    town: &'a Town,
    people: Vec<(Client, BTreeMap<String, String>)>,
    nobody: Client,
    suspended: Client,
    /// an owner whose sessions nobody else ends
    keeper: Client,
}

impl<'a> Matrix<'a> {
    fn of(town: &'a Town) -> Self {
        let people = PEOPLE.iter().map(|(_, person)| {
            let client = logged_in(town, &person.email());
            let reaches = reaches(&client);
            (client, reaches)
        });
        Self {
            people: people.collect(),
            nobody: logged_in(town, &Person::Nobody.email()),
            suspended: suspended(town),
            keeper: new_owner(town).1,
            town,
        }
    }

    fn row(&self, one: &Operation) -> String {
        let path = of_nobody(one);
        let start = format!("{},{},{}", one.id, one.method, one.path);
        if is_open(one) {
            return format!("{start},,{}", ["open"; 8].join(","));
        }
        let needed = self.needed(one, &path);
        let mut cells = vec![cell(&self.town.anonymous(), one, &path, "yes")];
        for (client, reaches) in &self.people {
            let reach = reaches.get(&needed).map_or("yes", String::as_str);
            cells.push(cell(client, one, &path, reach));
        }
        cells.push(self.key(one, &path, &needed));
        cells.push(cell(&self.suspended, one, &path, "yes"));
        format!("{start},{needed},{}", cells.join(","))
    }

    /// What is asked for, as the refusals tell: first of somebody without any right, then of keys that hold what was
    /// named so far.
    fn needed(&self, one: &Operation, path: &str) -> String {
        let mut needed: Vec<String> = Vec::new();
        let mut answer = call(&self.nobody, one, path);
        // whoever has logged out could be asked nothing more
        if one.id == "logout" {
            return String::new();
        }
        while let Some(more) = lacking(&answer.json()) {
            assert!(!needed.contains(&more), "{} is refused with {needed:?}", one.name());
            needed.push(more);
            answer = self.by_key(one, path, &json!(scopes(&needed.join(" and "))));
        }
        needed.join(" and ")
    }

    /// As a key of these scopes is answered, which is revoked again: one may not have many.
    fn by_key(&self, one: &Operation, path: &str, scopes: &Value) -> Answer {
        let made = self.keeper.post("/v1/api-keys", json!({"name": "matrix", "scopes": scopes})).created();
        let answer = call(&self.town.anonymous().bearing(make::id(&made, "key")), one, path);
        self.keeper.delete(&format!("/v1/api-keys/{}", make::id(&made, "id"))).is(204);
        answer
    }

    /// The scopes that open it to a key: without any one of them it is refused.
    fn key(&self, one: &Operation, path: &str, needed: &str) -> String {
        let all: Vec<&String> = self.people.last().map(|(_, reaches)| reaches.keys().collect()).unwrap_or_default();
        for permission in needed.split(" and ").filter(|one| !one.is_empty()) {
            let ways = alternatives(permission);
            let others: Vec<&String> = all.iter().copied().filter(|scope| !ways.contains(scope)).collect();
            self.by_key(one, path, &json!(others)).refused(403, "forbidden");
        }
        if needed.is_empty() { "any".to_owned() } else { scopes(needed).join(" ") }
    }
}

/// One way in.
fn scopes(needed: &str) -> Vec<String> {
    needed.split(" and ").filter_map(|permission| alternatives(permission).into_iter().next()).collect()
}

/// `contact:create|update` are two ways in.
fn alternatives(permission: &str) -> Vec<String> {
    let (object, actions) = permission.split_once(':').unwrap_or_else(|| panic!("{permission:?} is no permission"));
    actions.split('|').map(|action| format!("{object}:{action}")).collect()
}

fn cell(client: &Client, one: &Operation, path: &str, may: &str) -> String {
    if denied(&call(client, one, path)) { "no".to_owned() } else { may.to_owned() }
}

/// Not let in at all; what is refused inside, for what a body asks, is another matter.
fn denied(answer: &Answer) -> bool {
    let body = answer.json();
    body["code"] == "unauthenticated" || lacking(&body).is_some()
}

fn lacking(body: &Value) -> Option<String> {
    let detail = body["detail"].as_str().filter(|_| body["code"] == "forbidden")?;
    detail.strip_prefix("needs ").map(str::to_owned)
}

fn reaches(client: &Client) -> BTreeMap<String, String> {
    let held = client.get("/v1/me/permissions").ok();
    let pair = |one: &Value| {
        let text = |name: &str| one[name].as_str().unwrap_or_default();
        (format!("{}:{}", text("object"), text("action")), text("reach").to_owned())
    };
    held["permissions"].as_array().into_iter().flatten().map(pair).collect()
}

pub fn logged_in(town: &Town, email: &str) -> Client {
    let login = json!({"email": email, "password": people::PASSWORD});
    let tokens = town.anonymous().post("/v1/auth/login", login).ok();
    // asked to, they choose another language for themselves: refusals are read here
    town.anonymous().bearing(make::id(&tokens, "access_token")).with("accept-language", "en")
}

/// An owner who is let in no more.
pub fn suspended(town: &Town) -> Client {
    let (user, client) = new_owner(town);
    town.owner().patch(&format!("/v1/users/{}", make::id(&user, "id")), json!({"is_active": false})).ok();
    client
}

fn new_owner(town: &Town) -> (Value, Client) {
    let basis = json!({"password": people::PASSWORD, "role_ids": [town.role("owner")]});
    let user = make::user(&town.owner(), basis);
    let client = logged_in(town, &make::id(&user, "email"));
    (user, client)
}
