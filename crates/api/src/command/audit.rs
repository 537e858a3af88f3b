//! `guanxi audit`: whether the audit trail is as it was sealed, and a signature for where it stands.
use super::{Database, Outcome};
use crate::config::Config;
use clap::Subcommand;
use diesel::{Connection, PgConnection};
use kernel::{Result, TenantId, clock};
use platform::Vault;
use platform::audit::{self, Keys, Patience, Report};

#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Look whether every row is as it was sealed; names the first that is not
    Verify {
        /// this tenant alone, by its id
        #[arg(long)]
        tenant: Option<TenantId>,
    },
    /// Sign now how far the trail goes, in the database and in the file beside it
    Checkpoint,
    /// Drop the months that ended so many whole months before this one began, as the worker does by GUANXI_AUDIT_MONTHS
    Drop {
        /// how many whole months stay
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
        keep: u32,
    },
}

impl Audit {
    pub fn run(&self, config: &Config) -> Outcome {
        let database = Database::open(config)?;
        let mut conn = PgConnection::establish(&database.direct_url)?;
        let vault = Vault::as_found(&config.master_keys)?;
        let keys = Keys::open(&mut conn, &vault, ::identity::random_bytes::<32>)?;
        seal(&mut conn, &keys)?;
        let file = audit::file(&config.data_dir);
        let broken = match self {
            Self::Verify { tenant } => told(&audit::verify(&mut conn, &keys, &file, *tenant)?),
            Self::Checkpoint => {
                for one in audit::checkpoint(&mut conn, &keys, &file, clock::now(), true)? {
                    println!("tenant {}: row {} {}", one.tenant_id, one.seq, one.hash);
                }
                println!("signed in {}", file.display());
                0
            }
            Self::Drop { keep } => {
                let now = clock::now();
                audit::close_months(&mut conn, now)?;
                audit::checkpoint(&mut conn, &keys, &file, now, true)?;
                let dropped = audit::drop_old(&mut conn, &keys, &file, now, *keep)?;
                dropped.iter().for_each(|month| println!("dropped {month}"));
                0
            }
        };
        database.close();
        match broken {
            0 => Ok(()),
            one => Err(format!("{one} audit trails are not as they were sealed").into()),
        }
    }
}

/// What has been written up to now.
fn seal(conn: &mut PgConnection, keys: &Keys) -> Result<()> {
    while audit::seal(conn, keys, Patience::Wait)?.1 {}
    Ok(())
}

/// A line a tenant; how many trails are broken.
fn told(reports: &[Report]) -> usize {
    for report in reports {
        let Report { tenant, rows, floor, checkpoints, erased, waiting, .. } = report;
        match &report.fault {
            Some(fault) => println!("FAIL tenant {tenant}: {fault}"),
            None => println!(
                "ok   tenant {tenant}: {rows} rows{}, {checkpoints} checkpoints, {erased} erased, {waiting} not sealed yet",
                if *floor > 0 { format!(" of which {floor} were dropped") } else { String::new() }
            ),
        }
    }
    reports.iter().filter(|report| report.fault.is_some()).count()
}
