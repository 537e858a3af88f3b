//! `guanxi seed`: a tenant filled with the customers of a believable company.
//!
//! This goes past the one door on purpose: rows are copied into the tables as they come from the generator, with no
//! permit, no scope, no duplicate search, and no history unless `--events` asks for it. What holds anyway: a tenant
//! gets nothing twice, each half (customers, then sales) is there whole or not at all, and every row is one that the
//! rooms could have written.
mod account;
mod contact;
mod customers;
mod history;
mod lexemes;
mod load;
mod order;
mod owners;
mod product;
mod sales;
mod schema;
mod statistics;

use super::{Database, Outcome, first};
use crate::config::Config;
use crate::house::House;
use crate::seed::{self, Profile, World};
use clap::Args;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use diesel::{Connection, PgConnection, QueryResult};
use kernel::TenantId;
use owners::Owners;
use std::time::Instant;

#[derive(Debug, Args)]
pub struct Seed {
    /// whose customers they are
    #[arg(long, value_enum)]
    profile: Profile,
    /// how many people, with an account to about five of them
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=20_000_000))]
    contacts: u32,
    /// the same number gives the same data
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// accounts and contacts only
    #[arg(long)]
    no_orders: bool,
    /// write the events and audit rows of the new records too; without, demo data has no history
    #[arg(long)]
    events: bool,
    /// id of the tenant; the oldest one, unless said otherwise
    #[arg(long)]
    tenant: Option<TenantId>,
}

impl Seed {
    pub async fn run(&self, config: &Config) -> Outcome {
        let database = Database::open(config)?;
        platform::migrate::up(&database.direct_url)?;
        let house = House::open(config, &database.url).await?;
        let made = first::tenant(&house, config).await?;
        if made.is_some() {
            made.iter().for_each(first::tell);
        }
        let mut conn = PgConnection::establish(&database.direct_url)?;
        self.fill(&mut conn)?;
        drop((conn, house));
        database.close();
        Ok(())
    }

    /// Two transactions: whoever stops in between finds the first half done when seeding again.
    fn fill(&self, conn: &mut PgConnection) -> Outcome {
        let owners = Owners::of(conn, self.tenant)?;
        let world = seed::world(self.profile, self.contacts, self.seed);
        let start = Instant::now();
        let halves = [Some(customers::HALF), (!self.no_orders).then_some(sales::HALF)];
        let mut new = false;
        for half in halves.into_iter().flatten() {
            match (half.are_there)(conn, &world, &owners)? {
                true => println!("the {} of this seed are here already", half.name),
                false => {
                    self.write(conn, &world, &owners, &half)?;
                    new = true;
                }
            }
        }
        if new {
            statistics::refresh(conn)?;
            println!("done in {:.1} s", start.elapsed().as_secs_f64());
        }
        Ok(())
    }

    fn write(&self, conn: &mut PgConnection, world: &World, owners: &Owners, half: &Half) -> Outcome {
        let done = conn.transaction(|conn| {
            let tables = (half.load)(conn, world, owners)?;
            if self.events { history::write(conn, tables) } else { Ok(()) }
        });
        match done {
            Err(Sql::DatabaseError(UniqueViolation, info)) => Err(format!(
                "the tenant has others with the same names or numbers ({}): the {} were not written; take another \
                 --seed, or an empty tenant",
                info.message(),
                half.name
            )
            .into()),
            done => Ok(done?),
        }
    }
}

/// One half of a seed, written whole or not at all.
struct Half {
    name: &'static str,
    are_there: fn(&mut PgConnection, &World, &Owners) -> QueryResult<bool>,
    /// answers what was written that has a history
    load: fn(&mut PgConnection, &World, &Owners) -> QueryResult<&'static [history::Table]>,
}
