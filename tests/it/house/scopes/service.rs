//! What goes past its scope in `service`.
use super::Past;

pub const PAST: &[Past] = &[
    ("service/src/case/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("service/src/case/store.rs", "set_words", "of a row that was changed a moment ago, perhaps out of sight"),
    ("service/src/case/store.rs", "is_taken above", "numbers and the tree are so whoever sees the cases"),
    (
        "service/src/case/message/store.rs",
        "of_all list find newest_mail among known said moved hold give reckon said_to",
        "parts of a case that was asked for or is locked, or whose list asks for it",
    ),
    (
        "service/src/case/message/letter/store.rs",
        "waiting references set_delivery",
        "a worker sends what was said, whoever sees it",
    ),
    (
        "service/src/case/message/mail/store.rs",
        "answered numbered is_named",
        "which case a mail answers is so whoever brings it in",
    ),
    ("service/src/case/milestone/store.rs", "of", "what stands beside cases below `scope`"),
    ("service/src/category/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("service/src/inbox/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("service/src/inbox/store.rs", "address_of", "where answers go, as a worker writes it"),
    ("service/src/auto_reply/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "service/src/others/store.rs",
        "is_queue letterhead name_of",
        "what is not the wing's own: queues, and who writes",
    ),
    (
        "service/src/case_sla/store.rs",
        "of_all list held facts update told tell",
        "parts of a case that was asked for or is locked, or whose list asks for it",
    ),
    ("service/src/case_sla/clock/store.rs", "take come_to", "what the clock has locked is nobody's"),
    (
        "service/src/escalation/store.rs",
        "of_all list asked escalate",
        "parts of a case that was asked for or is locked, or whose list asks for it",
    ),
    (
        "service/src/people/store.rs",
        "time_zone living living_teams living_roles people_of people_with managers_of people_at",
        "what is not the wing's own: where the tenant is, and who works there",
    ),
    ("service/src/service_level/store.rs", "statuses said promises", "what stands at cases below `scope`"),
    ("service/src/business_calendar/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("service/src/sla_policy/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("service/src/escalation_rule/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
];
