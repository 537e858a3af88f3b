//! `guanxi keys list`, `guanxi keys rotate`: the keys of what is sealed. Servers work on while keys are replaced; what is
//! stopped in the middle a worker goes on with.
use super::{Database, Outcome};
use crate::config::Config;
use crate::house::{self, House};
use clap::{ArgGroup, Args, Subcommand};
use diesel::Connection;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Actor, Ctx, Error, RequestId, TenantId, clock};
use platform::job;
use platform::vault::{Go, Listed, Progress, ROTATION, SERVER};
use std::sync::Arc;
use std::time::{Duration, Instant};

#[derive(Debug, Args)]
pub struct Keys {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Every key: whose, for what, how old, and how many values need it
    List,
    /// Put new keys in the place of old ones
    Rotate(Rotate),
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("which").required(true).multiple(true).args(["master", "data"])))]
struct Rotate {
    /// the master key: what older ones have wrapped is wrapped by the newest
    #[arg(long)]
    master: bool,
    /// the keys of values: what they have sealed is sealed anew
    #[arg(long)]
    data: bool,
    /// those of this tenant alone
    #[arg(long, requires = "data")]
    tenant: Option<TenantId>,
}

impl Keys {
    pub async fn run(&self, config: &Config) -> Outcome {
        let database = Database::open(config)?;
        platform::migrate::up(&database.direct_url)?;
        let house = House::open(config, &database.url).await?;
        let done = match &self.what {
            What::List => list(&house).await,
            What::Rotate(rotate) => rotate.run(&house).await,
        };
        drop(house);
        database.close();
        done
    }
}

async fn list(house: &House) -> Outcome {
    let vault = house.vault.clone();
    let all = house.jobs.unpermitted(move |conn| vault.list(conn, &house::sealed())).await.map_err(said)?;
    let (now, widest) = (clock::now(), all.iter().map(|key| key.purpose.len()).max().unwrap_or_default());
    println!(
        "{:36}  {:36}  {:widest$}  {:12}  {:>5}  {:>10}",
        "tenant", "key", "seals", "wrapped by", "days", "values"
    );
    for Listed { tenant, id, purpose, master, created_at, retired_at, values, opens } in &all {
        let owner = if *tenant == SERVER { "(the server)".to_owned() } else { tenant.to_string() };
        let state = match (opens, retired_at) {
            (false, _) => "  its master key is not here",
            (true, Some(_)) => "  being replaced",
            (true, None) => "",
        };
        let days = (now - *created_at).num_days();
        println!("{owner:36}  {id:36}  {purpose:widest$}  {master:12}  {days:>5}  {values:>10}{state}");
    }
    Ok(())
}

impl Rotate {
    async fn run(&self, house: &House) -> Outcome {
        if self.master {
            wrap_anew(house).await?;
        }
        if self.data {
            let vault = house.vault.clone();
            let all = house.jobs.unpermitted(move |conn| vault.tenants(conn)).await.map_err(said)?;
            for tenant in all.into_iter().filter(|tenant| self.tenant.is_none_or(|wanted| wanted == *tenant)) {
                seal_anew(house, tenant).await?;
            }
        }
        Ok(())
    }
}

async fn wrap_anew(house: &House) -> Outcome {
    let vault = house.vault.clone();
    if let Some(new) = vault.renew_master().map_err(said)? {
        println!("a new master key: {new}. Keep a copy of the file anew; older copies do not open what it wraps.");
    }
    let (newest, count) = house.jobs.unpermitted(move |conn| vault.rewrap(conn)).await.map_err(said)?;
    println!("master key {newest}: {count} keys wrapped anew; older master keys open nothing any more");
    Ok(())
}

async fn seal_anew(house: &House, tenant: TenantId) -> Outcome {
    let (vault, since) = (house.vault.clone(), Instant::now());
    let work = house.jobs.unpermitted(move |conn| {
        let ctx = nobody(tenant);
        let (count, held) = conn.transaction(|conn| {
            let count = vault.renew(conn, tenant, ctx.now)?;
            Ok::<_, Error>((count, job::enqueue_held(conn, &ctx, ROTATION, &serde_json::json!({}))?))
        })?;
        let bar = bar();
        let mut watch = |progress: Progress| {
            bar.set_message(format!("{} values sealed anew", progress.values));
            Go::On
        };
        let done = vault.reseal(conn, &held, &house::sealed(), &mut watch);
        bar.finish_and_clear();
        if let Err(error) = &done {
            // whatever it was that stopped it, a worker goes on
            job::retry(conn, &held, &said_of(error))?;
        }
        Ok((count, done?))
    });
    let (count, Progress { values, unreadable, keys }) = work.await.map_err(said)?;
    let took = since.elapsed().as_secs_f64();
    println!("{tenant}: {count} new keys, {values} values sealed anew, {keys} old keys gone, {took:.1} s");
    if unreadable > 0 {
        println!("{tenant}: {unreadable} values stay as they are, for they cannot be opened: see `guanxi doctor`");
    }
    Ok(())
}

/// Keys belong to a tenant and to nobody in it.
fn nobody(tenant: TenantId) -> Ctx {
    let actor = Actor { user: uuid::Uuid::nil().into(), key: None };
    Ctx {
        tenant,
        actor,
        grants: Arc::default(),
        request: RequestId::new(),
        origin: kernel::Origin::default(),
        now: clock::now(),
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn said(error: Error) -> String {
    said_of(&error)
}

fn said_of(error: &Error) -> String {
    error.detail.as_ref().map_or_else(|| error.code.meaning.to_owned(), ToString::to_string)
}
