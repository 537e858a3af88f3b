//! What goes past its scope in `analytics`.
use super::Past;

pub const PAST: &[Past] = &[
    ("analytics/src/dashboard/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "analytics/src/schedule/run/store.rs",
        "list clear",
        "parts of a schedule, whose list asks for it; what is old is cleared of all tenants",
    ),
    (
        "analytics/src/schedule/store.rs",
        "batch people_of address held set_next pause",
        "`Db::load` asks of each row whether it is seen; the clock sends what is due whoever sees it, to people who are there",
    ),
    ("analytics/src/report/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("analytics/src/association/rule/store.rs", "list", "parts of a run, whose list asks for it, or that is at work"),
    (
        "analytics/src/classification/store.rs",
        "list now_of",
        "parts of an account that was asked for, or whose list asks for it",
    ),
    (
        "analytics/src/classification/store.rs",
        "counts end_all",
        "of all customers, whoever sees them: a run looks at them all",
    ),
    ("analytics/src/facts/store.rs", "zone", "the tenant's own day and money"),
    (
        "analytics/src/label/account/store.rs",
        "of_all take take_manual take_all",
        "what accounts are called that were asked for; a label that goes is taken from all",
    ),
    ("analytics/src/label/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("analytics/src/association/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("analytics/src/segmentation/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "analytics/src/segmentation/run/store.rs",
        "many list held model set_job start set_model set_moved end batch",
        "parts of a segmentation that was asked for, whose list asks for it, or that a worker has in hand",
    ),
];
