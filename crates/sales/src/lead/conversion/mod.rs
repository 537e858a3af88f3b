//! What becomes of a lead: an account, a contact, an opportunity, in one transaction and by the deeds of those rooms, whose
//! rules hold. What it had to do with goes along: its activities, tasks and tags are theirs too. It can be taken back as
//! long as nobody has worked with what was made.
mod back;
mod coming;
mod deeds;
mod own;
mod place;
mod store;

pub use back::unconvert;
pub use deeds::convert;

use super::Lead;
use crate::opportunity::NewOpportunity;
use customer::account::NewAccount;
use customer::choices::one_of;
use customer::contact::NewContact;
use kernel::{AccountId, ContactId, OpportunityId, Result, Tidy, patch, rule};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

const REJECT: &str = "reject";
const USE: &str = "use";
const CREATE: &str = "create";
const ON_DUPLICATE: &[&str] = &[REJECT, USE, CREATE];

/// What a lead becomes.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"opportunity": {"fields": {"name": "茶叶年度采购"}}, "on_duplicate": "use"}))]
pub struct LeadConversion {
    /// of the lead's company, where it names one and this is absent; none, where this is null
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_account"))]
    #[schema(value_type = Option<ConversionAccount>)]
    pub account: Option<Option<ConversionAccount>>,
    /// made of the lead, unless said otherwise
    #[validate(custom(function = "is_part"))]
    pub contact: Option<ConversionPart>,
    /// none, where it is absent
    #[validate(custom(function = "is_part"))]
    pub opportunity: Option<ConversionPart>,
    /// where an account or a contact is there already, probably: `reject`, `use` that one, or `create` another
    #[serde(default = "reject")]
    #[validate(custom(function = "is_way"))]
    #[schema(default = "reject", required = false)]
    pub on_duplicate: String,
}

/// One of the records that a lead becomes: one that is there, or a new one.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversionPart {
    /// the record that it is
    pub id: Option<Uuid>,
    /// members of a new one, as its own door takes them, over what the lead says
    #[serde(default)]
    #[schema(value_type = Object, required = false)]
    pub fields: Map<String, Value>,
}

/// The account that a lead becomes: one that is there, a new one, or that of the contact whom the lead becomes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversionAccount {
    /// the record that it is
    pub id: Option<Uuid>,
    /// whether the contact is the customer: the account is theirs
    #[serde(default)]
    #[schema(required = false)]
    pub person: bool,
    /// members of a new one, as its own door takes them, over what the lead says
    #[serde(default)]
    #[schema(value_type = Object, required = false)]
    pub fields: Map<String, Value>,
}

/// What a lead has become.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadConverted {
    pub lead: Lead,
    pub account_id: Option<AccountId>,
    pub contact_id: ContactId,
    pub opportunity_id: Option<OpportunityId>,
    /// which of them were made: `account`, `contact`, `opportunity`
    #[schema(example = json!(["account", "contact"]))]
    pub created: Vec<String>,
}

/// How members become bodies of the new records, by the rules that hold for everybody's.
pub struct Reads<'a> {
    pub account: &'a dyn Fn(&Map<String, Value>) -> Result<NewAccount>,
    pub contact: &'a dyn Fn(&Map<String, Value>) -> Result<NewContact>,
    pub opportunity: &'a dyn Fn(&Map<String, Value>) -> Result<NewOpportunity>,
}

/// What was made and moved, for whoever takes it back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Making {
    /// the versions of what was made
    account: Option<i32>,
    contact: Option<i32>,
    opportunity: Option<i32>,
    activities: Vec<Uuid>,
    tasks: Vec<Uuid>,
    /// tags that records have since, each with its record
    tags: Vec<(Uuid, Uuid)>,
}

platform::jsonb!(Made(Making), "What a conversion has made and moved, as a column keeps it.");

impl Tidy for LeadConversion {}

fn reject() -> String {
    REJECT.to_owned()
}

fn is_way(text: &str) -> std::result::Result<(), ValidationError> {
    one_of(text, ON_DUPLICATE)
}

fn is_account(account: &ConversionAccount) -> std::result::Result<(), ValidationError> {
    match (account.id.is_some(), account.person, account.fields.is_empty()) {
        (true, _, false) => Err(rule!("one_of", "either id or fields")),
        (true, true, true) => Err(rule!("one_of", "either id or person")),
        _ => Ok(()),
    }
}

fn is_part(part: &ConversionPart) -> std::result::Result<(), ValidationError> {
    match part.id.is_some() && !part.fields.is_empty() {
        true => Err(rule!("one_of", "either id or fields")),
        false => Ok(()),
    }
}
