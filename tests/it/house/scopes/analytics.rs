//! What goes past its scope in `analytics`.
use super::Past;

pub const PAST: &[Past] = &[
    ("analytics/src/dashboard/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "analytics/src/schedule/log.rs",
        "list clear",
        "parts of a schedule, whose list asks for it; what is old is cleared of all tenants",
    ),
    (
        "analytics/src/schedule/store.rs",
        "batch people_of address held set_next pause",
        "`Db::load` asks of each row whether it is seen; the clock sends what is due whoever sees it, to people who are there",
    ),
    ("analytics/src/report/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
];
