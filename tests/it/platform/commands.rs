//! The program at the command line: each command does what it says, once and again.
use crate::support::{Town, Value, document, files, json, make};
use std::process::Output;

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[track_caller]
fn run(town: &Town, arguments: &[&str]) -> String {
    let output = town.program(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    said(&output)
}

#[test]
fn the_program_lists_its_commands_and_variables() {
    let town = Town::idle();
    let help = run(&town, &["--help"]);
    for word in [
        "serve",
        "worker",
        "migrate",
        "seed",
        "import",
        "export",
        "openapi",
        "doctor",
        "GUANXI_ADDR",
        "GUANXI_OWNER_PASSWORD",
    ] {
        assert!(help.contains(word), "{word} is missing of {help}");
    }
    let none = town.program(&[]).output().unwrap();
    assert!(!none.status.success());
}

#[test]
fn a_command_lists_what_it_can_bring_in_or_take_out() {
    let town = Town::idle();
    let every =
        ["accounts", "contact_points", "tasks", "price_book_entries", "leads", "quotes", "contracts", "payments"];
    for (command, further) in [("import", "consents"), ("export", "installments")] {
        let help = run(&town, &[command, "--help"]);
        let words: Vec<&str> = help.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        for word in every.iter().chain([&further]) {
            assert!(words.contains(word), "{word} is missing of {help}");
        }
    }
}

#[test]
fn a_variable_that_is_mistyped_is_an_error() {
    let town = Town::idle();
    let output = town.program(&["doctor"]).env("GUANXI_ADRR", "x").env("GUANXI_JOBS", "perhaps").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("GUANXI_ADRR") && said(&output).contains("GUANXI_JOBS"), "{}", said(&output));
}

#[test]
fn the_program_prints_its_document() {
    let town = Town::idle();
    let printed: Value = serde_json::from_str(&run(&town, &["openapi"])).unwrap();
    assert_eq!(&printed, document(), "target/debug/guanxi is older than the sources: `cargo build` makes it anew");
    assert_eq!(run(&town, &["openapi", "--errors"]), files::read("openapi/errors.md").unwrap());
}

#[test]
fn a_schema_that_is_up_to_date_stays_as_it_is() {
    let town = Town::idle();
    assert!(run(&town, &["migrate"]).contains("up to date"));
    assert!(run(&town, &["migrate", "--dry-run"]).contains("up to date"));
    assert!(!run(&town, &["doctor"]).contains("FAIL"));
}

#[test]
fn demo_data_is_believable_and_comes_once() {
    let town = Town::idle();
    let owner = town.owner();
    for (profile, words) in [("retail-zh", "有限"), ("saas-en", "inc")] {
        let seed = ["seed", "--profile", profile, "--contacts", "200", "--seed", "7"];
        run(&town, &seed);
        let count = town.database.count("SELECT count(*) FROM contacts");
        town.program(&seed).output().unwrap();
        assert_eq!(town.database.count("SELECT count(*) FROM contacts"), count, "{profile} a second time");
        assert!(!owner.get(&format!("/v1/accounts?q={}", crate::support::encoded(words))).ids().is_empty(), "{words}");
    }
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 400);
    crate::sales::kept(&town);
    assert!(!run(&town, &["doctor"]).contains("FAIL"));
    let page = owner.get("/v1/orders?limit=5&include=account,lines&sort=-total.amount").ok();
    let order = &page["data"][0];
    assert!(order["account"]["name"].is_string() && !order["lines"].as_array().unwrap().is_empty());
    owner.get(&format!("/v1/accounts/{}/360", make::id(&order["account"], "id"))).ok();
}

#[test]
fn a_file_is_brought_in_by_the_command_too() {
    let town = Town::idle();
    let path = |name: &str| files::root().join("tests/data").join(name).to_string_lossy().into_owned();
    let bring = |resource: &str, name: &str, more: &[&str]| {
        let (file, map) = (path(&format!("{name}.csv")), path(&format!("mappings/{name}.json")));
        run(&town, &[&["import", resource, &file, "--map", &map], more].concat())
    };
    bring("accounts", "accounts", &["--dry-run"]);
    assert_eq!(town.database.count("SELECT count(*) FROM accounts"), 0);
    for _ in 0..2 {
        bring("accounts", "accounts", &[]);
        bring("contacts", "contacts", &[]);
        bring("products", "products", &[]);
        bring("order_lines", "orders", &[]);
        let counts = ["accounts", "contacts", "products", "orders", "order_lines"];
        let counts = counts.map(|table| town.database.count(&format!("SELECT count(*) FROM {table}")));
        assert_eq!(counts, [30, 57, 33, 36, 74]);
    }
    super::imports::kept(&town);
    assert_eq!(town.owner().get("/v1/imports?limit=200&is_dry_run=false").ids().len(), 8);
}

#[test]
fn a_list_is_taken_out_from_the_command_line() {
    let town = Town::idle();
    for name in ["Ada", "Bob"] {
        make::contact(&town.owner(), json!({"display_name": name}));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.csv").to_string_lossy().into_owned();
    let arguments = ["export", "contacts", &file, "--sort", "-display_name", "--fields", "display_name", "--filter"];
    let said = run(&town, &[&arguments[..], &["display_name != \"Eve\""]].concat());
    assert!(said.contains("succeeded: 2 rows"), "{said}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "\u{feff}display_name\r\nBob\r\nAda\r\n");
    let again = town.program(&["export", "contacts", &file]).output().unwrap();
    assert!(!again.status.success(), "a file that is there is not touched");
    let wrong = town.program(&["export", "contacts", "x.csv", "--sort", "nope"]).output().unwrap();
    assert!(!wrong.status.success());
    let made = town.owner().get("/v1/exports").ok()["data"][0].clone();
    let path = format!("/v1/exports/{}/file", make::id(&made, "id"));
    town.owner().get(&path).refused(409, "export_without_file");
}
