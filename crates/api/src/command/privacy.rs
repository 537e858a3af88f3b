//! `guanxi privacy replay`: erases again all that the ledger's file knows.
use super::{Database, Outcome};
use crate::config::Config;
use crate::house::{House, registry};
use clap::{Args, Subcommand};
use kernel::clock;
use platform::privacy::ledger;

#[derive(Debug, Args)]
pub struct Privacy {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Erase again whomever the ledger in GUANXI_DATA_DIR names; what a restored backup has forgotten is erased at every start
    Replay,
}

impl Privacy {
    pub async fn run(&self, config: &Config) -> Outcome {
        let database = Database::open(config)?;
        platform::migrate::up(&database.direct_url)?;
        let house = House::open(config, &database.url).await?;
        let What::Replay = self.what;
        let (folder, now) = (config.data_dir.clone(), clock::now());
        let replayed = house.jobs.unpermitted(move |conn| ledger::replay(conn, &registry(), &folder, true, now));
        let replayed = replayed.await;
        drop(house);
        database.close();
        println!("{} erasures carried out again", replayed?);
        Ok(())
    }
}
