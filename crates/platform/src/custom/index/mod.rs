//! The indexes of fields of a tenant's own: two of each, for both directions of a sort, over the living records of the
//! tenant alone, with statistics of what they hold. A job brings them in line with what the definitions say, `CONCURRENTLY`, on a connection of whoever owns
//! the tables; done twice, it finds nothing to do, and what was broken off half-way is begun anew.
mod store;

use kernel::TenantId;
use kernel::catalogue::Catalogue;
use kernel::{Error, Result};

/// The kind of the job.
pub const KIND: &str = "custom_index";

/// Makes what is missing and drops what is not wanted any more. `url`: straight to the server, as the owner of the tables.
pub fn settle(url: &str, tenant: TenantId, noun: &'static Catalogue) -> Result<()> {
    let mut conn = store::owner(url)?;
    let changed = store::settle(&mut conn, tenant, noun).map_err(|error| match error.kind() {
        kernel::Kind::Internal => Error::from(kernel::error::BUSY)
            .detail(kernel::text!(
                "the index could not be built: its tables belong to somebody else, or it was broken off"
            ))
            .source(error),
        _ => error,
    })?;
    if changed { store::analyze(&mut conn, noun) } else { Ok(()) }
}
