//! The database of a command: the user's own, or the private one, which ends with the program.
use super::Outcome;
use crate::config::Config;
use clap::Args;
use diesel::{Connection, PgConnection, RunQueryDsl};
use embedded::Pg;

/// An open way to a database.
pub struct Database {
    pub url: String,
    /// the same without a pooler between
    pub direct_url: String,
    /// lives as long as this does
    private: Option<Pg>,
}

const NAME: &str = "guanxi";

impl Database {
    /// Starts the private server where there is no other; makes its database.
    pub fn open(config: &Config) -> Result<Self, Box<dyn std::error::Error>> {
        if let Some(url) = &config.database_url {
            let direct_url = config.database_direct_url.clone().unwrap_or_else(|| url.clone());
            return Ok(Self { url: url.clone(), direct_url, private: None });
        }
        let server = embedded::start(&embedded::Config::app(config.data_dir.clone()))?;
        let mut conn = PgConnection::establish(&server.url("postgres"))?;
        let made = diesel::sql_query("CREATE DATABASE guanxi").execute(&mut conn);
        if let Err(e) = made
            && !e.to_string().contains("already exists")
        {
            return Err(e.into());
        }
        let url = server.url(NAME);
        Ok(Self { direct_url: url.clone(), url, private: Some(server) })
    }

    /// Ends the private server in order.
    pub fn close(self) {
        if let Some(server) = self.private {
            server.stop();
        }
    }
}

#[derive(Debug, Args)]
pub struct Migrate {
    /// say what would run, and run nothing
    #[arg(long)]
    dry_run: bool,
}

impl Migrate {
    pub fn run(&self, config: &Config) -> Outcome {
        let database = Database::open(config)?;
        let names = match self.dry_run {
            true => platform::migrate::pending(&database.direct_url)?,
            false => platform::migrate::up(&database.direct_url)?,
        };
        let word = if self.dry_run { "pending" } else { "ran" };
        names.iter().for_each(|name| println!("{word} {name}"));
        if names.is_empty() {
            println!("the schema is up to date: {}", platform::migrate::newest());
        }
        database.close();
        Ok(())
    }
}
