//! Who may do what, as a table that is committed: every operation of the document is really called by everybody, and by
//! a key of the scope that it needs. `WRITE=1 cargo test -p tests --test it matrix` writes the table anew.
use super::{call, is_open, of_nobody, walk};
use crate::support::{Client, Operation, Person, Town, files, json, make, people};
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
}

impl<'a> Matrix<'a> {
    fn of(town: &'a Town) -> Self {
        let people = PEOPLE.iter().map(|(_, person)| {
            let client = logged_in(town, &person.email());
            let reaches = reaches(&client);
            (client, reaches)
        });
        Self { people: people.collect(), nobody: town.client(Person::Nobody), suspended: suspended(town), town }
    }

    fn row(&self, one: &Operation) -> String {
        let path = of_nobody(one);
        let start = format!("{},{},{}", one.id, one.method, one.path);
        if is_open(one) {
            return format!("{start},,{}", ["open"; 8].join(","));
        }
        let needed = needed(&self.nobody, one, &path);
        let mut cells = vec![cell(&self.town.anonymous(), one, &path, "yes")];
        for (client, reaches) in &self.people {
            let reach = reaches.get(&needed).map_or("yes", String::as_str);
            cells.push(cell(client, one, &path, reach));
        }
        cells.push(self.key(one, &path, &needed));
        cells.push(cell(&self.suspended, one, &path, "yes"));
        format!("{start},{needed},{}", cells.join(","))
    }

    /// The scopes that a key needs: with them it is let in, with all but them it is not.
    fn key(&self, one: &Operation, path: &str, needed: &str) -> String {
        if needed.is_empty() {
            return "any".to_owned();
        }
        let all: Vec<&String> = self.people.last().map(|(_, reaches)| reaches.keys().collect()).unwrap_or_default();
        let alternatives: Vec<Vec<String>> = needed.split(" and ").map(alternatives).collect();
        for one_of in &alternatives {
            let scopes: Vec<&String> = all.iter().copied().filter(|scope| !one_of.contains(scope)).collect();
            let refused = call(&key(self.town, &json!(scopes)), one, path);
            refused.refused(403, "forbidden");
        }
        let scopes: Vec<&String> = alternatives.iter().filter_map(|one_of| one_of.first()).collect();
        let let_in = call(&key(self.town, &json!(scopes)), one, path);
        assert!(!denied(&let_in), "{} with {scopes:?}: {}", one.name(), let_in.text());
        scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// `contact:create|update` are two ways in.
fn alternatives(permission: &str) -> Vec<String> {
    let (object, actions) = permission.split_once(':').unwrap_or_else(|| panic!("{permission:?} is no permission"));
    actions.split('|').map(|action| format!("{object}:{action}")).collect()
}

fn cell(client: &Client, one: &Operation, path: &str, may: &str) -> String {
    if denied(&call(client, one, path)) { "no".to_owned() } else { may.to_owned() }
}

fn denied(answer: &crate::support::Answer) -> bool {
    let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
    ["unauthenticated", "forbidden"].contains(&code.as_str())
}

/// What is asked for, as the refusal of somebody without any right tells.
fn needed(nobody: &Client, one: &Operation, path: &str) -> String {
    if one.id == "logout" {
        return String::new();
    }
    let answer = call(nobody, one, path);
    if answer.status != 403 {
        return String::new();
    }
    let body = answer.json();
    let detail = body["detail"].as_str().unwrap_or_default();
    detail.strip_prefix("needs ").unwrap_or_else(|| panic!("{}: {detail}", one.name())).to_owned()
}

fn reaches(client: &Client) -> BTreeMap<String, String> {
    let held = client.get("/v1/me/permissions").ok();
    let pair = |one: &crate::support::Value| {
        let text = |name: &str| one[name].as_str().unwrap_or_default();
        (format!("{}:{}", text("object"), text("action")), text("reach").to_owned())
    };
    held["permissions"].as_array().into_iter().flatten().map(pair).collect()
}

fn logged_in(town: &Town, email: &str) -> Client {
    let login = json!({"email": email, "password": people::PASSWORD});
    let tokens = town.anonymous().post("/v1/auth/login", login).ok();
    town.anonymous().bearing(make::id(&tokens, "access_token"))
}

fn key(town: &Town, scopes: &crate::support::Value) -> Client {
    let made = town.owner().post("/v1/api-keys", json!({"name": "matrix", "scopes": scopes})).created();
    town.anonymous().bearing(make::id(&made, "key"))
}

/// An owner who is let in no more.
fn suspended(town: &Town) -> Client {
    let owner = town.owner();
    let basis = json!({"password": people::PASSWORD, "role_ids": [town.role("owner")]});
    let user = make::user(&owner, basis);
    let client = logged_in(town, &make::id(&user, "email"));
    owner.patch(&format!("/v1/users/{}", make::id(&user, "id")), json!({"is_active": false})).ok();
    client
}
