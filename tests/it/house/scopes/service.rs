//! What goes past its scope in `service`.
use super::Past;

pub const PAST: &[Past] = &[
    ("service/src/canned/store.rs", "answerer", "the caller themselves"),
    ("service/src/canned/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("service/src/kb/portal/store.rs", "called open", "a visitor names no tenant: the address says whose portal it is"),
    ("service/src/kb/portal/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("service/src/kb/category/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("service/src/kb/article/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "service/src/kb/version/store.rs",
        "within of_all list find update remove submit reject approve publish archive",
        "versions are seen with their article, which was asked for before",
    ),
    (
        "service/src/kb/feedback/store.rs",
        "of_all list find",
        "what was said of an article is seen with it, which was asked for before",
    ),
    ("service/src/kb/reading/store.rs", "open", "what is published in a portal that is open to everybody"),
    ("service/src/kb/tally/store.rs", "keep_reads keep_searches", "what was counted says whose it is"),
    (
        "service/src/kb/tally/store.rs",
        "figures views verdicts searches",
        "figures of a portal or an article, which was asked for before",
    ),
    ("service/src/survey/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "service/src/survey/response/store.rs",
        "of_all list find was_asked take_up waiting add_hash sent cancel answer asked_between",
        "responses are seen with their contact, who was asked for before, or a token says whose they are",
    ),
    ("service/src/survey/response/store.rs", "by_token", "a token says whose it is"),
    ("service/src/survey/response/store.rs", "letterhead", "the tenant itself"),
];
