//! What goes past its scope in `service`.
use super::Past;

pub const PAST: &[Past] = &[
    ("service/src/agent/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("service/src/agent/store.rs", "last_seen", "what stands beside agents that were asked for"),
    ("service/src/qa/evaluation/sample/store.rs", "drawn", "evaluations beside cases below `scope`"),
    ("service/src/qa/evaluation/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("service/src/qa/evaluation/store.rs", "step", "of a row that is locked"),
    ("service/src/qa/scorecard/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "service/src/routing/giving/store.rs",
        "waiting late held_of found give hurry tried remember set_due over",
        "cases are given out whoever sees them; what is changed is locked",
    ),
    ("service/src/routing/ground/store.rs", "last in_hand", "turns are fair whoever sees whose cases"),
    ("service/src/routing/log/store.rs", "of", "parts of a case that was asked for"),
    ("service/src/routing/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("service/src/skill/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "service/src/staff/store.rs",
        "persons is_queue serving teams_of",
        "what is not the wing's own: whether somebody is there, and who serves a queue",
    ),
];
