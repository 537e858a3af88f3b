//! Which changes may be made on a known version, by If-Match. A door that reads [`crate::extract::IfMatch`] is told of here;
//! a test asks every operation whether it does.
use utoipa::openapi::Required;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Object, Type};

/// What is asked of a record for its version: to change it, to take it away, to make it or change it.
const VERBS: &[&str] = &["update", "delete", "remove", UPSERT];
/// It is told a version where it is given one, and never asked for one: it may make the record.
const UPSERT: &str = "upsert";

/// The records whose changes may be made on a known version.
const VERSIONED: &[&str] = &[
    "account",
    "account_address",
    "account_identifier",
    "activity",
    "agent",
    "assignment_rule",
    "auto_reply_rule",
    "business_calendar",
    "case",
    "case_category",
    "case_inbox",
    "campaign",
    "campaign_member",
    "canned_response",
    "connection",
    "contact",
    "contact_address",
    "contact_identifier",
    "contact_point",
    "contract",
    "coupon",
    "dashboard",
    "email_message",
    "escalation_rule",
    "exchange_rate",
    "field_def",
    "file",
    "form",
    "form_submission",
    "installment",
    "kb_article",
    "kb_article_version",
    "kb_category",
    "kb_portal",
    "label",
    "lead",
    "lead_score_rule",
    "legal_hold",
    "marketing_plan",
    "macro",
    "me",
    "membership",
    "opportunity",
    "opportunity_contact",
    "option_set",
    "order",
    "order_line",
    "payment",
    "pipeline",
    "pool",
    "price_book",
    "price_book_entry",
    "privacy_request",
    "product",
    "promotion",
    "qa_evaluation",
    "qa_scorecard",
    "queue",
    "quota",
    "quote",
    "report",
    "report_schedule",
    "retention_policy",
    "role",
    "routing_rule",
    "segment",
    "send",
    "segmentation",
    "share",
    "sla_policy",
    "skill",
    "sso_provider",
    "stage",
    "suppression",
    "survey",
    "tag",
    "task",
    "team",
    "template",
    "tenant",
    "territory",
    "user",
    "view",
    "webhook_endpoint",
];

/// What else is done on a known version: of the record, or of the one that it is a part of.
const BESIDES: &[&str] = &[
    "add_kb_article_version",
    "add_order_line",
    "add_price_book_entry",
    "add_stage",
    "appeal_qa_evaluation",
    "assign_case",
    "close_case",
    "archive_kb_article_version",
    "complete_task",
    "confirm_redemption",
    "convert_lead",
    "disqualify_lead",
    "finalize_qa_evaluation",
    "move_opportunity",
    "release_redemption",
    "reopen_case",
    "publish_kb_article_version",
    "reject_kb_article_version",
    "reopen_lead",
    "reopen_task",
    "replace_contract_installments",
    "replace_order_lines",
    "resolve_case",
    "return_lead",
    "reverse_redemption",
    "revise_qa_evaluation",
    "split_case",
    "split_contract",
    "submit_kb_article_version",
    "transfer_lead",
    "transition_case",
    "transition_opportunity",
    "transition_promotion",
    "unconvert_lead",
    "unwaive_installment",
    "uphold_qa_evaluation",
    "waive_installment",
    "transition_campaign",
    "schedule_send",
    "pause_send",
    "resume_send",
    "cancel_send",
];

/// Says of an operation that it takes If-Match, if it does.
pub fn tell(operation: &mut Operation) {
    if takes(operation) {
        operation.parameters.get_or_insert_default().push(if_match().into());
    }
}

/// Whether a tenant may require that it comes with If-Match.
pub fn may_be_required(operation: &Operation) -> bool {
    takes(operation) && parts(operation).is_none_or(|(verb, _)| verb != UPSERT)
}

fn takes(operation: &Operation) -> bool {
    let is_change = parts(operation).is_some_and(|(verb, noun)| VERBS.contains(&verb) && VERSIONED.contains(&noun));
    is_change || operation.operation_id.as_deref().is_some_and(|id| BESIDES.contains(&id))
}

/// Verb and noun.
fn parts(operation: &Operation) -> Option<(&str, &str)> {
    operation.operation_id.as_deref()?.split_once('_')
}

fn if_match() -> Parameter {
    etag_in("If-Match", "the ETag of the version that the change was made on; 412 where it is another by now")
}

/// A header in which a caller says which version they know.
pub fn etag_in(name: &str, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(Object::with_type(Type::String)))
        .example(Some("\"7\"".into()))
        .build()
}
