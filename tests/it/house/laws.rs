//! The laws that the sources keep, read as text: who may know whom, who speaks HTTP, who speaks SQL.
use crate::support::files::{self, File, below, rust};

fn crate_of(file: &File) -> &str {
    file.path.split('/').nth(1).unwrap_or_default()
}

/// Unit tests in files of their own.
pub fn is_test(file: &File) -> bool {
    file.path.contains("/tests/") || file.path.ends_with("tests.rs")
}

pub fn none(law: &str, broken: Vec<String>) {
    assert!(broken.is_empty(), "{law}: {broken:#?}");
}

/// Who may name whom; everybody may name the kernel and the platform but for those below them.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("platform", &["kernel"]),
    ("identity", &["kernel", "platform"]),
    ("customer", &["kernel", "platform"]),
    ("sales", &["kernel", "platform", "customer"]),
    ("service", &["kernel", "platform", "customer"]),
    ("marketing", &["kernel", "platform", "customer"]),
    ("analytics", &["kernel", "platform"]),
    ("embedded", &[]),
    ("paper", &[]),
    ("bench", &["embedded"]),
    (
        "api",
        &[
            "kernel",
            "platform",
            "identity",
            "customer",
            "sales",
            "service",
            "marketing",
            "analytics",
            "embedded",
            "paper",
        ],
    ),
];

#[test]
fn crates_name_only_those_below_them() {
    let crates: Vec<&str> = MAY_NAME.iter().map(|(name, _)| *name).collect();
    for folder in std::fs::read_dir(files::root().join("crates")).unwrap().flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        let (_, allowed) =
            MAY_NAME.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("whom may {name} name?"));
        let manifest = files::read(&format!("crates/{name}/Cargo.toml")).unwrap();
        let dependencies =
            manifest.split("\n[dependencies]").nth(1).unwrap_or_default().split("\n[").next().unwrap_or_default();
        let named = dependencies
            .lines()
            .filter_map(|line| line.split(['.', ' ', '=']).next())
            .filter(|name| crates.contains(name));
        none(&name, named.filter(|other| !allowed.contains(other)).map(str::to_owned).collect());
    }
}

#[test]
fn only_the_doors_speak_http() {
    let words = ["actix", "http::", "hyper"];
    // `embedded` fetches the programs of the database where there are none
    let broken =
        rust().into_iter().filter(|file| !["api", "bench", "embedded"].contains(&crate_of(file)) && !is_test(file));
    // the one way out
    let broken = broken.filter(|file| !file.path.starts_with("crates/platform/src/outbound/"));
    let broken = broken.filter(|file| words.iter().any(|word| file.code().contains(word)));
    none("names HTTP", broken.map(|file| file.path).collect());
    let manifests =
        below("crates").into_iter().filter(|file| file.path.ends_with("Cargo.toml") && crate_of(file) != "api");
    none("depends on actix", manifests.filter(|file| file.text.contains("actix")).map(|file| file.path).collect());
}

/// Whatever speaks to other servers goes by the one way out, which looks whom it speaks to.
#[test]
fn there_is_one_way_out() {
    let words = ["TcpStream", "UdpSocket", "to_socket_addrs", "lookup_host", "reqwest", "ureq"];
    let others = rust().into_iter().filter(|file| {
        !["bench", "embedded"].contains(&crate_of(file)) && !file.path.starts_with("crates/platform/src/outbound/")
    });
    let broken = others.filter(|file| words.iter().any(|word| file.code().contains(word)));
    none("speaks to other servers past the one way out", broken.map(|file| file.path).collect());
}

/// Files that the service writes are made for its user alone. What the command line is told to write is its caller's.
#[test]
fn files_of_the_house_are_private() {
    let words = ["create_dir", "File::create", "OpenOptions::new", "fs::write"];
    let others = rust().into_iter().filter(|file| {
        !["bench", "embedded"].contains(&crate_of(file))
            && file.path != "crates/platform/src/private.rs"
            && !file.path.starts_with("crates/api/src/command/")
            && !file.path.contains("/tests")
    });
    let broken = others.filter(|file| words.iter().any(|word| file.code().contains(word)));
    none("makes a file that others may read", broken.map(|file| file.path).collect());
}

/// Rooms of a single file, and those that have no room.
const SPEAKS_SQL: &[&str] = &[
    "crates/customer/src/beside.rs",            // the CTEs beside a new contact
    "crates/customer/src/membership.rs",        // a room of one file
    "crates/identity/src/credential/acting.rs", // who works when nobody is at the door
    "crates/identity/src/found.rs",             // before there is anybody
    "crates/platform/src/audit.rs",             // a room of one file
    "crates/platform/src/columns.rs",           // columns that their table has no room for
    "crates/platform/src/custom/mod.rs",        // how fields of a tenant's own are merged
    "crates/platform/src/deed.rs",              // whoever comes second waits for the first
    "crates/platform/src/external.rs",          // a room of one file
    "crates/platform/src/history/mod.rs",       // a room of one file
    "crates/platform/src/secrets.rs",           // a room of one file
    "crates/platform/src/migrate.rs",           // the schema itself
    "crates/platform/src/record.rs",            // the CTE of every change
    "crates/platform/src/role.rs",              // who the service is
    "crates/platform/src/job/queue.rs",         // the queue's claims
];
/// Folders of the ground in which SQL is made.
const MAKES_SQL: &[&str] = &[
    "crates/platform/src/filter/",
    "crates/platform/src/listing/",
    "crates/platform/src/import/",
    "crates/platform/src/vault/", // rows of any table that is sealed
    "crates/platform/src/privacy/",
];

#[test]
fn only_stores_speak_sql() {
    let verbs = [
        "insert_into(",
        "diesel::update(",
        "diesel::delete(",
        "diesel::select(",
        "sql_query(",
        ".load(conn",
        ".execute(conn",
        ".get_result(conn",
        ".get_results(conn",
        ".first(conn",
        "push_sql(",
    ];
    let wings = ["customer", "sales", "identity", "platform", "service", "marketing", "analytics"];
    let speaks = |file: &File| verbs.iter().any(|verb| file.code().contains(verb));
    let may = |file: &File| {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        ["store.rs", "import.rs"].contains(&name)
            || file.path.contains("/import/") // many rows at once
            || SPEAKS_SQL.contains(&file.path.as_str())
            || MAKES_SQL.iter().any(|folder| file.path.starts_with(folder))
            || ["load.rs", "search/mod.rs"].iter().any(|name| file.path.ends_with(name))
    };
    let files: Vec<File> = rust().into_iter().filter(|file| wings.contains(&crate_of(file))).collect();
    let broken = files.iter().filter(|file| speaks(file) && !may(file)).map(|file| file.path.clone());
    none("speaks SQL and is no store", broken.collect());
    let doors = rust().into_iter().filter(|file| crate_of(file) == "api" && !file.path.contains("/command/"));
    none("a door that speaks SQL", doors.filter(speaks).map(|file| file.path).collect());
}

#[test]
fn no_sql_is_put_together_from_text() {
    let broken = rust().into_iter().filter(|file| !["bench", "embedded"].contains(&crate_of(file)));
    let broken = broken.filter(|file| {
        let code: String = file.code().split_whitespace().collect();
        let loose = code.contains("sql_query(format!")
            || code.contains("sql_query(&format!")
            || code.contains("batch_execute(&format!");
        // demo data knows the tables that it counts
        // and what makes an index takes no bound values: its key is looked at once more
        let index = file.path == "crates/platform/src/custom/index/store.rs";
        loose && !index && !file.path.starts_with("crates/api/src/command/seed/")
    });
    none("SQL made by format!", broken.map(|file| file.path).collect());
    let literal = rust()
        .into_iter()
        .filter(|file| crate_of(file) != "platform" && file.code().replace("into_sql::<", "").contains("sql::<"));
    none("a literal of SQL outside the ground", literal.map(|file| file.path).collect());
}

/// Where the database is opened for somebody who has no permit.
const UNPERMITTED: &[&str] = &[
    "crates/api/src/command/first.rs",                // nobody is there yet
    "crates/api/src/command/keys.rs",                 // keys are nobody's
    "crates/api/src/command/privacy.rs",              // erases again what was erased
    "crates/api/src/health.rs",                       // asks nothing of anybody
    "crates/api/src/house.rs",                        // the server's own secrets
    "crates/api/src/stream/deliver.rs",               // reads once for many, who are told each for themselves
    "crates/api/src/service/open_kb.rs",              // a visitor is nobody, and what is counted is nobody's
    "crates/api/src/service/open_surveys.rs",         // a token says who was asked
    "crates/identity/src/credential/acting.rs",       // in whose name the worker works
    "crates/identity/src/credential/attempts/mod.rs", // who it is is what is asked
    "crates/identity/src/credential/links.rs",        // who it is is what is asked
    "crates/identity/src/credential/login.rs",        // who it is is what is asked
    "crates/identity/src/credential/mod.rs",          // who it is is what is asked
    "crates/identity/src/credential/noted.rs",        // who was not let in
    "crates/identity/src/credential/second.rs",       // who it is is what is asked
    "crates/identity/src/credential/sso.rs",          // who it is is what is asked
    "crates/identity/src/credential/staying.rs",      // who may still be there
    "crates/api/src/customer/open_forms.rs", // a visitor is nobody; what comes in is written as the form's user
    "crates/api/src/sales/open_quotes.rs",   // a customer is nobody; the token says whose quote it is
    "crates/api/src/marketing/open_mail.rs", // a reader is nobody; the token says whose mail it was
    "crates/api/src/platform/inbound.rs",    // a sender says who it is by its signature
    "crates/identity/src/token.rs",          // the server's own secrets
    "crates/platform/src/db.rs",             // where it stands
];
/// The worker takes its turns; what it does, it does as whoever asked for it.
const WORKER: &[&str] = &[
    "crates/api/src/worker/",
    "crates/api/src/command/import",
    "crates/api/src/command/export.rs",
    "crates/platform/src/job/",
];

#[test]
fn the_database_opens_for_a_permit() {
    let opens = rust().into_iter().filter(|file| file.code().contains("unpermitted"));
    let broken = opens.filter(|file| {
        !UNPERMITTED.contains(&file.path.as_str()) && !WORKER.iter().any(|folder| file.path.starts_with(folder))
    });
    none("opens the database without a permit", broken.map(|file| file.path).collect());
}

/// The clock and chance come through `kernel`: tests hold them.
#[test]
fn only_the_kernel_asks_the_machine_for_the_time() {
    let words = ["Utc::now(", "Local::now(", "SystemTime::now(", "Uuid::now_v7(", "Uuid::new_v4("];
    let mut broken = Vec::new();
    for file in rust().into_iter().filter(|file| !["kernel", "bench", "embedded"].contains(&crate_of(file))) {
        broken.extend(
            words.iter().filter(|word| file.code().contains(**word)).map(|word| format!("{}: {word}", file.path)),
        );
    }
    none("asks the machine", broken);
}

/// No state in a connection: behind a pooler in transaction mode it would be somebody else's.
#[test]
fn nothing_is_kept_in_a_connection() {
    let words = ["\"SET ", "SET LOCAL", "SET SESSION", "CREATE TEMP", "LISTEN ", "pg_advisory_lock("];
    let mut broken = Vec::new();
    for file in rust().into_iter().filter(|file| !["bench", "embedded"].contains(&crate_of(file))) {
        // migrations hold a lock on a connection of their own
        if !file.path.ends_with("platform/src/migrate.rs") {
            broken.extend(
                words.iter().filter(|word| file.code().contains(**word)).map(|word| format!("{}: {word}", file.path)),
            );
        }
    }
    none("keeps something in a connection", broken);
}

#[test]
fn every_id_that_a_client_makes_is_of_its_time() {
    let rule = "#[validate(custom(function = \"kernel::id::is_of_its_time\"))]";
    let mut broken = Vec::new();
    for file in rust() {
        let code = file.code();
        let lines: Vec<&str> = code.lines().collect();
        let is_id = |line: &str| line.starts_with("    pub id: Option<") && line.ends_with("Id>,");
        let bare = lines.windows(2).filter(|two| is_id(two[1]) && two[0].trim() != rule);
        broken.extend(bare.map(|two| format!("{}: {}", file.path, two[1].trim())));
    }
    none("an id that may tell a moment to come", broken);
}
