//! A running Guanxi: a database of its own, the real server on a port of its own, and people who are logged in.
//!
//! The people move in once, into a template; every town is a copy of it, so that a start costs milliseconds.
use super::people::{PASSWORD, Person};
use super::postgres::{self, Database};
use super::server::Server;
use super::{Client, json, token};
use api::config::{Config, First};
use api::limit::Quotas;
use identity::found::NewTenant;
use platform::vault::{Masters, Source};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub struct Town {
    pub database: Database,
    pub data_dir: TempDir,
    client: Client,
    server: Option<Server>,
}

impl Town {
    pub fn start() -> Self {
        settled();
        Self::on(postgres::copy_of(&name_of_template()))
    }

    /// A server that leaves the work in the background to others.
    pub fn idle() -> Self {
        Self::configured(|config| config.jobs = false)
    }

    /// A server that sends mail.
    pub fn mailing(smtp: &super::Smtp) -> Self {
        settled();
        let data_dir = tempfile::tempdir().unwrap();
        let mail = platform::mail::Settings {
            smtp_url: Some(format!("smtp://{}", smtp.addr)),
            from: Some("Guanxi <guanxi@town.example>".into()),
            public_url: "https://app.town.example".into(),
        };
        let database = postgres::copy_of(&name_of_template());
        let server = Server::start(Config { mail, ..config(&data_dir) }, database.url.clone());
        Self { client: Client::new(&format!("http://{}", server.addr)), server: Some(server), data_dir, database }
    }

    /// A server on a database that is there.
    pub fn on(database: Database) -> Self {
        Self::with(database, |_| {})
    }

    /// A server that is set up otherwise.
    pub fn configured(change: impl FnOnce(&mut Config)) -> Self {
        settled();
        Self::with(postgres::copy_of(&name_of_template()), change)
    }

    /// A server that is set up otherwise, on a database that is there.
    pub fn with(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        let data_dir = tempfile::tempdir().unwrap();
        let mut config = config(&data_dir);
        change(&mut config);
        let server = Server::start(config, database.url.clone());
        Self { client: Client::new(&format!("http://{}", server.addr)), server: Some(server), data_dir, database }
    }

    /// Ends the server and leaves its database.
    pub fn leave(mut self) -> Database {
        drop(self.server.take());
        self.database.take()
    }

    pub fn addr(&self) -> SocketAddr {
        self.server.as_ref().map(|server| server.addr).unwrap()
    }

    /// The program, in a process of its own, on this town's database and folder.
    pub fn program(&self, arguments: &[&str]) -> Command {
        // beside this one, wherever cargo builds
        let this = std::env::current_exe().unwrap();
        let program = this.ancestors().nth(2).unwrap().join("guanxi");
        assert!(program.exists(), "there is no {}: `cargo build` makes it", program.display());
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env("GUANXI_DATABASE_URL", &self.database.url)
            .env("GUANXI_DATA_DIR", self.data_dir.path())
            .env("GUANXI_MASTER_KEY", MASTER_KEY);
        command.env_remove("DATABASE_URL").stdin(Stdio::null());
        command
    }

    /// Somebody who is logged in. A run that lasts longer than a token goes on in the same session, and whoever is asked
    /// for late in a token's life has nearly all of the next one's.
    pub fn client(&self, person: Person) -> Client {
        let Settled { tokens, seed, .. } = &mut *settled().lock().unwrap();
        let (token, since) = tokens.get_mut(&person).unwrap();
        if since.elapsed() > Duration::from_secs(30) {
            (*token, *since) = (token::renewed(seed, token), Instant::now());
        }
        self.client.bearing(&*token)
    }

    pub fn owner(&self) -> Client {
        self.client(Person::Owner)
    }

    pub fn anonymous(&self) -> Client {
        self.client.clone()
    }

    /// A town whose database writes down every statement, and where nothing happens but what is asked for.
    pub fn watched() -> Self {
        settled();
        let database = postgres::copy_of(&name_of_template());
        database.run(&format!("ALTER DATABASE {} SET log_statement = 'all'", database.name));
        Self::with(database, |config| config.jobs = false)
    }

    /// The statements that the server runs for what is done.
    pub fn statements(&self, work: impl FnOnce()) -> Vec<String> {
        let before = postgres::log().len();
        work();
        let ours = self.database.column(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'guanxi'",
        );
        let ours: Vec<String> = ours.iter().map(|pid| format!("[{pid}] LOG:  ")).collect();
        let log = postgres::log().split_off(before);
        let statement = |line: &str| {
            let (_, said) = line.split_once(ours.iter().find(|pid| line.contains(*pid))?)?;
            let is_one = said.starts_with("execute ") || said.starts_with("statement: ");
            // a connection that is opened in the meantime
            (is_one && !said.contains(": SET ")).then(|| said.to_owned())
        };
        log.lines()
            .filter_map(statement)
            .filter(|said| !said.contains(" jobs ") && !said.contains("\"jobs\""))
            .collect()
    }

    /// What the server signs tokens with, for whoever would forge one.
    pub fn seed_of_tokens(&self, kid: &str) -> Vec<u8> {
        token::seed(&self.database, kid)
    }

    pub fn user(&self, person: Person) -> String {
        settled().lock().unwrap().users[&person].clone()
    }

    pub fn team(&self, name: &str) -> String {
        settled().lock().unwrap().teams[name].clone()
    }

    pub fn role(&self, key: &str) -> String {
        settled().lock().unwrap().roles[key].clone()
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        drop(self.server.take());
    }
}

/// What the template holds.
#[derive(Default)]
struct Settled {
    tokens: BTreeMap<Person, (String, Instant)>,
    /// what they are signed with
    seed: Vec<u8>,
    users: BTreeMap<Person, String>,
    teams: BTreeMap<String, String>,
    roles: BTreeMap<String, String>,
}

fn name_of_template() -> String {
    format!("town_{}", std::process::id())
}

fn settled() -> &'static Mutex<Settled> {
    static SETTLED: OnceLock<Mutex<Settled>> = OnceLock::new();
    SETTLED.get_or_init(|| Mutex::new(settle()))
}

fn settle() -> Settled {
    postgres::sweep("town_");
    let (database, name) = (postgres::migrated(), name_of_template());
    let data_dir = tempfile::tempdir().unwrap();
    found(&mut database.conn()).unwrap();
    let server = Server::start(config(&data_dir), database.url.clone());
    let client = Client::new(&format!("http://{}", server.addr));
    let mut all = Settled::default();
    let token = login(&client, Person::Owner);
    all.seed = token::seed(&database, token::part(&token, 0)["kid"].as_str().unwrap());
    let owner = client.bearing(&token);
    for role in owner.get("/v1/roles").ok()["data"].as_array().unwrap() {
        all.roles.insert(role["builtin"].as_str().unwrap().to_owned(), role["id"].as_str().unwrap().to_owned());
    }
    for (team, above) in [("sales", None), ("north", Some("sales")), ("south", Some("sales"))] {
        let above = above.map(|above: &str| all.teams[above].clone());
        let made = owner.post("/v1/teams", json!({"name": team, "parent_id": above})).created();
        all.teams.insert(team.to_owned(), made["id"].as_str().unwrap().to_owned());
    }
    for (person, role, team) in Person::HIRED {
        let roles: Vec<&String> = role.iter().map(|role| &all.roles[*role]).collect();
        let teams: Vec<&String> = team.iter().map(|team| &all.teams[*team]).collect();
        let new = json!({"email": person.email(), "display_name": format!("{person:?}"), "password": PASSWORD,
            "role_ids": roles, "team_ids": teams});
        owner.post("/v1/users", new).created();
    }
    for person in Person::ALL {
        let token = if person == Person::Owner { token.clone() } else { login(&client, person) };
        let me = client.bearing(&token).get("/v1/me").ok();
        all.users.insert(person, me["user"]["id"].as_str().unwrap().to_owned());
        all.tokens.insert(person, (token, Instant::now()));
    }
    drop(server);
    postgres::rename(&database.name, &name);
    postgres::freeze(&name);
    all
}

fn login(client: &Client, person: Person) -> String {
    let tokens = client.post("/v1/auth/login", json!({"email": person.email(), "password": PASSWORD})).ok();
    tokens["access_token"].as_str().unwrap().to_owned()
}

/// Two tenants and their owners.
fn found(conn: &mut platform::Conn) -> kernel::Result<()> {
    for (name, person) in [("Town", Person::Owner), ("Next door", Person::Foreigner)] {
        let new = NewTenant {
            name: name.into(),
            locale: "en".into(),
            time_zone: "UTC".into(),
            base_currency: "USD".into(),
            owner_email: person.email(),
            owner_password: PASSWORD.into(),
        };
        identity::found::tenant(conn, &new, kernel::clock::now())?;
    }
    Ok(())
}

/// Of every town, for each is a copy of the first.
pub const MASTER_KEY: &str = "town:3q2+7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

pub fn master_keys(text: &str) -> Source {
    Source::Given(Masters::read(text).unwrap())
}

fn config(data_dir: &TempDir) -> Config {
    Config {
        addr: SocketAddr::from(([127, 0, 0, 1], 0)),
        data_dir: data_dir.path().to_path_buf(),
        master_keys: master_keys(MASTER_KEY),
        database_url: None,
        database_direct_url: None,
        pooled: false,
        connections: 4,
        workers: 1,
        jobs: true,
        job_lanes: 2,
        job_lease: platform::job::LEASE,
        limits: Quotas::OFF,
        trusted_proxies: kernel::net::Nets::default(),
        log: "warn".into(),
        // what the tests start stands on the loopback
        outbound: platform::outbound::Settings { allow: "127.0.0.0/8".parse().unwrap(), ..Default::default() },
        webhooks: platform::webhook::Settings::default(),
        events: platform::event::Kept { days: platform::event::Kept::DAYS },
        audit_months: None,
        files: platform::file::Settings::default(),
        mail: platform::mail::Settings { public_url: "https://app.town.example".into(), ..Default::default() },
        push: platform::notify::push::Settings::default(),
        sms: platform::gateway::Settings::default(),
        privacy_law: "gdpr",
        first: First {
            tenant: "Town".into(),
            email: Person::Owner.email(),
            password: Some(PASSWORD.into()),
            locale: "en".into(),
            time_zone: "UTC".into(),
            currency: "USD".into(),
        },
    }
}
