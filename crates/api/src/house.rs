//! The house put together: the wings' nouns as one graph, the database, who is who, and the secrets.
use crate::config::Config;
use crate::stream::Streams;
use ::identity::{Identity, Objects};
use ::service::kb::tally::Tally;
use kernel::catalogue::{Catalogue, Catalogues, Echo, Relation};
use kernel::page::Seal;
use kernel::{Code, Error, Result};
use paper::Press;
use platform::mail::Mail;
use platform::merge::{self, Reference};
use platform::notify::push::Push;
use platform::outbound::Outbound;
use platform::privacy::{self, Registry, Table, ledger};
use platform::sms::Sms;
use platform::vault::{self, Place};
use platform::{Db, Settings, Vault, event, file, private, secrets, webhook};
use std::path::PathBuf;

/// What the doors, the worker and the commands work with.
#[derive(Clone)]
pub struct House {
    /// for requests
    pub db: Db,
    /// for jobs, which may take longer
    pub jobs: Db,
    /// for webhooks, which jobs must not hold up
    pub hooks: Db,
    pub identity: Identity,
    pub vault: Vault,
    pub catalogues: &'static Catalogues,
    pub seal: Seal,
    pub mail: Mail,
    /// for what is printed
    pub press: Press,
    /// to the devices of people
    pub push: Push,
    /// to telephones
    pub sms: Sms,
    pub data_dir: PathBuf,
    pub privacy_law: &'static str,
    /// straight to the server, as whoever owns the tables
    pub direct_url: String,
    pub webhooks: webhook::Settings,
    /// how long events are told
    pub events: event::Kept,
    /// how many months of the audit trail are kept; all of them where none are said
    pub audit_months: Option<u32>,
    /// what files hold
    pub files: file::Objects,
    /// how often the knowledge base is read
    pub tally: Tally,
    /// who listens to what happens
    pub streams: Streams,
    /// jobs that are done at once
    pub job_lanes: usize,
    /// how long a worker may be silent before another takes over
    pub job_lease: std::time::Duration,
}

/// Beside those of the lanes: for leases, schedules, segments and the trail.
const JOB_CONNECTIONS: usize = 3;
const HOOK_CONNECTIONS: u32 = 3;
/// How much is printed at once, and how much waits for that.
const PRESSES: usize = 2;
const PRESS_WAITING: usize = 32;

impl House {
    /// Opens the house on a database whose schema is up to date.
    pub async fn open(config: &Config, url: &str) -> Result<Self> {
        let sessions = !config.pooled;
        platform::custom::open(catalogues()?);
        merge::reference::open(references());
        let db = Db::open(url, &Settings::requests(config.connections, sessions))?;
        let connections = u32::try_from(JOB_CONNECTIONS + config.job_lanes).unwrap_or(4);
        let jobs = Db::open(url, &Settings::jobs(connections, sessions))?;
        let hooks = Db::open(url, &Settings::jobs(HOOK_CONNECTIONS, sessions))?;
        let vault = vault(&db, &config.master_keys).await?;
        let (its, fresh) = (vault.clone(), || ::identity::random_bytes::<32>().to_vec());
        let secret = db.unpermitted(move |conn| secrets::all(conn, &its, secrets::Purpose::Cursor, fresh)).await?;
        let seal = secret.first().map(|(_, secret)| Seal::new(secret));
        let outbound = Outbound::open(&config.outbound)?;
        let house = Self {
            push: Push::open(&config.push, &outbound)?,
            sms: Sms::open(&config.sms, &outbound)?,
            files: file::Objects::open(&config.files, &config.data_dir, &outbound)?,
            identity: Identity::open(db.clone(), vault.clone(), objects()?, outbound).await?,
            vault,
            catalogues: catalogues()?,
            seal: seal.ok_or_else(|| Error::internal("there is no secret for cursors"))?,
            mail: Mail::open(&config.mail)?,
            press: Press::open(PRESSES, PRESS_WAITING).map_err(Error::internal)?,
            data_dir: config.data_dir.clone(),
            privacy_law: config.privacy_law,
            direct_url: config.database_direct_url.clone().unwrap_or_else(|| url.to_owned()),
            webhooks: config.webhooks.clone(),
            events: config.events,
            audit_months: config.audit_months,
            streams: Streams::default(),
            tally: Tally::default(),
            job_lanes: config.job_lanes,
            job_lease: config.job_lease,
            db,
            jobs,
            hooks,
        };
        house.remember().await?;
        house.furnish().await?;
        Ok(house)
    }

    /// Gives tenants what each of them begins with, and those that are older what they lack.
    pub async fn furnish(&self) -> Result<()> {
        self.jobs.unpermitted(|conn| ::sales::pipeline::furnish(conn, kernel::clock::now())).await.map(drop)
    }

    /// What was erased stays erased: a backup that was restored is erased again, an erasure that was stopped is ended.
    async fn remember(&self) -> Result<()> {
        let folder = self.data_dir.clone();
        // an earlier version let everybody on the machine read what was uploaded
        ["files", "audit", "privacy"]
            .iter()
            .try_for_each(|name| private::shut(&folder.join(name)))
            .map_err(Error::internal)?;
        let replayed = self.jobs.unpermitted(move |conn| {
            let now = kernel::clock::now();
            let replayed = ledger::replay(conn, &registry(), &folder, false, now)?;
            ledger::settle(conn, &folder, now).map(|()| replayed)
        });
        match replayed.await? {
            0 => {}
            replayed => tracing::warn!(replayed, "the database had forgotten erasures: they were carried out again"),
        }
        Ok(())
    }
}

/// The vault, open or not: without its master keys the house goes on, but for what they seal.
async fn vault(db: &Db, source: &vault::Source) -> Result<Vault> {
    let source = source.clone();
    db.unpermitted(move |conn| {
        let vault = Vault::ready(conn, &source)?;
        for master in vault.missing(conn)? {
            tracing::error!(master, "a master key is not here: what it seals cannot be opened");
        }
        match vault.cover(conn, platform::SEALED) {
            Err(error) if error.code == vault::LOCKED => {}
            done => drop(done?),
        }
        Ok(vault)
    })
    .await
}

/// All that is sealed.
#[must_use]
pub fn sealed() -> Vec<&'static Place> {
    let wings: [&[&'static Place]; 3] = [platform::SEALED, ::identity::SEALED, ::customer::SEALED];
    wings.concat()
}

/// All nouns, with the relations that one wing gives another's.
pub fn catalogues() -> Result<&'static Catalogues> {
    static ALL: std::sync::OnceLock<std::result::Result<&'static Catalogues, String>> = std::sync::OnceLock::new();
    let all = ALL.get_or_init(|| {
        let wings: [&[&'static Catalogue]; 7] = [
            platform::CATALOGUES,
            ::identity::CATALOGUES,
            ::customer::CATALOGUES,
            ::sales::CATALOGUES,
            ::service::CATALOGUES,
            ::marketing::CATALOGUES,
            ::analytics::CATALOGUES,
        ];
        let extra: [&[(&'static str, Relation)]; 5] = [
            privacy::restriction::RELATIONS,
            ::sales::RELATIONS,
            ::service::RELATIONS,
            ::marketing::RELATIONS,
            ::analytics::RELATIONS,
        ];
        Catalogues::assemble(&wings.concat(), &extra.concat()).map_err(|e| e.to_string())
    });
    all.clone().map_err(Error::internal)
}

/// What points at records that may become one with others.
#[must_use]
pub fn references() -> Vec<Reference> {
    let wings: [&[Reference]; 6] = [
        merge::REFERENCES,
        ::customer::REFERENCES,
        ::sales::REFERENCES,
        ::service::REFERENCES,
        ::marketing::REFERENCES,
        ::analytics::REFERENCES,
    ];
    wings.concat()
}

/// Members that tell of fields elsewhere, by wings.
pub const ECHOES: [&[Echo]; 5] =
    [::customer::ECHOES, ::sales::ECHOES, ::service::ECHOES, ::marketing::ECHOES, ::analytics::ECHOES];

/// What permissions and fields held back are about.
pub fn objects() -> Result<Objects> {
    static ALL: std::sync::OnceLock<Vec<Echo>> = std::sync::OnceLock::new();
    let echoes = ALL.get_or_init(|| ECHOES.concat());
    Ok(Objects::of(catalogues()?, &["export", "import", "job"]).telling(echoes).mirroring(::customer::MIRRORS))
}

/// All tables, with what each column tells about whom.
#[must_use]
pub fn registry() -> Registry {
    let [reports, classes] = ::analytics::TABLES;
    let wings: [&[Table]; 8] = [
        privacy::TABLES,
        ::identity::TABLES,
        ::customer::TABLES,
        ::sales::TABLES,
        ::service::TABLES,
        ::marketing::TABLES,
        reports,
        classes,
    ];
    Registry::new(&wings.concat())
}

/// What each crate says to callers, in every language, and where that stands.
#[must_use]
pub fn texts() -> [(&'static str, &'static str); 9] {
    [
        ("kernel", kernel::text::TEXTS),
        ("platform", platform::TEXTS),
        ("identity", ::identity::TEXTS),
        ("customer", ::customer::TEXTS),
        ("sales", ::sales::TEXTS),
        ("service", ::service::TEXTS),
        ("marketing", ::marketing::TEXTS),
        ("analytics", ::analytics::TEXTS),
        ("api", crate::TEXTS),
    ]
}

/// Every code that can be answered.
pub fn codes() -> Vec<Code> {
    let house: [&[Code]; 22] = [
        kernel::error::CODES,
        platform::connection::CODES,
        platform::filter::CODES,
        platform::event::CODES,
        platform::external::CODES,
        file::CODES,
        platform::share::CODES,
        platform::table::CODES,
        platform::export::CODES,
        platform::import::CODES,
        platform::job::CODES,
        platform::mail::CODES,
        merge::CODES,
        platform::once::CODES,
        platform::segment::CODES,
        platform::sms::CODES,
        platform::tally::CODES,
        platform::vault::CODES,
        platform::view::CODES,
        webhook::CODES,
        crate::limit::CODES,
        crate::sales::printing::CODES,
    ];
    let privacy = [privacy::CODES.concat(), platform::custom::CODES.concat()].concat();
    let wings = [
        ::identity::CODES,
        ::customer::CODES,
        ::sales::CODES,
        ::service::CODES,
        ::marketing::CODES,
        ::analytics::CODES,
    ]
    .concat();
    let mut codes = [house.concat(), privacy, wings.concat()].concat();
    codes.sort_by_key(|code| code.name);
    codes
}
