//! The names of events, and which of them somebody wants to hear of.
use kernel::catalogue::{Catalogue, Catalogues, Owned};
use kernel::event::{ACCESS_LOST, Verb};
use kernel::{Error, Fault, Result, error, text};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// Nouns whose changes are no events: they change in bulk, are told with the record that they belong to, or are seen by
/// no predicate of their own.
const SILENT: [&str; 9] = [
    "audit_log",
    "duplicate_candidate",
    "external_ref",
    "file",
    "inbound_delivery",
    "job",
    "notification",
    "restriction",
    "webhook_delivery",
];

/// What happens to every noun.
const VERBS: [Verb; 5] = [Verb::Created, Verb::Updated, Verb::Deleted, Verb::Restored, Verb::Purged];

/// What happens to some beyond that.
const FURTHER: [(&str, &[&str]); 15] = [
    ("account", &["classified", "erased", "lifecycle_changed", "merged"]),
    (
        "case",
        &[
            "assigned",
            "closed",
            "merged",
            "message_added",
            "reopened",
            "resolved",
            "sla_warned",
            "sla_breached",
            "escalated",
        ],
    ),
    ("contact", &["erased", "consent_changed", "lifecycle_changed", "merged"]),
    ("contract", &["signed", "expiring", "expired"]),
    ("import", &["completed"]),
    (
        "lead",
        &[
            "assigned",
            "scored",
            "disqualified",
            "reopened",
            "converted",
            "unconverted",
            "responded",
            "response_breached",
            "pooled",
            "claimed",
            "returned",
            "recycled",
            "erased",
        ],
    ),
    ("legal_hold", &["released"]),
    ("opportunity", &["stage_changed", "won", "lost", "reopened", "rotting"]),
    ("privacy_request", &["verified", "started", "gathered", "downloaded", "completed", "rejected", "lifted"]),
    ("quote", &["sent", "accepted", "rejected", "expired"]),
    ("retention_policy", &["started", "completed"]),
    ("segment", &["built", "failed"]),
    ("task", &["completed", "reopened", "reminded"]),
    ("user", &["erased"]),
    ("webhook_endpoint", &["enabled", "disabled"]),
];

/// What happens to whatever may have tags.
const SORTED: [Verb; 2] = [Verb::Tagged, Verb::Untagged];
/// Parts that are told by themselves, and what happens to them: a word once written is all that ever does; who is in a
/// segment comes and goes; what is due was not paid in time, or is
/// to be paid no more.
const TOLD_PARTS: [(&str, &[&str]); 4] = [
    ("consent", &["changed"]),
    ("installment", &["overdue", "waived"]),
    ("segment_member", &["entered", "left"]),
    ("survey_response", &["created", "responded"]),
];

/// Whether what happens to a noun is told: what is part of a record is told with it, as a change of the record.
pub fn is_told(noun: &Catalogue) -> bool {
    let is_part = matches!(noun.owned, Owned::Part { .. });
    (!is_part || TOLD_PARTS.iter().any(|(part, _)| *part == noun.noun)) && !SILENT.contains(&noun.noun)
}

/// Whether nothing tells of what happens to a noun, not even an event of its whole.
pub(crate) fn is_silent(noun: &Catalogue) -> bool {
    SILENT.contains(&noun.noun)
}

/// All names that are published, in order.
pub fn names(catalogues: &Catalogues) -> Vec<String> {
    let of = |noun: &'static Catalogue| {
        if let Some((part, verbs)) = TOLD_PARTS.iter().find(|(part, _)| *part == noun.noun) {
            return verbs.iter().map(|verb| format!("{part}.{verb}")).collect();
        }
        let further = FURTHER.iter().filter(|(name, _)| *name == noun.noun).flat_map(|(_, verbs)| *verbs).copied();
        let lost = matches!(noun.owned, Owned::Rows { .. }).then_some(ACCESS_LOST);
        let sorted = catalogues.relation(noun.noun, "tags").map_or(&[][..], |_| &SORTED[..]);
        let verbs = VERBS.iter().chain(sorted).map(|verb| verb.name()).chain(further).chain(lost);
        verbs.map(|verb| format!("{}.{verb}", noun.noun)).collect::<Vec<_>>()
    };
    catalogues.all().filter(|noun| is_told(noun)).flat_map(of).collect()
}

/// The name of an event, as the document has it; the house adds which there are.
pub struct EventType;

impl PartialSchema for EventType {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.description(Some("noun and verb: what happened to what; there will be more")).build().into()
    }
}
impl ToSchema for EventType {}

/// Some names, or all of a noun: `contact.*,order.created`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Types(Vec<String>);

impl Types {
    /// Of a text with commas; nothing and `*` are all. `place` is where it stands: `?types`.
    pub fn read(text: &str, place: &str, catalogues: &Catalogues) -> Result<Self> {
        let wanted: Vec<String> =
            text.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect();
        if wanted.iter().any(|one| one == "*") {
            return Ok(Self::default());
        }
        let known = names(catalogues);
        let is_known = |one: &&String| match one.strip_suffix(".*") {
            Some(noun) => catalogues.get(noun).is_some_and(is_told),
            None => known.contains(one),
        };
        match wanted.iter().find(|one| !is_known(one)) {
            None => Ok(Self(wanted)),
            Some(unknown) => {
                let message = text!("there are no events \"{name}\"", name = unknown);
                Err(Error::from(error::UNKNOWN_PARAMETER).fault(Fault::new(
                    place,
                    error::UNKNOWN_PARAMETER.name,
                    message,
                )))
            }
        }
    }

    pub fn hold(&self, name: &str) -> bool {
        let holds = |one: &String| match one.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => one == name,
        };
        self.0.is_empty() || self.0.iter().any(holds)
    }

    /// The nouns that they are of; none where they are of all.
    pub fn nouns(&self) -> Vec<&str> {
        let mut nouns: Vec<&str> = self.0.iter().filter_map(|one| one.split('.').next()).collect();
        nouns.sort_unstable();
        nouns.dedup();
        nouns
    }
}
