//! Records of the wing that become one: what points at them, and how they are parted again.
use crate::account::Account;
use crate::contact::Contact;
use kernel::{Ctx, Error, MergeId, Noun, Result};
use platform::Conn;
use platform::merge::{self, Merge, Reference, Way};
use serde_json::{Map, Value};

/// What the wing's tables say of accounts and contacts.
pub const REFERENCES: &[Reference] = &[
    Reference::of("account", "account_addresses", "account_id").led("is_primary").way(Way::Follows),
    Reference::of("account", "account_identifiers", "account_id").once(&["kind", "fingerprint"]),
    Reference::of("account", "account_lifecycle_changes", "account_id"),
    Reference::of("account", "accounts", "merged_into_id").way(Way::Stays),
    Reference::of("account", "accounts", "parent_id").told("account", "id"),
    Reference::of("account", "contacts", "account_id").told("contact", "id"),
    Reference::of("account", "email_messages", "account_id").told("email_message", "id"),
    Reference::of("account", "memberships", "account_id")
        .once(&["contact_id"])
        .led("is_primary")
        .told("contact", "contact_id")
        .way(Way::MovesOrGoes),
    Reference::any("activities", "links").told("activity", "id").way(Way::Listed {
        by: "activity_links",
        of: "activity_id",
        lists: &["links", "participants"],
    }),
    Reference::any("activity_links", "record_id").way(Way::Stays),
    Reference::any("duplicate_pairs", "other_id").way(Way::Stays),
    Reference::any("duplicate_pairs", "record_id").way(Way::Stays),
    Reference::any("taggings", "record_id").keyed(&["tag_id"]).once(&["tag_id"]),
    Reference::any("task_links", "record_id").way(Way::Stays),
    Reference::any("tasks", "links").told("task", "id").way(Way::Listed {
        by: "task_links",
        of: "task_id",
        lists: &["links"],
    }),
    // somebody is one account: of several the first moves, and the others become one with it
    Reference::of("contact", "accounts", "person_id").once(&["is_person"]).told("account", "id"),
    Reference::of("contact", "consent_states", "contact_id").way(Way::Stays),
    Reference::of("contact", "consents", "contact_id"),
    Reference::of("contact", "contact_addresses", "contact_id").led("is_primary").way(Way::Follows),
    Reference::of("contact", "contact_identifiers", "contact_id").once(&["kind", "fingerprint"]),
    Reference::of("contact", "contact_lifecycle_changes", "contact_id"),
    Reference::of("contact", "contact_points", "contact_id")
        .once(&["kind", "value_norm"])
        .led("is_primary")
        .way(Way::Follows),
    Reference::of("contact", "contacts", "merged_into_id").way(Way::Stays),
    Reference::of("contact", "email_messages", "contact_id").told("email_message", "id"),
    Reference::of("contact", "form_submissions", "contact_id").told("form_submission", "id"),
    Reference::of("contact", "memberships", "contact_id").once(&["account_id"]).led("is_primary").way(Way::Follows),
    Reference::of("contact", "verifications", "contact_id"),
];

/// A patch, and apart what its number was given as, which no body says by itself.
#[allow(clippy::option_option)] // as every patch has it
pub(crate) fn without_text(mut patch: Map<String, Value>) -> (Map<String, Value>, Option<Option<String>>) {
    let text = patch.remove("phone_text").map(|text| text.as_str().map(str::to_owned));
    (patch, text)
}

/// Parts what became one, whichever noun it is of.
pub fn undo(conn: &mut Conn, ctx: &Ctx, id: MergeId) -> Result<Merge> {
    let found = merge::find(conn, ctx, id)?;
    match found.resource.as_str() {
        Account::NAME => merge::undo::<Account>(conn, ctx, &found),
        Contact::NAME => merge::undo::<Contact>(conn, ctx, &found),
        other => Err(Error::internal(format!("no record of {other} becomes one with another"))),
    }
}
