//! A table is reached through `scope`, which holds the tenant and who may see the row. Whatever goes past it is listed
//! here with its reason, and holds the tenant itself; the list may only shrink.
use crate::support::files::rust;
use std::collections::BTreeMap;

/// File, functions, and why they may.
const PAST_SCOPE: &[(&str, &str, &str)] = &[
    (
        "customer/src/account/address/store.rs",
        "of list find update remove demote",
        "parts of an account that was asked for, or whose list asks for it",
    ),
    (
        "customer/src/contact/address/store.rs",
        "of list find update remove demote",
        "parts of a contact that was asked for, or whose list asks for it",
    ),
    (
        "customer/src/account/lifecycle/store.rs",
        "of_all list list_of since taken forget",
        "parts of an account that was asked for, or whose list asks for it",
    ),
    ("customer/src/account/lifecycle/store.rs", "standing hold", "what happens elsewhere moves it on whoever sees it"),
    (
        "customer/src/contact/lifecycle/store.rs",
        "of_all list list_of since taken forget",
        "parts of a contact that was asked for, or whose list asks for it",
    ),
    ("customer/src/contact/lifecycle/store.rs", "standing hold", "what happens elsewhere moves it on whoever sees it"),
    ("customer/src/account/import/mod.rs", "remove", "what an import made, for whoever may purge"),
    (
        "customer/src/account/identifier/store.rs",
        "of find update remove sealed",
        "parts of an account that was asked for",
    ),
    (
        "customer/src/account/identifier/store.rs",
        "holders",
        "a number is known whoever sees it; those who are, are asked for",
    ),
    (
        "customer/src/contact/identifier/store.rs",
        "of find update remove sealed",
        "parts of a contact that was asked for",
    ),
    (
        "customer/src/contact/identifier/store.rs",
        "holders",
        "a number is known whoever sees it; those who are, are asked for",
    ),
    (
        "customer/src/consent/store.rs",
        "list find of page_of newest was_said pending words effective forget purposes",
        "parts of a contact that was asked for",
    ),
    (
        "customer/src/duplicate/store.rs",
        "find list set_dismissed known",
        "pairs, of which `seen` keeps those of records that are seen",
    ),
    ("customer/src/account/store.rs", "above", "accounts stand above each other whoever sees them"),
    ("customer/src/account/person/store.rs", "held say whose lives pairs", "the account of a held contact follows it"),
    ("customer/src/contact/store.rs", "lock_any", "of one whose account is asked for next, by its own rules"),
    ("customer/src/form/store.rs", "open", "a visitor names a form, and has no rights"),
    ("customer/src/form/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("customer/src/form/submission/store.rs", "is_used", "a token is good once, whoever sees what came of it"),
    (
        "customer/src/form/submission/store.rs",
        "of_lead set_whose",
        "of a lead that is locked, whoever sees what came of it",
    ),
    ("customer/src/form/submission/store.rs", "set_confirmed", "a link says itself whose it is"),
    (
        "customer/src/form/submission/store.rs",
        "of_people",
        "people, of which `scope` keeps the submissions that are seen",
    ),
    ("customer/src/form/submission/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "customer/src/verification/store.rs",
        "asked_since of_point waiting set_hash sent failed last_code good tried used clear",
        "a link says itself whose it is; a code is of a point that was asked for",
    ),
    ("customer/src/account/store.rs", "set_words", "of a row that was changed a moment ago, perhaps out of sight"),
    ("customer/src/contact/store.rs", "set_words", "of a row that was changed a moment ago, perhaps out of sight"),
    ("customer/src/account/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("customer/src/contact/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("customer/src/contact/store.rs", "of_account", "memberships, of which `scope` keeps the contacts that are seen"),
    (
        "customer/src/contact/store.rs",
        "points list_points point respell update_point verify_point remove_point demote promote remove_primary",
        "parts of a contact that was asked for",
    ),
    ("customer/src/contact/store.rs", "at_addresses", "points, of which `scope` keeps the contacts that are seen"),
    ("customer/src/activity/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("customer/src/activity/store.rs", "set_words", "of a row that was changed a moment ago, perhaps out of sight"),
    (
        "customer/src/activity/store.rs",
        "of_record attended",
        "links, of which `scope` keeps the activities that are seen",
    ),
    ("customer/src/activity/store.rs", "latest", "when something was done, whoever sees what"),
    ("customer/src/calendar/store.rs", "remove is_good", "a link is its user's alone, and says itself whose it is"),
    ("customer/src/tag/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "customer/src/link/carry/store.rs",
        "activities relink_activity tasks relink_task",
        "what had to do with a record that is locked has to do with what it has become, whoever sees it",
    ),
    ("customer/src/tag/tagging/store.rs", "of_all take copy", "of records that were asked for"),
    ("customer/src/task/reminder/store.rs", "fire tell", "by the clock, for all"),
    ("customer/src/task/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("customer/src/task/store.rs", "set_words", "of a row that was changed a moment ago, perhaps out of sight"),
    ("customer/src/task/store.rs", "of_record open_of", "links, of which `scope` keeps the tasks that are seen"),
    ("customer/src/email_message/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("customer/src/email_message/store.rs", "of_record", "one's own or the account's, below `scope`"),
    ("customer/src/email_message/store.rs", "content", "what a message says that was asked for"),
    (
        "customer/src/email_message/thread/store.rs",
        "called of answers join",
        "a mail is one, and answers another, whoever sees them",
    ),
    (
        "customer/src/membership.rs",
        "list find of_contacts of_pair change remove set_primary",
        "parts of a contact that was asked for",
    ),
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
    ("sales/src/exchange_rate/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "sales/src/opportunity/contact/store.rs",
        "of_all list find pair demote update remove",
        "parts of an opportunity that was asked for, or whose list asks for it",
    ),
    (
        "sales/src/opportunity/history/store.rs",
        "of_all list",
        "parts of an opportunity that was asked for, or whose list asks for it",
    ),
    (
        "sales/src/opportunity/line/store.rs",
        "of_all list any replace",
        "parts of an opportunity that was asked for, or whose list asks for it",
    ),
    ("sales/src/opportunity/summary/store.rs", "with_contact totals", "what stands beside opportunities below `scope`"),
    ("sales/src/opportunity/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("sales/src/opportunity/store.rs", "set_words", "of a row that was changed a moment ago, perhaps out of sight"),
    (
        "sales/src/opportunity/moving/store.rs",
        "cards set_rank",
        "cards stand before and behind each other whoever sees them",
    ),
    (
        "sales/src/opportunity/rotting/store.rs",
        "take held set rot",
        "the clock of what lies in a stage goes on whoever sees it; the row is locked",
    ),
    (
        "sales/src/others/store.rs",
        "base_currency clock letterhead without_pipeline users_at teams_called time_zones team_tree living is_queue \
         living_teams people_of teams_of",
        "what is not the wing's own: a name that a file says, the tenant's money, and whoever has no pipeline yet",
    ),
    (
        "sales/src/forecast/change/store.rs",
        "last pairs take forget",
        "nights, which `scope` stands beside; they are taken of all",
    ),
    ("sales/src/forecast/store.rs", "sums", "stages beside `scope`"),
    ("sales/src/forecast/store.rs", "kept", "sums of what is seen: the same predicate stands beside them"),
    ("sales/src/opportunity/board/store.rs", "kept", "sums of what is seen: the same predicate stands beside them"),
    (
        "sales/src/quote/line/store.rs",
        "of_all list replace",
        "parts of a quote that was asked for, or whose list asks for it",
    ),
    (
        "sales/src/quote/approval/store.rs",
        "of_all list end",
        "parts of a quote that was asked for or is locked, or whose list asks for it",
    ),
    (
        "sales/src/quote/link/store.rs",
        "of_all list find revoke decide waiting add_hash good",
        "parts of a quote that was asked for, or whose list asks for it; a token says itself whose it is",
    ),
    ("sales/src/quote/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "sales/src/quote/store.rs",
        "set_words is_taken without_offspring",
        "of a row that was changed a moment ago; numbers and what came of it are what they are, whoever sees them",
    ),
    (
        "sales/src/milestone/store.rs",
        "leads opportunities quotes contracts payments installments",
        "what records below `scope` have come to",
    ),
    ("sales/src/quote/moving/store.rs", "expire approval_discount", "the clock and the tenant's rule are nobody's"),
    ("sales/src/contract/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "sales/src/contract/store.rs",
        "set_paid set_waived set_words is_taken of_quote",
        "of a row that is locked; numbers are unique whoever sees them, and a contract comes of a quote once",
    ),
    ("sales/src/contract/moving/store.rs", "held settle tell_expiring", "what the clock has locked is nobody's"),
    ("sales/src/contract/import/store.rs", "free", "what hangs on a contract does so whoever sees it"),
    (
        "sales/src/contract/summary/store.rs",
        "overdue_of overdue next_due",
        "parts of contracts that were asked for by `scope`",
    ),
    (
        "sales/src/contract/installment/store.rs",
        "of_all list find any due lock_of replace update waive unwaive set_paid",
        "parts of a contract that was asked for or is locked, or whose list asks for it",
    ),
    ("sales/src/contract/installment/clock/store.rs", "set_due tell_overdue", "what the clock has locked is nobody's"),
    ("sales/src/payment/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "sales/src/payment/store.rs",
        "set_matched set_words free",
        "of a row that is locked, perhaps out of sight; what has paid something has done so whoever sees it",
    ),
    (
        "sales/src/payment/matches/store.rs",
        "of_all list contracts_of lock_contracts take",
        "parts of a payment that was asked for, or whose list asks for it; what it paid is taken back whoever sees that",
    ),
    ("sales/src/lead/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("sales/src/lead/store.rs", "set_words settle", "of a row that was changed a moment ago, perhaps out of sight"),
    ("sales/src/lead/score/store.rs", "entries sums", "parts of a lead that was asked for, or written a moment ago"),
    ("sales/src/lead/from_form/store.rs", "open_at", "one lead an address, whoever sees it; a visitor is told nothing"),
    (
        "sales/src/lead/pooling/store.rs",
        "held write uncover",
        "what somebody has in hand is counted whoever sees it; of a row that is locked",
    ),
    (
        "sales/src/lead/pooling/recycle/store.rs",
        "found",
        "what lay still is looked for whoever sees it; the row is locked",
    ),
    (
        "sales/src/pool/event/store.rs",
        "of claims_since",
        "parts of a lead that was asked for; what the caller has taken is counted whoever sees it",
    ),
    ("sales/src/pool/store.rs", "has_leads", "a queue has leads whoever sees them"),
    ("sales/src/pool/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("sales/src/lead/response/store.rs", "tell", "promises are looked after whoever sees them"),
    (
        "sales/src/lead/conversion/store.rs",
        "take account contact opportunity contacts_of deals_of deals_with orders_of quotes_of contracts_of payments_of \
         done_since to_do_since",
        "what stands in the way of taking back does so whoever sees it; the lead is locked",
    ),
    ("sales/src/assignment/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("sales/src/assignment/store.rs", "last", "what was said of a lead that was asked for"),
    ("sales/src/assignment/turn/store.rs", "last take set in_hand", "turns are fair whoever sees whose leads"),
    ("sales/src/territory/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("sales/src/score_rule/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("sales/src/quota/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("sales/src/pipeline/stage/store.rs", "meant begun", "stages below `scope`, of a pipeline that is not archived"),
    ("sales/src/pipeline/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    (
        "sales/src/order/import/line.rs",
        "last_places orders_with_lines remove",
        "parts of orders that the import has locked",
    ),
    (
        "sales/src/order/line/store.rs",
        "of list find within",
        "parts of an order that was asked for, or whose list asks for it",
    ),
    ("sales/src/order/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("sales/src/order/store.rs", "set_words", "of a row that was changed a moment ago, perhaps out of sight"),
    ("sales/src/order/store.rs", "is_taken of of_quote", "a number is unique whoever sees it; orders below `scope`"),
    (
        "sales/src/price_book/entry/store.rs",
        "of_all list find within",
        "parts of a book that was asked for, or whose list asks for it",
    ),
    ("sales/src/price_book/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
    ("sales/src/product/store.rs", "batch", "`Db::load` asks of each row whether it is seen"),
];

/// The functions of the wings that name a table, but for `scope` itself and what only inserts; with their text.
fn past_scope() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let wings = ["crates/customer", "crates/sales", "crates/identity", "crates/service", "crates/marketing"];
    for file in rust().into_iter().filter(|file| wings.iter().any(|wing| file.path.starts_with(wing))) {
        if file.path.contains("tests") || file.path.ends_with("schema.rs") {
            continue;
        }
        for (name, body) in functions(&file.code()) {
            let names =
                |line: &str| line.contains("::table") && !line.contains("insert_into(") && !line.contains("Listing<");
            if name != "scope" && body.lines().any(names) {
                found.insert(format!("{}::{name}", file.path.trim_start_matches("crates/")), body);
            }
        }
    }
    found
}

/// Each function with its text.
fn functions(code: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for line in code.lines() {
        let words = line.trim_start();
        let words =
            words.trim_start_matches("pub(super) ").trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        if let Some(rest) = words.trim_start_matches("async ").strip_prefix("fn ") {
            all.push((rest.split(['(', '<']).next().unwrap_or_default().to_owned(), String::new()));
        } else if line.starts_with("impl") || line.starts_with("use ") || line.starts_with("pub use ") {
            all.push((String::new(), String::new()));
        }
        if let Some((name, body)) = all.last_mut().filter(|(name, _)| !name.is_empty()) {
            let _ = name;
            body.push_str(line);
            body.push('\n');
        }
    }
    all
}

#[test]
fn tables_are_reached_through_scope() {
    let names = |(file, names, _): &(&str, &str, &str)| -> Vec<String> {
        names.split_whitespace().map(|name| format!("{file}::{name}")).collect()
    };
    let listed: Vec<String> = PAST_SCOPE.iter().flat_map(names).collect();
    let found = past_scope();
    let new: Vec<&String> = found.keys().filter(|name| !listed.contains(name)).collect();
    assert!(new.is_empty(), "a table is named past its scope: {new:#?}");
    let gone: Vec<&String> = listed.iter().filter(|name| !found.contains_key(*name)).collect();
    assert!(gone.is_empty(), "these need no exception any more: {gone:#?}");
}

/// Whatever goes past the scope keeps to the tenant all the same.
#[test]
fn whatever_goes_past_the_scope_keeps_to_the_tenant() {
    let without = [
        "identity/src/found.rs::is_empty",                // there is none yet
        "sales/src/order/store.rs::of",                   // stands on `scope`
        "customer/src/email_message/store.rs::of_record", // likewise
        "identity/src/credential/attempts/store.rs::of",  // a login names none
        "identity/src/credential/attempts/store.rs::forget",
        "identity/src/credential/attempts/store.rs::clear",
        "identity/src/link/store.rs::clear", // what has expired, of all
        "identity/src/sso/pending/store.rs::clear",
        "customer/src/verification/store.rs::clear",
    ];
    let found = past_scope();
    let loose: Vec<&String> = found
        .iter()
        .filter(|(name, body)| !body.contains("tenant") && !without.contains(&name.as_str()))
        .map(|(name, _)| name)
        .collect();
    assert!(loose.is_empty(), "no tenant: {loose:#?}");
}
