//! What goes past its scope in `identity`.
use super::Past;

pub const PAST: &[Past] = &[
    ("identity/src/api_key/store.rs", "current entry used count rotate", "who it is is what is asked"),
    ("identity/src/credential/acting.rs", "acting owner", "who it is is what is asked"),
    ("identity/src/credential/attempts/store.rs", "of forget clear is_familiar", "a login names no tenant"),
    ("identity/src/credential/store.rs", "candidates", "a login names no tenant"),
    ("identity/src/link/store.rs", "holder with_email of is_good take clear", "a link says itself whose it is"),
    (
        "identity/src/factor/store.rs",
        "confirmed remove of_user lock passed failed spend challenge challenged met",
        "who it is is what is asked",
    ),
    ("identity/src/sso/provider/store.rs", "keep_secret secret", "of a provider that was asked for"),
    (
        "identity/src/sso/provider/store.rs",
        "open open_in buttons",
        "whoever logs in names a provider, and has no rights yet",
    ),
    ("identity/src/sso/pending/store.rs", "take clear", "a login under way says itself whose it is"),
    ("identity/src/sso/identity/store.rs", "of_user of_subject used remove with_email", "who it is is what is asked"),
    ("identity/src/notice/store.rs", "owners house", "whom the house writes to of its own accord"),
    ("identity/src/found.rs", "is_empty", "there is no tenant yet"),
    ("identity/src/queue/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("identity/src/queue/store.rs", "members remove", "parts of a queue that was asked for"),
    ("identity/src/queue/store.rs", "of_user is_served_by", "what somebody may see is what is asked"),
    (
        "identity/src/role/store.rs",
        "many of_members living people_with lock holders remove",
        "what somebody may do is what is asked",
    ),
    ("identity/src/session/store.rs", "admitted admitted_of lock rotate end living", "who it is is what is asked"),
    ("identity/src/team/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("identity/src/team/store.rs", "of_user tree lock_tree remove_member", "what somebody may see is what is asked"),
    ("identity/src/tenant/store.rs", "own", "everybody sees their own tenant"),
    ("identity/src/user/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "identity/src/user/store.rs",
        "own password by_email members set_words touch",
        "everybody sees themselves; an address is unique whoever sees it",
    ),
];
