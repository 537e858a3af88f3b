//! Coming in by an identity provider: what it says is held against what was asked, and first logins are no way to be
//! somebody else.
mod flow;
mod people;
mod settings;
mod trouble;
mod vouching;

use crate::support::idp::{Idp, person};
use crate::support::{Answer, Person, Town, Value, json, make};

pub fn start(town: &Town, provider: &Value) -> Answer {
    town.anonymous().post(&format!("/v1/auth/sso/{}/start", make::id(provider, "id")), json!({}))
}

pub fn finish(town: &Town, back: &Value) -> Answer {
    town.anonymous().post("/v1/auth/sso/finish", back)
}

/// Somebody goes to the provider and comes back.
pub fn login(town: &Town, idp: &Idp, provider: &Value, claims: &Value) -> Answer {
    let begun = start(town, provider).ok();
    finish(town, &idp.come_back(&begun, claims))
}

/// Somebody's address is proved.
pub fn prove(town: &Town, person: Person) {
    let sql = format!("UPDATE users SET email_verified_at = now() WHERE id = '{}'", town.user(person));
    town.database.run(&sql);
}

pub fn rep() -> Value {
    person("rep-1", &Person::Rep.email())
}

pub fn counts(town: &Town) -> [i64; 3] {
    ["users", "sso_identities", "sessions"].map(|table| town.database.count(&format!("SELECT count(*) FROM {table}")))
}
