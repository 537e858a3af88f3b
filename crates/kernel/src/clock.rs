//! The one place that looks at the clock. A door asks once a request and puts the answer in `Ctx`; tests hold it there.
use chrono::{DateTime, SubsecRound, Utc};

/// Now, to the microsecond: what PostgreSQL keeps, so that what is answered equals what is read back later.
#[allow(clippy::disallowed_methods)]
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}
