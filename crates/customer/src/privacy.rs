//! What the tables of the wing tell about whom. An account may be a person; so all that describes one is personal.
mod coming;

use platform::privacy::Data::{Derived, Identifier, Personal, Secret, Sensitive, Statistic, Technical};
use platform::privacy::Erasure::{Anew, Empty, Keep, Null, Pseudonym, Row};
use platform::privacy::Whose::{Account, Anyone, Contact, Lead, Nobody, User};
use platform::privacy::{Table, names, table, tag, technical};

pub const TABLES: &[Table] = &[
    ACCOUNTS,
    ACCOUNT_ADDRESSES,
    ACCOUNT_IDENTIFIERS,
    coming::ACCOUNT_LIFECYCLE_CHANGES,
    ACTIVITIES,
    ACTIVITY_LINKS,
    CALENDAR_FEEDS,
    CONSENTS,
    CONSENT_STATES,
    CONTACTS,
    CONTACT_ADDRESSES,
    CONTACT_IDENTIFIERS,
    coming::CONTACT_LIFECYCLE_CHANGES,
    CONTACT_POINTS,
    DUPLICATE_PAIRS,
    EMAIL_CONTENTS,
    EMAIL_MESSAGES,
    EMAIL_PARTICIPANTS,
    FORMS,
    FORM_SUBMISSIONS,
    MEMBERSHIPS,
    TAGS,
    TAGGINGS,
    TASKS,
    TASK_LINKS,
    TASK_REMINDERS,
    VERIFICATIONS,
];

const ACCOUNTS: Table = table(
    "accounts",
    &[
        technical(&["tenant_id", "team_id", "version", "created_at", "updated_at", "deleted_at"]),
        names(Account, &["id"]),
        names(Anyone, &["merged_into_id"]),
        // whoever erases a contact erases the account that is theirs
        names(Contact, &["person_id"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
        tag(Statistic, Account, Keep, &["is_person"]),
        tag(Personal, Account, Pseudonym, &["name"]),
        tag(Personal, Account, Null, &["legal_name", "account_type", "industry", "website", "email"]),
        tag(Personal, Account, Null, &["phone", "phone_text"]),
        tag(Personal, Account, Null, &["employee_count", "annual_revenue_amount", "annual_revenue_currency"]),
        tag(Personal, Account, Null, &["parent_id", "street", "city", "region", "postal_code", "country"]),
        tag(Personal, Account, Null, &["description"]),
        // of a person, it is the number that the state knows them by
        tag(Sensitive, Account, Null, &["tax_number"]),
        tag(Statistic, Account, Keep, &["lifecycle_stage", "rating", "source"]),
        // what a tenant adds tells of whomever the record is about, unless its definition says otherwise
        tag(Personal, Account, Empty, &["custom"]),
        tag(Derived, Account, Anew, &["search"]),
    ],
);

const CONTACTS: Table = table(
    "contacts",
    &[
        technical(&["tenant_id", "team_id", "version", "created_at", "updated_at", "deleted_at"]),
        names(Contact, &["id"]),
        names(Anyone, &["merged_into_id"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
        tag(Personal, Contact, Pseudonym, &["display_name"]),
        tag(Personal, Contact, Null, &["given_name", "family_name", "email", "birth_on", "gender"]),
        tag(Personal, Contact, Null, &["phone", "phone_text"]),
        tag(Personal, Contact, Null, &["account_id", "job_title", "department", "locale", "time_zone", "description"]),
        tag(Statistic, Contact, Keep, &["lifecycle_stage", "source", "do_not_contact"]),
        tag(Personal, Contact, Empty, &["custom"]),
        tag(Derived, Contact, Anew, &["search"]),
    ],
);

/// That somebody has said yes or no stays, for it has to be shown; what shows who it was goes.
const CONSENTS: Table = table(
    "consents",
    &[
        technical(&["tenant_id", "version", "created_at"]),
        names(Contact, &["id", "contact_id"]),
        names(User, &["created_by"]),
        tag(Statistic, Contact, Keep, &["purpose", "channel", "status", "lawful_basis", "occurred_at", "expires_at"]),
        tag(Personal, Contact, Null, &["source"]),
        tag(Personal, Contact, Empty, &["evidence"]),
    ],
);

const CONSENT_STATES: Table = table(
    "consent_states",
    &[
        technical(&["tenant_id"]),
        names(Contact, &["contact_id", "consent_id"]),
        tag(Statistic, Contact, Keep, &["purpose", "channel", "status", "lawful_basis", "occurred_at", "expires_at"]),
    ],
);

const CONTACT_POINTS: Table = table(
    "contact_points",
    &[
        tag(Technical, Nobody, Row, &["tenant_id", "version", "created_at", "updated_at"]),
        tag(Identifier, Contact, Row, &["id", "contact_id"]),
        tag(Personal, Contact, Row, &["kind", "value", "label", "is_primary", "status", "verified_at"]),
        tag(Derived, Contact, Row, &["value_norm"]),
    ],
);

/// Where somebody is found by post, and who takes it there.
const CONTACT_ADDRESSES: Table = table(
    "contact_addresses",
    &[
        tag(Technical, Nobody, Row, &["tenant_id", "version", "created_at", "updated_at"]),
        tag(Identifier, Contact, Row, &["id", "contact_id"]),
        tag(Personal, Contact, Row, &["kind", "label", "recipient", "phone", "phone_text", "is_primary"]),
        tag(Personal, Contact, Row, &["country", "region", "city", "district", "division_code", "postal_code"]),
        tag(Personal, Contact, Row, &["street", "detail", "raw_text"]),
    ],
);

/// Where somebody is found by post, and who takes it there.
const ACCOUNT_ADDRESSES: Table = table(
    "account_addresses",
    &[
        tag(Technical, Nobody, Row, &["tenant_id", "version", "created_at", "updated_at"]),
        tag(Identifier, Account, Row, &["id", "account_id"]),
        tag(Personal, Account, Row, &["kind", "label", "recipient", "phone", "phone_text", "is_primary"]),
        tag(Personal, Account, Row, &["country", "region", "city", "district", "division_code", "postal_code"]),
        tag(Personal, Account, Row, &["street", "detail", "raw_text"]),
    ],
);

/// Which two are probably one, and by which fields: the row goes with either.
const DUPLICATE_PAIRS: Table = table(
    "duplicate_pairs",
    &[
        tag(Technical, Nobody, Row, &["tenant_id", "id", "resource", "status", "version", "created_at", "updated_at"]),
        tag(Technical, Nobody, Row, &["score", "reasons"]),
        tag(Identifier, Anyone, Row, &["record_id", "other_id"]),
    ],
);

/// That there was a mail stays. Whose it is, is known by the contact, or by the address of its sender.
const EMAIL_MESSAGES: Table = table(
    "email_messages",
    &[
        technical(&["tenant_id", "team_id", "thread_id", "received_at", "size", "attachment_count"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(Contact, &["id", "contact_id"]),
        names(Account, &["account_id"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
        tag(Personal, Contact, Pseudonym, &["message_key"]),
        tag(Personal, Contact, Empty, &["reference_keys"]),
        tag(Personal, Contact, Null, &["subject", "preview", "sent_at"]),
        tag(Personal, Anyone, Null, &["from_name", "from_address"]),
        tag(Derived, Contact, Anew, &["search"]),
    ],
);

const EMAIL_CONTENTS: Table = table(
    "email_contents",
    &[
        tag(Technical, Nobody, Row, &["tenant_id"]),
        tag(Identifier, Contact, Row, &["message_id"]),
        tag(Personal, Contact, Row, &["text", "html", "attachments"]),
    ],
);

/// Whom a mail went to: whoever is erased goes from the list, and the mail stays with its sender.
const EMAIL_PARTICIPANTS: Table = table(
    "email_participants",
    &[
        tag(Technical, Nobody, Row, &["tenant_id", "position", "kind"]),
        tag(Identifier, Contact, Row, &["message_id"]),
        tag(Personal, Anyone, Row, &["name", "address"]),
    ],
);

/// Who works for whom: the row tells of both, and goes with either.
const MEMBERSHIPS: Table = table(
    "memberships",
    &[
        tag(Technical, Nobody, Row, &["tenant_id", "version", "created_at", "updated_at"]),
        tag(Identifier, Contact, Row, &["id", "contact_id"]),
        tag(Identifier, Account, Row, &["account_id"]),
        tag(Personal, Contact, Row, &["role", "is_primary", "started_on", "ended_on"]),
    ],
);

/// The numbers that the state knows somebody by; only who may reveal them sees more than their ends.
const CONTACT_IDENTIFIERS: Table = table(
    "contact_identifiers",
    &[
        tag(Technical, Nobody, Row, &["tenant_id", "version", "created_at", "updated_at"]),
        tag(Technical, Nobody, Row, &["sealed_key_id", "fingerprint_key_id"]),
        tag(Identifier, Contact, Row, &["id", "contact_id"]),
        tag(Sensitive, Contact, Row, &["kind", "hint", "label", "issued_on", "expires_on"]),
        tag(Secret, Contact, Row, &["sealed"]),
        tag(Derived, Contact, Row, &["fingerprint"]),
    ],
);

/// The numbers that the state knows somebody by; only who may reveal them sees more than their ends.
const ACCOUNT_IDENTIFIERS: Table = table(
    "account_identifiers",
    &[
        tag(Technical, Nobody, Row, &["tenant_id", "version", "created_at", "updated_at"]),
        tag(Technical, Nobody, Row, &["sealed_key_id", "fingerprint_key_id"]),
        tag(Identifier, Account, Row, &["id", "account_id"]),
        tag(Sensitive, Account, Row, &["kind", "hint", "label", "issued_on", "expires_on"]),
        tag(Secret, Account, Row, &["sealed"]),
        tag(Derived, Account, Row, &["fingerprint"]),
    ],
);

/// What was said to somebody goes with them, even where others were there; that something was done stays.
const ACTIVITIES: Table = table(
    "activities",
    &[
        technical(&["tenant_id", "team_id", "version", "created_at", "updated_at", "deleted_at"]),
        names(Contact, &["id", "links"]),
        names(Anyone, &["record_ids"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
        tag(Statistic, Contact, Keep, &["kind", "direction", "started_at", "ended_at"]),
        tag(Personal, Contact, Null, &["subject", "body", "outcome"]),
        tag(Personal, Anyone, Empty, &["participants"]),
        tag(Personal, Contact, Empty, &["custom"]),
        tag(Derived, Contact, Anew, &["search"]),
    ],
);

const ACTIVITY_LINKS: Table = table(
    "activity_links",
    &[technical(&["tenant_id", "resource", "occurred_at"]), names(Anyone, &["activity_id", "record_id"])],
);

const CALENDAR_FEEDS: Table =
    table("calendar_feeds", &[technical(&["tenant_id", "id", "created_at"]), names(User, &["user_id"])]);

const TAGS: Table = table(
    "tags",
    &[
        technical(&["tenant_id", "id", "name", "name_key", "color", "description", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

/// What somebody is sorted by says something of them.
const TAGGINGS: Table = table(
    "taggings",
    &[
        tag(Technical, Nobody, Row, &["tenant_id", "resource", "created_at", "created_by"]),
        tag(Identifier, Anyone, Row, &["record_id"]),
        tag(Personal, Contact, Row, &["tag_id", "source"]),
    ],
);

const TASKS: Table = table(
    "tasks",
    &[
        technical(&["tenant_id", "team_id", "version", "created_at", "updated_at", "deleted_at"]),
        technical(&["due_at", "due_on", "time_zone", "recurrence", "series_id", "series_starts_at", "next_task_id"]),
        technical(&["reminders", "reminded_at"]),
        names(Contact, &["id", "links"]),
        names(Anyone, &["record_ids"]),
        names(User, &["assignee_id", "created_by", "updated_by"]),
        tag(Statistic, Contact, Keep, &["status", "priority", "completed_at"]),
        tag(Personal, Contact, Pseudonym, &["subject"]),
        tag(Personal, Contact, Null, &["description"]),
        tag(Personal, Contact, Empty, &["custom"]),
        tag(Derived, Contact, Anew, &["search"]),
    ],
);

const TASK_LINKS: Table = table(
    "task_links",
    &[technical(&["tenant_id", "resource", "occurred_at"]), names(Anyone, &["task_id", "record_id"])],
);

const TASK_REMINDERS: Table = table("task_reminders", &[technical(&["tenant_id", "task_id", "position", "remind_at"])]);
const FORMS: Table = table(
    "forms",
    &[
        technical(&["tenant_id", "id", "name", "status", "makes", "fields", "thank_you", "redirect_url"]),
        technical(&["allowed_origins", "has_double_opt_in", "least_seconds", "phone_region", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["user_id", "created_by", "updated_by"]),
    ],
);

/// What somebody has filled in goes as a whole, whoever else it names.
const FORM_SUBMISSIONS: Table = table(
    "form_submissions",
    &[
        tag(Technical, Nobody, Row, &["tenant_id", "form_id", "team_id", "status", "token_key", "version"]),
        tag(Technical, Nobody, Row, &["created_at", "updated_at", "deleted_at", "confirmed_at"]),
        tag(Identifier, Contact, Row, &["id", "contact_id"]),
        tag(Identifier, Lead, Row, &["lead_id"]),
        tag(Identifier, User, Row, &["owner_id", "created_by", "updated_by"]),
        tag(Personal, Anyone, Row, &["answers", "suggestions", "waiting"]),
        tag(Personal, Contact, Row, &["utm", "referrer", "address", "user_agent", "language"]),
        tag(Derived, Contact, Row, &["search"]),
    ],
);

/// That something was sent to somebody, and what: they are gone in a day.
const VERIFICATIONS: Table = table(
    "verifications",
    &[
        tag(Technical, Nobody, Row, &["tenant_id", "method", "tries", "expires_at", "used_at", "created_at"]),
        tag(Technical, Nobody, Row, &["sent_at", "failed_at", "failure"]),
        tag(Identifier, Contact, Row, &["id", "contact_id", "contact_point_id", "form_submission_id"]),
        tag(Identifier, Lead, Row, &["lead_id"]),
        tag(Identifier, User, Row, &["created_by"]),
        tag(Personal, Contact, Row, &["language"]),
        tag(Personal, Lead, Row, &["email"]),
        tag(Secret, Contact, Row, &["hash"]),
    ],
);
