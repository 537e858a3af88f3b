//! What is sent to say something about a case.
use super::{AGENT, CUSTOMER, INTERNAL, VISIBILITIES};
use crate::case::body::is_channel;
use crate::case::standing::{CLOSED, ON_HOLD, OPEN, PENDING, RESOLVED};
use customer::choices::one_of;
use kernel::{CaseMessageId, ContactId, FileId, Tidy, rule, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidateEmail, ValidationError};

/// What somebody may say who it is of; what nobody has written is written by the program.
const SENT: &[&str] = &[AGENT, CUSTOMER];
/// Where a case may go with it.
const AFTERWARDS: &[&str] = &[OPEN, PENDING, ON_HOLD, RESOLVED, CLOSED];

/// What is said: to the customer, unless it is `internal`.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "stays_inside", skip_on_field_errors = false))]
#[schema(example = json!({"body": "您好，换货已经安排，明天发出。", "channel": "email", "status": "pending"}))]
pub struct NewCaseMessage {
    /// made by the client, when it creates offline
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<CaseMessageId>,
    /// `public`, unless said otherwise
    #[validate(custom(function = "is_visibility"))]
    #[schema(example = "public")]
    pub visibility: Option<String>,
    /// `agent`, unless said otherwise
    #[validate(custom(function = "is_author"))]
    #[schema(example = "agent")]
    pub author_kind: Option<String>,
    /// of what a customer has said: who, if it was not the contact of the case
    pub contact_id: Option<ContactId>,
    /// that of the case, unless said otherwise; what an agent says to the customer by `email` goes out as a mail
    #[validate(custom(function = "is_channel"))]
    #[schema(example = "email")]
    pub channel: Option<String>,
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub subject: Option<String>,
    #[validate(length(min = 1, max = 100000), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100_000)]
    pub body: String,
    /// the same as a page, of which whatever runs or is fetched is taken out
    #[validate(length(max = 500000))]
    #[schema(max_length = 500_000)]
    pub html: Option<String>,
    /// whom a mail goes to: whoever has written last, or the contact, unless said otherwise
    #[serde(default)]
    #[validate(length(max = 50), custom(function = "are_addresses"))]
    #[schema(required = false, max_items = 50)]
    pub recipients: Vec<String>,
    #[serde(default)]
    #[validate(length(max = 50), custom(function = "are_addresses"))]
    #[schema(required = false, max_items = 50)]
    pub cc: Vec<String>,
    /// files that are attached to the case
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(required = false, max_items = 20)]
    pub file_ids: Vec<FileId>,
    /// what another system calls it: the same is not taken in twice
    #[validate(length(min = 1, max = 500), custom(function = "is_line"))]
    #[schema(min_length = 1, max_length = 500)]
    pub external_message_id: Option<String>,
    /// what it answers, as that is called
    #[validate(length(min = 1, max = 500), custom(function = "is_line"))]
    #[schema(min_length = 1, max_length = 500)]
    pub in_reply_to: Option<String>,
    /// where the case goes with it, such as `pending` once the customer was asked something
    #[validate(custom(function = "is_afterwards"))]
    #[schema(example = "pending")]
    pub status: Option<String>,
}

impl NewCaseMessage {
    pub fn is_internal(&self) -> bool {
        self.visibility.as_deref() == Some(INTERNAL)
    }
    pub fn is_customers(&self) -> bool {
        self.author_kind.as_deref() == Some(CUSTOMER)
    }
}

impl Tidy for NewCaseMessage {
    fn tidy(&mut self) {
        self.recipients.iter_mut().chain(&mut self.cc).for_each(tidy::email);
        [&mut self.subject, &mut self.external_message_id, &mut self.in_reply_to]
            .into_iter()
            .flatten()
            .for_each(tidy::trim);
    }
}

fn is_visibility(text: &str) -> Result<(), ValidationError> {
    one_of(text, VISIBILITIES)
}
fn is_author(text: &str) -> Result<(), ValidationError> {
    one_of(text, SENT)
}
fn is_afterwards(text: &str) -> Result<(), ValidationError> {
    one_of(text, AFTERWARDS)
}

/// It stands in a header.
fn is_line(text: &str) -> Result<(), ValidationError> {
    match text.chars().any(|one| one.is_control() || one.is_whitespace() || "<>".contains(one)) {
        true => Err(rule!("characters", "holds spaces, < or >")),
        false => Ok(()),
    }
}

fn are_addresses(all: &[String]) -> Result<(), ValidationError> {
    match all.iter().all(ValidateEmail::validate_email) {
        true => Ok(()),
        false => Err(rule!("email", "names what is no e-mail address")),
    }
}

/// What stays among those who look after a case goes to nobody, and is no customer's.
fn stays_inside(new: &NewCaseMessage) -> Result<(), ValidationError> {
    if !new.is_internal() {
        return Ok(());
    }
    let wrong = |member: &'static str, mut rule: ValidationError| {
        rule.add_param("member".into(), &member);
        Err(rule)
    };
    if new.is_customers() {
        return wrong("visibility", rule!("internal", "what a customer says is public"));
    }
    let goes_to = [("recipients", &new.recipients), ("cc", &new.cc)].into_iter().find(|(_, all)| !all.is_empty());
    goes_to.map_or(Ok(()), |(member, _)| wrong(member, rule!("internal", "goes to nobody")))
}
