//! The configuration: `GUANXI_*` variables, a `.env` file beside them, and nothing else. A name that is not known is an
//! error, for it is a name that was mistyped.
mod files;
mod gateways;

use crate::limit::Quotas;
use kernel::net::Nets;
use platform::vault::{Masters, Source};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What is read from the environment.
#[derive(Clone, Debug)]
pub struct Config {
    /// where to listen
    pub addr: SocketAddr,
    /// uploads, and the private database where there is no other
    pub data_dir: PathBuf,
    /// the keys that wrap all others
    pub master_keys: Source,
    /// a server of the user's own, instead of the private one
    pub database_url: Option<String>,
    /// the same without a pooler between: for migrations
    pub database_direct_url: Option<String>,
    /// `true` behind a pooler in transaction mode
    pub pooled: bool,
    /// connections for requests
    pub connections: u32,
    /// threads that speak HTTP
    pub workers: usize,
    /// whether `serve` works on jobs too
    pub jobs: bool,
    /// jobs that a worker does at once
    pub job_lanes: usize,
    /// how long a worker may be silent before another takes its job over
    pub job_lease: Duration,
    /// how much may be asked in a minute, by whom
    pub limits: Quotas,
    /// proxies that stand before the server, whose `X-Forwarded-For` is believed
    pub trusted_proxies: Nets,
    /// what is logged, such as `info` or `api=debug`
    pub log: String,
    pub mail: platform::mail::Settings,
    pub push: platform::gateway::Settings,
    pub sms: platform::gateway::Settings,
    pub outbound: platform::outbound::Settings,
    pub webhooks: platform::webhook::Settings,
    /// how long events are told
    pub events: platform::event::Kept,
    /// how many whole months of the audit trail are kept; all, where none are said
    pub audit_months: Option<u32>,
    pub files: platform::file::Settings,
    /// the law whose times privacy requests have, unless they say another
    pub privacy_law: &'static str,
    pub first: First,
}

/// What the first tenant is made of.
#[derive(Clone, Debug)]
pub struct First {
    pub tenant: String,
    pub email: String,
    /// made up and printed where it is absent
    pub password: Option<String>,
    pub locale: String,
    pub time_zone: String,
    pub currency: String,
}

/// Requests that cannot be read are answered; that they came is nobody's error, and anybody may send them.
const LOG: &str = "warn,guanxi=info,api=info,actix_http=off";

/// The variables, what each is, and its default.
pub const VARIABLES: &[(&str, &str, &str)] = &[
    ("GUANXI_ADDR", "address and port to listen on", "127.0.0.1:8080"),
    ("GUANXI_DATA_DIR", "folder of uploads and of the private database", "/var/lib/guanxi or ~/.local/share/guanxi"),
    (
        "GUANXI_MASTER_KEY",
        "what seals the keys of sealed values: 32 bytes in base64, or id:key,… with the newest first",
        "master.key in the data folder, which the first start makes",
    ),
    ("GUANXI_MASTER_KEY_FILE", "a file that holds the same", "none"),
    ("GUANXI_DATABASE_URL", "PostgreSQL 15 or later; DATABASE_URL does the same", "a private server"),
    ("GUANXI_DATABASE_DIRECT_URL", "the same without a pooler between", "as the database"),
    ("GUANXI_POOLED", "true behind a pooler in transaction mode", "false"),
    ("GUANXI_CONNECTIONS", "database connections for requests", "twice the cores"),
    ("GUANXI_WORKERS", "threads that speak HTTP", "half the cores"),
    ("GUANXI_JOBS", "whether serve works on jobs too", "true"),
    ("GUANXI_JOB_LANES", "jobs that a worker does at once; with two or more, one lane is for what is short", "2"),
    ("GUANXI_JOB_LEASE", "seconds that a worker may be silent before another takes its job over", "30"),
    (
        "GUANXI_LIMITS",
        "units a minute of each quota on this server, 0 for none, or `off`: a plain request is 1 or 2",
        "public=300,address=600000,key=600000,user=600000,tenant=1200000,connection=3000,form=600",
    ),
    ("GUANXI_TRUSTED_PROXIES", "nets of the proxies whose X-Forwarded-For is believed: 10.0.0.0/8, ::1", "none"),
    ("GUANXI_PUBLIC_URL", "where people open the application: what links in letters begin with", "http://GUANXI_ADDR"),
    ("GUANXI_SMTP_URL", "the mail server: smtp://user:password@host:587?tls=required, smtps://host", "no mail is sent"),
    ("GUANXI_MAIL_FROM", "whom letters come from, such as Guanxi <guanxi@example.com>", "needed with a mail server"),
    (
        "GUANXI_PUSH_URL",
        "a server of yours that shows messages on devices: it is sent tokens, title, body and data, signed",
        "nothing is shown on devices",
    ),
    (
        "GUANXI_PUSH_SECRET",
        "what signs that, as the Standard Webhooks specification writes it: whsec_…",
        "needed with it",
    ),
    (
        "GUANXI_SMS_URL",
        "a server of yours that sends text messages: it is sent to, text, purpose and id, signed in the same way",
        "no text messages are sent",
    ),
    ("GUANXI_SMS_SECRET", "what signs that: whsec_…", "needed with it"),
    (
        "GUANXI_OUTBOUND_ALLOW",
        "nets beside the public ones that this server may speak to, by plain HTTP too, such as 10.1.0.0/16",
        "none",
    ),
    ("GUANXI_OUTBOUND_PORTS", "ports at which it may speak to public servers", "443,80"),
    ("GUANXI_OUTBOUND_CA", "a PEM file with authorities that it trusts beside the public ones", "none"),
    (
        "GUANXI_WEBHOOK_SCHEDULE",
        "pauses in seconds before a webhook that failed is tried again; after the last it has failed",
        platform::webhook::Settings::SCHEDULE,
    ),
    ("GUANXI_WEBHOOK_GIVE_UP", "seconds without anything coming through until an endpoint is disabled", "432000"),
    ("GUANXI_EVENTS_DAYS", "days for which events are told in their order; older places are answered 410", "90"),
    (
        "GUANXI_AUDIT_MONTHS",
        "whole months of the audit trail, with its events and histories, that are kept before this one",
        "all are kept",
    ),
    (
        "GUANXI_FILES_URL",
        "a bucket for files: s3://bucket/prefix?region=eu-central-1&endpoint=https://…",
        "the data folder",
    ),
    ("GUANXI_FILES_KEY_ID", "who writes to that bucket", "needed with a bucket"),
    ("GUANXI_FILES_SECRET", "the secret access key to it", "needed with a bucket"),
    ("GUANXI_FILES_LARGEST", "bytes that one file may have", "52428800"),
    ("GUANXI_FILES_QUOTA", "bytes that all files of a tenant may have, 0 for no bound", "10737418240"),
    ("GUANXI_PRIVACY_LAW", "whose time to answer privacy requests have: gdpr, 30 days; pipl, 15 working days", "gdpr"),
    ("GUANXI_LOG", "what is logged", LOG),
    ("GUANXI_OWNER_EMAIL", "first start: the owner", "owner@example.com"),
    ("GUANXI_OWNER_PASSWORD", "first start: the owner's password", "made up and printed"),
    ("GUANXI_TENANT", "first start: the company", "My company"),
    ("GUANXI_LOCALE", "first start: en, zh-Hans or zh-Hant", "en"),
    ("GUANXI_TIME_ZONE", "first start: IANA name", "UTC"),
    ("GUANXI_CURRENCY", "first start: base currency, ISO 4217", "USD"),
];

/// Read by the tests alone.
const TESTS: &[&str] =
    &["GUANXI_TEST_DATA", "GUANXI_TEST_PYTHON", "GUANXI_FUZZ", "GUANXI_SEED", platform::crash::VARIABLE];

impl Config {
    /// From the environment; every fault at once, in words.
    pub fn read() -> Result<Self, String> {
        // a file that is not there is no fault; one that cannot be read is
        match dotenvy::dotenv() {
            Err(e) if !e.not_found() => return Err(format!(".env: {e}")),
            _ => {}
        }
        Self::of(std::env::vars().collect())
    }

    fn of(vars: BTreeMap<String, String>) -> Result<Self, String> {
        let mut read = Reader { faults: unknown(&vars), vars };
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let config = Self {
            addr: read.parsed("GUANXI_ADDR", SocketAddr::from(([127, 0, 0, 1], 8080))),
            data_dir: data_dir(&read),
            master_keys: master_keys(&mut read),
            database_url: read.text("GUANXI_DATABASE_URL").or_else(|| read.text("DATABASE_URL")),
            database_direct_url: read.text("GUANXI_DATABASE_DIRECT_URL").or_else(|| read.text("DATABASE_DIRECT_URL")),
            pooled: read.parsed("GUANXI_POOLED", false),
            connections: read.parsed("GUANXI_CONNECTIONS", u32::try_from(2 * cores).unwrap_or(4)),
            workers: read.parsed("GUANXI_WORKERS", (cores / 2).max(1)),
            jobs: read.parsed("GUANXI_JOBS", true),
            job_lanes: read.parsed("GUANXI_JOB_LANES", 2_usize).clamp(1, 64),
            job_lease: Duration::from_secs(read.parsed("GUANXI_JOB_LEASE", 30_u64).clamp(1, 3600)),
            limits: read.parsed("GUANXI_LIMITS", Quotas::default()),
            trusted_proxies: read.parsed("GUANXI_TRUSTED_PROXIES", Nets::default()),
            log: read.text("GUANXI_LOG").unwrap_or_else(|| LOG.into()),
            mail: mail(&mut read),
            push: gateways::of(&mut read, "GUANXI_PUSH_URL", "GUANXI_PUSH_SECRET"),
            sms: gateways::of(&mut read, "GUANXI_SMS_URL", "GUANXI_SMS_SECRET"),
            outbound: outbound(&mut read),
            webhooks: webhooks(&mut read),
            events: platform::event::Kept {
                days: read.parsed("GUANXI_EVENTS_DAYS", platform::event::Kept::DAYS).max(1),
            },
            audit_months: audit_months(&mut read),
            files: files::of(&mut read),
            privacy_law: privacy_law(&mut read),
            first: First {
                tenant: read.text("GUANXI_TENANT").unwrap_or_else(|| "My company".into()),
                email: read.text("GUANXI_OWNER_EMAIL").unwrap_or_else(|| "owner@example.com".into()),
                password: read.text("GUANXI_OWNER_PASSWORD"),
                locale: read.text("GUANXI_LOCALE").unwrap_or_else(|| "en".into()),
                time_zone: read.text("GUANXI_TIME_ZONE").unwrap_or_else(|| "UTC".into()),
                currency: read.text("GUANXI_CURRENCY").unwrap_or_else(|| "USD".into()),
            },
        };
        if read.faults.is_empty() { Ok(config) } else { Err(read.faults.join("\n")) }
    }
}

fn data_dir(read: &Reader) -> PathBuf {
    read.text("GUANXI_DATA_DIR").map_or_else(|| embedded::default_data_dir("guanxi"), PathBuf::from)
}

/// A fault never tells the key.
fn master_keys(read: &mut Reader) -> Source {
    match (read.text("GUANXI_MASTER_KEY"), read.text("GUANXI_MASTER_KEY_FILE")) {
        (Some(_), Some(_)) => read.faults.push("GUANXI_MASTER_KEY: GUANXI_MASTER_KEY_FILE is set too".into()),
        (None, Some(file)) => return Source::File(file.into()),
        (Some(text), None) => match Masters::read(&text) {
            Ok(given) => return Source::Given(given),
            Err(fault) => read.faults.push(format!("GUANXI_MASTER_KEY: {fault}")),
        },
        (None, None) => {}
    }
    Source::Own(data_dir(read))
}

fn privacy_law(read: &mut Reader) -> &'static str {
    let Some(text) = read.text("GUANXI_PRIVACY_LAW") else { return "gdpr" };
    let known = platform::privacy::request::LAWS.iter().find(|law| **law == text);
    known.copied().unwrap_or_else(|| {
        read.faults.push(format!("GUANXI_PRIVACY_LAW: {text:?} is neither gdpr nor pipl"));
        "gdpr"
    })
}

/// A mail server needs to be told whom letters come from and where their links lead.
fn mail(read: &mut Reader) -> platform::mail::Settings {
    let addr = read.text("GUANXI_ADDR").unwrap_or_else(|| "127.0.0.1:8080".into());
    let settings = platform::mail::Settings {
        smtp_url: read.text("GUANXI_SMTP_URL"),
        from: read.text("GUANXI_MAIL_FROM"),
        public_url: read
            .text("GUANXI_PUBLIC_URL")
            .unwrap_or_else(|| format!("http://{addr}"))
            .trim_end_matches('/')
            .into(),
    };
    for name in ["GUANXI_MAIL_FROM", "GUANXI_PUBLIC_URL"] {
        if settings.smtp_url.is_some() && read.text(name).is_none() {
            read.faults.push(format!("{name}: letters need it, for GUANXI_SMTP_URL is set"));
        }
    }
    if !["http://", "https://"].iter().any(|scheme| settings.public_url.starts_with(scheme)) {
        read.faults
            .push(format!("GUANXI_PUBLIC_URL: {:?} begins with neither https:// nor http://", settings.public_url));
    }
    settings
}

/// Whom this server may speak to.
fn outbound(read: &mut Reader) -> platform::outbound::Settings {
    let ports = read.text("GUANXI_OUTBOUND_PORTS").unwrap_or_else(|| "443,80".into());
    let numbers: Result<Vec<u16>, _> = ports.split(',').map(|port| port.trim().parse()).collect();
    if numbers.is_err() {
        read.faults.push(format!("GUANXI_OUTBOUND_PORTS: {ports:?} cannot be read"));
    }
    platform::outbound::Settings {
        allow: read.parsed("GUANXI_OUTBOUND_ALLOW", Nets::default()),
        ports: numbers.unwrap_or_default(),
        authorities: read.text("GUANXI_OUTBOUND_CA").map(PathBuf::from),
    }
}

/// When webhooks are tried again.
fn webhooks(read: &mut Reader) -> platform::webhook::Settings {
    use platform::webhook::Settings;
    let schedule = read.text("GUANXI_WEBHOOK_SCHEDULE").unwrap_or_else(|| Settings::SCHEDULE.into());
    let give_up = read.parsed("GUANXI_WEBHOOK_GIVE_UP", Settings::GIVE_UP);
    Settings::of(&schedule, give_up).unwrap_or_else(|fault| {
        read.faults.push(format!("GUANXI_WEBHOOK_SCHEDULE, GUANXI_WEBHOOK_GIVE_UP: {fault}"));
        Settings::default()
    })
}

/// At least one, for a month that has ended is closed a month later.
fn audit_months(read: &mut Reader) -> Option<u32> {
    let text = read.text("GUANXI_AUDIT_MONTHS")?;
    let months = text.parse().ok().filter(|months| (1..=1_200).contains(months));
    if months.is_none() {
        read.faults.push(format!("GUANXI_AUDIT_MONTHS: {text:?} is no number from 1 to 1200"));
    }
    months
}

fn unknown(vars: &BTreeMap<String, String>) -> Vec<String> {
    let known = |name: &String| VARIABLES.iter().any(|(known, ..)| known == name) || TESTS.contains(&name.as_str());
    let unknown = vars.keys().filter(|name| name.starts_with("GUANXI_") && !known(name));
    unknown.map(|name| format!("{name} is no variable of Guanxi: `guanxi --help` lists them")).collect()
}

struct Reader {
    vars: BTreeMap<String, String>,
    faults: Vec<String>,
}

impl Reader {
    fn text(&self, name: &str) -> Option<String> {
        self.vars.get(name).filter(|value| !value.is_empty()).cloned()
    }

    fn parsed<T: std::str::FromStr>(&mut self, name: &str, default: T) -> T {
        let Some(text) = self.text(name) else { return default };
        text.parse().unwrap_or_else(|_| {
            self.faults.push(format!("{name}: {text:?} cannot be read"));
            default
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    #[test]
    fn a_typo_is_an_error_and_all_are_named() {
        let vars = [("GUANXI_ADR", "x"), ("GUANXI_ADDR", "nowhere"), ("GUANXI_JOBS", "perhaps"), ("HOME", "/")];
        let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let faults = Config::of(vars.into()).map(|_| ()).unwrap_err();
        assert_eq!(faults.lines().count(), 3, "{faults}");
    }
}
