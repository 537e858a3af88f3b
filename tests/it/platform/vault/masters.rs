//! The master key: a new one comes before the old one goes; without it nothing is opened, and all else works.
use super::{refused, reveal, run, said};
use crate::identity::factors;
use crate::support::people::PASSWORD;
use crate::support::{Client, MASTER_KEY, Person, Town, Value, json, make, master_keys};
use platform::vault::Source;
use std::os::unix::fs::PermissionsExt;

const OTHER: &str = "other:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
/// Called as the town's, and not the same.
const FALSE: &str = "town:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
const PLACE: &str = "contact-identifiers";

fn passport(client: &Client) -> Value {
    make::identifier(client, "contacts", &make::contact(client, json!({})))
}

/// Whoever logs in anew, for the tokens of before are good no more.
fn owner(town: &Town) -> Client {
    let login = json!({"email": Person::Owner.email(), "password": PASSWORD});
    town.anonymous().bearing(make::id(&town.anonymous().post("/v1/auth/login", login).ok(), "access_token"))
}

fn key_files(town: &Town) -> usize {
    let names = std::fs::read_dir(town.data_dir.path()).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.to_string_lossy().starts_with("master")).count()
}

#[test]
fn a_new_master_key_comes_before_the_old_one_goes() {
    let town = Town::idle();
    let before = passport(&town.owner());
    let both = format!("{OTHER},{MASTER_KEY}");
    let done = town.program(&["keys", "rotate", "--master"]).env("GUANXI_MASTER_KEY", &both).output().unwrap();
    assert!(done.status.success() && said(&done).contains("master key other"), "{}", said(&done));
    assert_eq!(town.database.count("SELECT count(*) FROM data_keys WHERE master <> 'other'"), 0);
    // a server that was started with both, and one with the new one alone
    for keys in [both.as_str(), OTHER] {
        let town =
            Town::with(crate::support::Database { name: String::new(), url: town.database.url.clone() }, |config| {
                config.jobs = false;
                config.master_keys = master_keys(keys);
            });
        assert_eq!(town.anonymous().get("/readyz").ok()["vault"], "open");
        reveal(&town.owner(), PLACE, &before).ok();
        let after = passport(&town.owner());
        reveal(&town.owner(), PLACE, &after).ok();
    }
}

/// Killed between two steps, it is done again: what is wrapped by either opens.
#[test]
fn wrapping_anew_may_be_killed() {
    let town = Town::idle();
    let before = passport(&town.owner());
    let both = format!("{OTHER},{MASTER_KEY}");
    let rotate = |dies: &str| {
        let mut program = town.program(&["keys", "rotate", "--master"]);
        program.env("GUANXI_MASTER_KEY", &both).env("GUANXI_TEST_CRASH", dies).output().unwrap()
    };
    assert!(!rotate("rewrapped").status.success());
    assert_eq!(town.database.count("SELECT count(*) FROM data_keys WHERE master = 'other'"), 0);
    reveal(&town.owner(), PLACE, &before).ok();
    assert!(rotate("").status.success());
    assert_eq!(town.database.count("SELECT count(*) FROM data_keys WHERE master <> 'other'"), 0);
}

#[test]
fn the_first_start_makes_a_master_key_and_whoever_runs_finds_the_next() {
    let database = Town::idle().leave();
    database.run("DELETE FROM server_secrets; DELETE FROM data_keys");
    let town = Town::with(database, |config| {
        config.jobs = false;
        config.master_keys = Source::Own(config.data_dir.clone());
    });
    let file = town.data_dir.path().join("master.key");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let owner = owner(&town);
    let one = passport(&owner);
    let before = std::fs::read_to_string(&file).unwrap();
    let mut rotate = town.program(&["keys", "rotate", "--master", "--data"]);
    let told = rotate.env_remove("GUANXI_MASTER_KEY").output().unwrap();
    assert!(told.status.success() && said(&told).contains("a new master key"), "{}", said(&told));
    let after = std::fs::read_to_string(&file).unwrap();
    assert!(after.lines().count() == before.lines().count() + 1, "the old one stays behind the new one");
    // this server has never heard of the new master key
    reveal(&owner, PLACE, &one).ok();
    reveal(&owner, PLACE, &passport(&owner)).ok();
    assert_eq!(town.anonymous().get("/readyz").ok()["vault"], "open");
    assert_eq!(key_files(&town), 1);
}

#[test]
fn without_its_master_key_nothing_is_opened_and_all_else_works() {
    let town = Town::idle();
    let sealed = passport(&town.owner());
    let (_, secret, codes) = factors::confirmed(&town.client(Person::Rep));
    let keys = town.database.count("SELECT count(*) FROM data_keys");
    let mut database = town.leave();
    let mut codes = codes.iter();
    for keys_here in [Some(OTHER), Some(FALSE), None] {
        let town = Town::with(database, |config| {
            config.jobs = false;
            config.master_keys = keys_here.map_or_else(|| Source::Own(config.data_dir.clone()), master_keys);
        });
        assert_eq!(town.anonymous().get("/readyz").ok()["vault"], "locked");
        let owner = owner(&town);
        assert_eq!(owner.get("/v1/me").ok()["user"]["email"], Person::Owner.email());
        let contact = make::contact(&owner, json!({"display_name": "Ada"}));
        owner.get("/v1/contacts?limit=1").ok();
        let path = format!("/v1/contacts/{}/identifiers", make::id(&sealed, "contact_id"));
        assert_eq!(owner.get(&path).ok()[0]["hint"], sealed["hint"]);
        let new = json!({"kind": "passport", "value": "E7654321"}).to_string().into_bytes();
        let post = |path: &str| owner.unheld("POST", path, Some(("application/json", new.clone())));
        refused(&reveal(&owner, PLACE, &sealed), 503, "vault_locked");
        refused(&post(&format!("/v1/contacts/{}/identifiers", make::id(&contact, "id"))), 503, "vault_locked");
        refused(&post("/v1/contact-identifiers/find"), 503, "vault_locked");
        // whoever has lost the key of the house comes in by what is not sealed
        let waiting = factors::challenge(&town, Person::Rep);
        let show = json!({"challenge": waiting, "code": factors::code(&secret, factors::this_step())});
        let show = Some(("application/json", show.to_string().into_bytes()));
        refused(&town.anonymous().unheld("POST", "/v1/auth/login/second-factor", show), 503, "vault_locked");
        factors::recover(&town, &waiting, codes.next().unwrap()).ok();
        let mut doctor = town.program(&["doctor"]);
        match keys_here {
            Some(keys) => doctor.env("GUANXI_MASTER_KEY", keys),
            None => doctor.env_remove("GUANXI_MASTER_KEY"),
        };
        let told = doctor.output().unwrap();
        assert!(
            !told.status.success() && said(&told).contains("FAIL 1 master keys are missing town"),
            "{}",
            said(&told)
        );
        assert_eq!(key_files(&town), 0, "a master key was made up");
        assert_eq!(town.database.count("SELECT count(*) FROM data_keys"), keys);
        database = town.leave();
    }
    let town = Town::on(database);
    assert_eq!(town.anonymous().get("/readyz").ok()["vault"], "open");
    reveal(&town.owner(), PLACE, &sealed).ok();
    assert!(!run(&town, &["doctor"]).contains("FAIL"));
}

/// Said plainly by whoever runs the server: new keys, and what the old ones have sealed stays as it is.
#[test]
fn a_lost_master_key_may_be_given_up() {
    let town = Town::idle();
    let lost = passport(&town.owner());
    let database = town.leave();
    let town = Town::with(database, |config| {
        config.jobs = false;
        config.master_keys = master_keys(OTHER);
    });
    let done = town.program(&["keys", "rotate", "--data"]).env("GUANXI_MASTER_KEY", OTHER).output().unwrap();
    assert!(done.status.success() && said(&done).contains("1 values stay as they are"), "{}", said(&done));
    let owner = owner(&town);
    let fresh = passport(&owner);
    reveal(&owner, PLACE, &fresh).ok();
    refused(&reveal(&owner, PLACE, &lost), 503, "vault_locked");
    // found again after all
    let both = format!("{OTHER},{MASTER_KEY}");
    let town = Town::with(town.leave(), |config| config.master_keys = master_keys(&both));
    reveal(&town.owner(), PLACE, &lost).ok();
    assert_eq!(town.anonymous().get("/readyz").ok()["vault"], "open");
}

#[test]
fn a_master_key_that_cannot_be_read_is_an_error_that_does_not_tell_it() {
    let town = Town::idle();
    let told = town.program(&["doctor"]).env("GUANXI_MASTER_KEY", "a:bm90IGxvbmcgZW5vdWdo").output().unwrap();
    assert_eq!(told.status.code(), Some(2));
    assert!(said(&told).contains("GUANXI_MASTER_KEY") && !said(&told).contains("bm90"), "{}", said(&told));
    let told = town.program(&["doctor"]).env("GUANXI_MASTER_KEY_FILE", "/nowhere").output().unwrap();
    assert_eq!(told.status.code(), Some(2));
}
