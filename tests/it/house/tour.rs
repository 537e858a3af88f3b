//! What the documents promise: the README's tour goes as announced, its table lists the variables that there are, and
//! links lead somewhere.
use crate::support::people::PASSWORD;
use crate::support::{Person, Town, files, json};
use std::path::Path;
use std::process::{Command, Stdio};

const DOCUMENTS: [&str; 4] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "migrations/README.md"];

/// One shell runs every `sh` block; `# → 200` stands behind the commands that print their status.
#[test]
fn the_tour_of_the_readme_goes_as_announced() {
    if Command::new("curl").arg("--version").stdout(Stdio::null()).status().is_err() {
        return println!("skipped: there is no curl");
    }
    let script = blocks("README.md", "sh").concat().replace("owner@example.com", &Person::Owner.email());
    let town = Town::start();
    // as a first start gives one: a key is no person, and may less
    let made = town.owner().post("/v1/api-keys", json!({"name": "tour", "scopes": ["*"]})).created();
    let done = Command::new("bash")
        .args(["-euc", &script])
        .env("GUANXI", format!("http://{}", town.addr()))
        .env("KEY", made["key"].as_str().unwrap())
        .env("PASSWORD", PASSWORD)
        .current_dir(files::root())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let (said, faults) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    let announced: Vec<&str> =
        script.lines().filter_map(|line| line.split_once("  # → ")).map(|(_, status)| status).collect();
    let answered: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("→ ")).collect();
    assert!(announced.len() > 20, "only {} statuses are announced", announced.len());
    assert_eq!(answered, announced, "{said}\n{faults}");
    assert!(done.status.success(), "{}: {said}\n{faults}", done.status);
}

#[test]
fn the_readme_lists_every_variable() {
    let text = files::read("README.md").unwrap();
    let listed: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("| `GUANXI_")?.split('`').next()).collect();
    let known: Vec<&str> =
        api::config::VARIABLES.iter().filter_map(|(name, ..)| name.strip_prefix("GUANXI_")).collect();
    assert_eq!(listed, known);
}

#[test]
fn the_readme_lists_what_can_be_imported() {
    let text = files::read("README.md").unwrap();
    let row = text.lines().find_map(|line| line.strip_prefix("| `resource` | what the rows are: ")).unwrap();
    let listed: Vec<&str> = row.trim_end_matches(" |").split(", ").map(|name| name.trim_matches('`')).collect();
    assert_eq!(listed.join(", "), api::worker::handlers::importable());
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    for document in DOCUMENTS {
        let text = files::read(document).unwrap_or_else(|| panic!("there is no {document}"));
        let folder = Path::new(document).parent().unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let place = files::root().join(folder).join(link.split('#').next().unwrap());
            assert!(link.contains("://") || place.exists(), "{document}: {link}");
        }
    }
}

/// The code blocks in a language, in their order.
fn blocks(document: &str, language: &str) -> Vec<String> {
    let text = files::read(document).unwrap();
    let opening = format!("```{language}\n");
    text.split(opening.as_str()).skip(1).filter_map(|rest| rest.split("```").next()).map(str::to_owned).collect()
}
