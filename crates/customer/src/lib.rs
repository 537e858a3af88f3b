//! The customer wing: whom the business is with, and how to reach them.
pub mod account;
pub mod activity;
pub mod address;
mod beside;
pub mod calendar;
pub mod choices;
pub mod consent;
pub mod contact;
pub mod duplicate;
pub mod email_message;
pub mod form;
pub mod identifier;
pub mod lifecycle;
pub mod link;
pub mod membership;
pub mod merging;
mod privacy;
pub mod rows;
mod schema;
pub mod tag;
pub mod task;
pub mod verification;

pub use merging::REFERENCES;
pub use privacy::TABLES;

use kernel::Code;
use kernel::catalogue::{Catalogue, Echo};

/// The nouns of the wing.
pub const CATALOGUES: &[&Catalogue] = &[
    &account::CATALOGUE,
    &account::address::CATALOGUE,
    &account::identifier::CATALOGUE,
    &account::lifecycle::CATALOGUE,
    &activity::CATALOGUE,
    &consent::CATALOGUE,
    &consent::effective::CATALOGUE,
    &contact::CATALOGUE,
    &contact::address::CATALOGUE,
    &contact::identifier::CATALOGUE,
    &contact::lifecycle::CATALOGUE,
    &contact::point::CATALOGUE,
    &duplicate::CATALOGUE,
    &email_message::CATALOGUE,
    &form::CATALOGUE,
    &form::submission::CATALOGUE,
    &membership::CATALOGUE,
    &tag::CATALOGUE,
    &task::CATALOGUE,
];

/// What the wing seals.
pub const SEALED: &[&platform::vault::Place] = &[&account::identifier::PLACE, &contact::identifier::PLACE];

/// What this wing says to callers, in every language.
pub const TEXTS: &str = include_str!("texts.txt");
/// Members that tell of fields elsewhere: a contact's address and number are points of it, its account a membership.
pub const ECHOES: &[Echo] = &[
    Echo { object: "account", field: "phone_text", of: &[("account", "phone")] },
    Echo { object: "contact", field: "phone_text", of: &[("contact", "phone")] },
    Echo {
        object: "contact_point",
        field: "value",
        of: &[("contact", "email"), ("contact", "phone"), ("contact", "phone_text")],
    },
    Echo { object: "contact_point", field: "value_norm", of: &[("contact_point", "value")] },
    Echo { object: "verification_status", field: "status", of: &[("contact_point", "verified_at")] },
    Echo { object: "verification_status", field: "confirmed_at", of: &[("contact_point", "verified_at")] },
    Echo { object: "contact_point", field: "is_primary", of: &[("contact", "email"), ("contact", "phone")] },
    // an address as a whole tells of its parts
    Echo { object: "account_address", field: "formatted", of: account::address::PLACE },
    Echo { object: "account_address", field: "raw_text", of: account::address::PLACE },
    Echo {
        object: "account_address",
        field: "division_code",
        of: &[("account_address", "region"), ("account_address", "city"), ("account_address", "district")],
    },
    Echo { object: "account_address", field: "phone_text", of: &[("account_address", "phone")] },
    Echo { object: "contact_address", field: "formatted", of: contact::address::PLACE },
    Echo { object: "contact_address", field: "raw_text", of: contact::address::PLACE },
    Echo {
        object: "contact_address",
        field: "division_code",
        of: &[("contact_address", "region"), ("contact_address", "city"), ("contact_address", "district")],
    },
    Echo { object: "contact_address", field: "phone_text", of: &[("contact_address", "phone")] },
    // what holds is the word that decides
    Echo { object: "effective_consent", field: "purpose", of: &[("consent", "purpose")] },
    Echo { object: "effective_consent", field: "channel", of: &[("consent", "channel")] },
    Echo { object: "effective_consent", field: "status", of: &[("consent", "status")] },
    Echo { object: "effective_consent", field: "lawful_basis", of: &[("consent", "lawful_basis")] },
    Echo { object: "effective_consent", field: "occurred_at", of: &[("consent", "occurred_at")] },
    Echo { object: "effective_consent", field: "expires_at", of: &[("consent", "expires_at")] },
    Echo { object: "membership", field: "account_id", of: &[("contact", "account_id")] },
    Echo { object: "membership", field: "is_primary", of: &[("contact", "account_id")] },
    // what a mail says is told by how it begins
    Echo { object: "email_content", field: "text", of: &[("email_message", "preview")] },
    Echo { object: "email_content", field: "html", of: &[("email_message", "preview")] },
    Echo { object: "account_overview", field: "contacts", of: &[("membership", "account_id")] },
    // whoever was there is a link of the activity too
    Echo { object: "activity", field: "links", of: &[("activity", "participants")] },
    Echo { object: "contact_overview", field: "account", of: &[("contact", "account_id")] },
    Echo { object: "contact_overview", field: "person_account", of: &[("account", "person_id")] },
    Echo { object: "account_overview", field: "person", of: &[("account", "person_id")] },
    // what somebody has filled in is theirs by being told of them, and their account's by whom it employs
    Echo { object: "contact_overview", field: "form_submissions", of: &[("form_submission", "contact_id")] },
    Echo {
        object: "account_overview",
        field: "form_submissions",
        of: &[("form_submission", "contact_id"), ("membership", "account_id")],
    },
    // a step on somebody's way tells where they are
    Echo { object: "account_lifecycle_change", field: "from_stage", of: &[("account", "lifecycle_stage")] },
    Echo { object: "account_lifecycle_change", field: "to_stage", of: &[("account", "lifecycle_stage")] },
    Echo { object: "contact_lifecycle_change", field: "from_stage", of: &[("contact", "lifecycle_stage")] },
    Echo { object: "contact_lifecycle_change", field: "to_stage", of: &[("contact", "lifecycle_stage")] },
    Echo { object: "record_tag", field: "name", of: &[("tag", "name")] },
    Echo { object: "record_tag", field: "color", of: &[("tag", "color")] },
    Echo { object: "record_segment", field: "name", of: &[("segment", "name")] },
    Echo { object: "record_segment", field: "kind", of: &[("segment", "kind")] },
    Echo { object: "record_segment", field: "entered_at", of: &[("segment_member", "entered_at")] },
];

/// Of an account that is somebody's, what their contact says.
pub const MIRRORS: &[Echo] = &[
    Echo { object: "account", field: "name", of: &[("contact", "display_name")] },
    Echo { object: "account", field: "email", of: &[("contact", "email")] },
    Echo { object: "account", field: "phone", of: &[("contact", "phone")] },
    Echo { object: "account", field: "phone_text", of: &[("contact", "phone_text")] },
    Echo { object: "account", field: "lifecycle_stage", of: &[("contact", "lifecycle_stage")] },
];

/// The codes that the wing raises.
pub const CODES: &[&[Code]] = &[
    account::CODES,
    consent::CODES,
    contact::CODES,
    email_message::CODES,
    form::CODES,
    tag::CODES,
    verification::CODES,
];
