//! What goes past its scope in `marketing`.
use super::Past;

pub const PAST: &[Past] = &[
    ("marketing/src/attribution/store.rs", "people", "the contacts that are seen, as `scope` has the orders"),
    ("marketing/src/attribution/store.rs", "time_zone", "the tenant's own"),
    (
        "marketing/src/attribution/store.rs",
        "touches costs",
        "parts of contacts, of which `people` keeps those that are seen",
    ),
    ("marketing/src/coupon/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("marketing/src/foreign/store.rs", "products_of", "what a cart calls by its SKU, for whoever may read products"),
    ("marketing/src/foreign/store.rs", "segments_with", "whom a promotion is for is asked by whoever has set it"),
    ("marketing/src/promotion/store.rs", "uses count_use give_back", "how far promotions are used that were asked for"),
    ("marketing/src/promotion/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("marketing/src/redemption/store.rs", "live_of used_by", "limits count what anybody has redeemed"),
    ("marketing/src/redemption/store.rs", "set_status held", "of one that is locked, by its own rules or by the clock"),
    ("marketing/src/redemption/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "marketing/src/touchpoint/store.rs",
        "list find called",
        "parts of a contact that was asked for, or whose list asks for it",
    ),
    ("marketing/src/plan/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("marketing/src/template/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("marketing/src/campaign/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "marketing/src/campaign/store.rs",
        "set_words status_of parent_of has_children",
        "whoever may see it: of one that is held",
    ),
    (
        "marketing/src/campaign/member/store.rs",
        "list find there update remove reach",
        "parts of a campaign that was asked for, or what a mail brings about",
    ),
    (
        "marketing/src/template/store.rs",
        "sender address_of_actor",
        "the tenant's own name, and the caller's own address",
    ),
    ("marketing/src/suppression/store.rs", "among", "an address is suppressed whoever sends to it"),
    (
        "marketing/src/send/store.rs",
        "list many find lock update set delete under_way members among got_lately zone counts give_up",
        "parts of a campaign that was asked for, or what a worker goes on with",
    ),
    ("marketing/src/send/store.rs", "frozen_up_to set_frozen_up_to", "how far a send has come that is held"),
    (
        "marketing/src/delivery/store.rs",
        "list held address_of readdress claim due settle postpone resolve is_over link",
        "parts of a campaign that was asked for, or what a worker goes on with",
    ),
    (
        "marketing/src/delivery/events/store.rs",
        "of count mark",
        "parts of a delivery that was asked for, or whose link somebody has",
    ),
    ("marketing/src/open/store.rs", "sender url", "the link says which delivery, and proves it"),
];
