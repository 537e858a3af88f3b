//! The document: collected from the routes that run, completed with what every operation has in common.
mod choices;
mod etags;
mod hooks;
mod merged;
mod open;
pub mod own;
mod versions;
mod who;

pub use open::{OPEN, TAKES_ANYTHING};
use who::{permission, tell_who};

use crate::elsewhere::MergedInto;
use crate::problem::{Problem, Told};
use crate::routes::Routes;
use crate::{analytics, customer, health, house, identity, marketing, platform, privacy, sales, service};
use ::platform::event::{self, EventType};
use kernel::{Existing, Language};
use std::collections::BTreeSet;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Object, ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, OpenApi as Document, Ref, RefOr, Required, ResponseBuilder};
use utoipa::{OpenApi, ToSchema};

/// What occurs only in parameters and faults is not collected by itself.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Guanxi",
        description = "The headless CRM: customers, sales, service, marketing and analytics behind one REST contract. \
                       Every resource obeys the same rules, so that who knows one knows them all. \
                       Every answer says by `RateLimit-Policy` and `RateLimit` which quotas it was counted against, and what \
                       is left of them. A member that the caller's roles hide is missing from every record, whatever \
                       its schema requires, and cannot be asked for or written: `GET /v1/me/permissions` tells which. \
                       Problems are told in the language that `Accept-Language` asks for (`en`, `zh-Hans`, `zh-Hant`), else in the \
                       user's or the tenant's; `code`, `pointer` and `params` are the same in all of them.",
        contact(name = "The maintainers of Guanxi"),
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "/", description = "this server")),
    tags(
        (name = "accounts", description = "The organisations that the business is with."),
        (name = "contacts", description = "The people the business speaks to, and how to reach them."),
        (name = "merges", description = "Records that turned out to be one."),
        (name = "activities", description = "What was done with customers: calls, meetings, notes."),
        (name = "tasks", description = "What is to be done, by whom and by when."),
        (name = "tags", description = "Words by which records are sorted."),
        (name = "search", description = "Whatever has some words, of all nouns at once."),
        (name = "timeline", description = "All that a record has to do with, in one order."),
        (name = "calendar", description = "Meetings and tasks, for programs that show calendars."),
        (name = "consents", description = "What people have agreed to, and what holds of it now."),
        (name = "forms", description = "What visitors fill in."),
        (name = "form-submissions", description = "What they have filled in."),
        (name = "cases", description = "What customers ask for, until it is solved."),
        (name = "case-messages", description = "What was said about that."),
        (name = "case-categories", description = "What cases are about."),
        (name = "case-inboxes", description = "Addresses by which cases come in."),
        (name = "auto-reply-rules", description = "What is answered at once to whoever opens a case by mail."),
        (name = "email-messages", description = "Mails that came in, by conversation."),
        (name = "products", description = "What is sold."),
        (name = "price-books", description = "What products cost, by currency, day and quantity."),
        (name = "pipelines", description = "The ways of selling, stage by stage."),
        (name = "opportunities", description = "What may be sold, and how far it has come."),
        (name = "quotes", description = "What is offered, for how much, and what has become of it."),
        (name = "contracts", description = "What was agreed upon, for how long, and when what of it is due."),
        (name = "payments", description = "What was paid, and which instalments of it."),
        (name = "leads", description = "Who may become a customer, and how far they have come."),
        (name = "lead-score-rules", description = "How leads are rated."),
        (name = "assignment-rules", description = "Who gets which leads."),
        (name = "territories", description = "Parts of the market, and who looks after them."),
        (name = "pools", description = "Leads that nobody works on yet, and who may take how many."),
        (name = "forecasts", description = "What a period will come to, and what has changed in that."),
        (name = "quotas", description = "What was to be reached in a period."),
        (name = "exchange-rates", description = "What other money is worth in the tenant's own."),
        (name = "orders", description = "What was bought, line by line."),
        (name = "promotions", description = "What is taken off a purchase, for which carts and when."),
        (name = "coupons", description = "Codes by which promotions are used."),
        (name = "redemptions", description = "Promotions that were used, for which orders, and of how much."),
        (name = "touchpoints", description = "What people came by, met or did before they bought."),
        (name = "attribution", description = "Which of that brought what was bought."),
        (name = "marketing-plans", description = "What is to be done in a period to reach people, and for how much."),
        (name = "campaigns", description = "What is done to reach people, who is in it, and what came of it."),
        (name = "templates", description = "What is written to many, in each language."),
        (name = "suppressions", description = "Addresses and numbers that nothing goes to."),
        (name = "sends", description = "What goes out to many, to whom, and what came of it."),
        (name = "business-calendars", description = "When work is done, and when it is not."),
        (name = "sla-policies", description = "What is promised of which cases."),
        (name = "case-slas", description = "What was promised of a case, and how far that is."),
        (name = "escalation-rules", description = "What happens where a promise is about to be broken, and what has."),
        (name = "service-levels", description = "How well cases are served."),
        (name = "agents", description = "Who answers, whether they are there, and what they have in hand."),
        (name = "skills", description = "What those who answer may know."),
        (name = "routing-rules", description = "How the cases of queues are given to those who serve them."),
        (name = "qa-scorecards", description = "By what the work on cases is judged."),
        (name = "qa-evaluations", description = "How well cases were looked after."),
        (name = "kb-portals", description = "Where customers read what the business knows, and how often."),
        (name = "kb-categories", description = "What the articles of a portal are sorted by."),
        (name = "kb-articles", description = "What the business knows: written, let through, published, read."),
        (name = "canned-responses", description = "Answers that are written once and given often."),
        (name = "macros", description = "What is often done with a case, under a name."),
        (name = "surveys", description = "What customers are asked when something was done for them, and what they answer."),
        (name = "external-refs", description = "What other systems call our records."),
        (name = "shares", description = "Single records shown to those who would not see them else."),
        (name = "files", description = "What is attached to records."),
        (name = "imports", description = "Files brought in."),
        (name = "metadata", description = "What records are made of: the tenant's own fields, their options, and what the caller sees."),
        (name = "segments", description = "Sets of records, held together by hand or by a filter, and who is in them."),
        (name = "analytics", description = "What records come to, in groups."),
        (name = "reports", description = "Queries that are kept, and what comes of them."),
        (name = "report-schedules", description = "Reports that are sent to people, again and again, and what was sent."),
        (name = "dashboards", description = "Figures beside each other."),
        (name = "labels", description = "What accounts are called, by people and by runs."),
        (name = "segmentations", description = "How customers are sorted, and what they were sorted as."),
        (name = "associations", description = "What is bought with what, and what to recommend."),
        (name = "views", description = "Lists as somebody likes to see them."),
        (name = "connections", description = "Shops, tills and other systems that send data in, and what they have sent."),
        (name = "events", description = "What has happened, in order: page by page, as it comes, or for clients that work offline."),
        (name = "exports", description = "Lists taken out."),
        (name = "audit-logs", description = "Who did what, when, from where."),
        (name = "webhook-endpoints", description = "Servers that are told what happens here."),
        (name = "webhook-deliveries", description = "What was sent to them, and how it went."),
        (name = "jobs", description = "Work that goes on in the background."),
        (name = "auth", description = "Logging in and out."),
        (name = "sso", description = "Who else may vouch for the people who log in."),
        (name = "me", description = "Who the caller is and what they may do."),
        (name = "users", description = "The people who work with Guanxi."),
        (name = "teams", description = "The teams they work in."),
        (name = "queues", description = "What owns records until somebody takes them."),
        (name = "roles", description = "What they may do."),
        (name = "permissions", description = "Who may do what with a record, and why."),
        (name = "api-keys", description = "Keys for programs."),
        (name = "privacy", description = "What people ask about their data, what the law holds, what goes by its age."),
        (name = "tenant", description = "The company."),
        (name = "health", description = "Whether the server lives and is ready."),
    ),
    components(schemas(
        Problem, Told, Existing, MergedInto,
        kernel::AccountId, kernel::ContactId, kernel::ContactPointId, kernel::MembershipId, kernel::ExternalRefId,
        kernel::ContactAddressId, kernel::AccountAddressId,
        kernel::ContactLifecycleChangeId, kernel::AccountLifecycleChangeId,
        kernel::ContactIdentifierId, kernel::AccountIdentifierId, kernel::EmailMessageId,
        kernel::ActivityId, kernel::TaskId, kernel::TagId,
        kernel::ConsentId, kernel::FormId, kernel::FormSubmissionId, kernel::VerificationId,
        kernel::ShareId, kernel::MergeId, kernel::DuplicateCandidateId, kernel::FileId, kernel::NotificationId, kernel::DeviceId,
        kernel::ConnectionId, kernel::InboundDeliveryId,
        kernel::PipelineId, kernel::StageId, kernel::ExchangeRateId, kernel::QuotaId, kernel::OpportunityId,
        kernel::LeadId, kernel::LeadScoreRuleId, kernel::LeadScoreEntryId, kernel::AssignmentRuleId, kernel::PoolId, kernel::PoolEventId, kernel::TerritoryId,
        kernel::OpportunityContactId, kernel::OpportunityLineId, kernel::StageChangeId,
        kernel::QuoteId, kernel::QuoteLineId, kernel::QuoteLinkId, kernel::QuoteApprovalId,
        kernel::ContractId, kernel::InstallmentId, kernel::PaymentId, kernel::PaymentMatchId,
        kernel::ProductId, kernel::PriceBookId, kernel::PriceBookEntryId, kernel::OrderId, kernel::OrderLineId, kernel::UserId, kernel::TeamId, kernel::RoleId,
        kernel::ApiKeyId, kernel::EventId, kernel::RequestId, kernel::FactorId, kernel::SsoProviderId, kernel::SsoIdentityId, kernel::SessionId,
        kernel::TenantId, kernel::ImportId, kernel::ExportId, kernel::JobId, kernel::WebhookEndpointId,
        kernel::WebhookDeliveryId, kernel::FieldDefId, kernel::OptionSetId, kernel::ViewId, kernel::ReportId, kernel::DashboardId, kernel::ReportScheduleId, kernel::ReportRunId,
        kernel::SegmentId, kernel::SegmentMemberId,
        kernel::BusinessCalendarId, kernel::SlaPolicyId, kernel::CaseSlaId, kernel::EscalationRuleId, kernel::EscalationId,
        kernel::SkillId, kernel::AgentId, kernel::RoutingRuleId, kernel::CaseAssignmentId, kernel::QaScorecardId, kernel::QaEvaluationId,
        kernel::CaseId, kernel::CaseMessageId, kernel::CaseCategoryId, kernel::CaseInboxId, kernel::AutoReplyRuleId,
        kernel::PromotionId, kernel::CouponId, kernel::RedemptionId, kernel::TouchpointId,
        kernel::MarketingPlanId, kernel::CampaignId, kernel::CampaignMemberId, kernel::TemplateId,
        kernel::SuppressionId, kernel::SendId, kernel::DeliveryId,
        kernel::KbPortalId, kernel::KbCategoryId, kernel::KbArticleId, kernel::KbArticleVersionId, kernel::KbFeedbackId,
        kernel::CannedResponseId, kernel::SurveyId, kernel::MacroId, kernel::SurveyResponseId,
        kernel::LabelId, kernel::SegmentationId, kernel::SegmentationRunId, kernel::ClassificationId,
        kernel::AssociationRunId, kernel::AssociationRuleId,
        kernel::PrivacyRequestId, kernel::LegalHoldId, kernel::RestrictionId, kernel::RetentionPolicyId,
    ))
)]
struct Head;

/// All operations.
pub fn routes(cfg: &mut Routes) {
    cfg.configure(health::routes)
        .configure(customer::open_forms::routes)
        .configure(sales::open_quotes::routes)
        .configure(marketing::open_mail::routes)
        .configure(service::open_kb::routes)
        .configure(service::open_surveys::routes)
        .scope("/v1", |cfg| {
            cfg.configure(identity::routes)
                .configure(customer::routes)
                .configure(sales::routes)
                .configure(service::routes)
                .configure(marketing::routes)
                .configure(analytics::routes)
                .configure(platform::routes)
                .configure(privacy::routes);
        });
}

pub fn document() -> Document {
    let mut document = Head::openapi();
    routes(&mut Routes::Document(&mut document));
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    complete_all(&mut document);
    if let Ok(catalogues) = house::catalogues() {
        choices::close(&mut document, catalogues);
        hooks::tell(&mut document, catalogues);
    }
    prune(&mut document);
    document
}

/// Takes out the components that nothing refers to, and those that only they did.
fn prune(document: &mut Document) {
    loop {
        let text = document.to_json().unwrap_or_default();
        let referred = text.split("\"#/components/schemas/").skip(1).filter_map(|after| after.split('"').next());
        let referred: BTreeSet<&str> = referred.collect();
        let Some(components) = document.components.as_mut() else { return };
        let before = components.schemas.len();
        components.schemas.retain(|name, _| referred.contains(name.as_str()));
        if components.schemas.len() == before {
            return;
        }
    }
}

/// What operations may answer when something is wrong, said once: status, name of the component, description.
const ALWAYS: &[Answer] = &[
    ("400", "Malformed", "the request cannot be read, or a parameter is not known"),
    ("429", "TooMany", "too much was asked in a short time: come back after `Retry-After` seconds"),
    ("500", "Internal", "a fault of the server"),
    ("503", "Busy", "busy: come back after `Retry-After` seconds"),
];
const GUARDED: &[Answer] = &[
    ("401", "Unauthenticated", "no valid access token or API key"),
    ("403", "Forbidden", "not permitted"),
    ("404", "NotFound", "not there, or not for the caller to see"),
    ("422", "Invalid", "breaks rules: `errors` names every one"),
];
const WRITING: &[Answer] = &[
    (
        "409",
        "Conflict",
        "in conflict with what is there: `existing` names the records that are meant; or with a request of the same \
      Idempotency-Key, which is still under way: come back after `Retry-After` seconds",
    ),
    ("412", "Stale", "changed meanwhile: `conflicts` compares base, current and yours"),
];
/// Said of those alone that ask for a version.
const ON_A_VERSION: &[Answer] =
    &[("428", "PreconditionRequired", "the tenant requires that a change says by If-Match what it was made on")];
const BODY: &[Answer] = &[
    ("413", "TooLarge", "the body is too large"),
    ("415", "UnsupportedMediaType", "not a content type that is read here"),
];
type Answer = (&'static str, &'static str, &'static str);

fn complete_all(document: &mut Document) {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("an access token from `POST /v1/auth/login`, or an API key"))
        .build();
    document.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(bearer));
    for (status, name, description) in [ALWAYS, GUARDED, WRITING, ON_A_VERSION, BODY].into_iter().flatten() {
        let mut response = ResponseBuilder::new().description(*description).content(PROBLEM, problem()).build();
        response.headers.insert("Content-Language".into(), content_language().into());
        if ["409", "429", "503"].contains(status) {
            response.headers.insert("Retry-After".into(), retry_after().into());
        }
        document.components.get_or_insert_default().responses.insert((*name).into(), RefOr::T(response));
    }
    name_events(document);
    let records = etags::records(document);
    for (path, item) in &mut document.paths.paths {
        item.get.iter_mut().for_each(|operation| etags::tell_known(operation, &records));
        item.get.iter_mut().for_each(|operation| complete(operation, false));
        item.get.iter_mut().for_each(|operation| merged::lead_on(path, operation));
        let writing = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in writing.into_iter().flatten() {
            etags::tell(operation, &records);
            complete(operation, true);
        }
    }
}

/// The names of events that are published.
fn name_events(document: &mut Document) {
    let names = house::catalogues().map(event::names).unwrap_or_default();
    let schemas = document.components.get_or_insert_default().schemas.get_mut(&*EventType::name());
    if let Some(RefOr::T(Schema::Object(text))) = schemas {
        text.examples = names.into_iter().map(Into::into).collect();
    }
}

const PROBLEM: &str = "application/problem+json";

fn problem() -> Content {
    Content::new(Some(Ref::from_schema_name(Problem::name())))
}

fn retry_after() -> Header {
    HeaderBuilder::new().schema(Some(Object::with_type(Type::Integer))).description(Some("seconds")).build()
}

fn content_language() -> Header {
    let tag = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(Language::ALL.map(Language::tag)));
    HeaderBuilder::new()
        .schema(Some(tag.build()))
        .description(Some("the language of title, detail and messages"))
        .build()
}

/// What the document says of a noun: where its records are, and what a new one has to have.
pub struct Described {
    pub path: Option<String>,
    pub required: Vec<String>,
}

pub fn described(noun: &kernel::catalogue::Catalogue) -> Described {
    let document = crate::sight::Sight::of_the_house().outline();
    let place = format!("/v1/{}", noun.table.replace('_', "-"));
    let name = crate::sight::schema_of(noun.noun);
    let required = document.pointer(&format!("/components/schemas/New{name}/required"));
    let names = required.and_then(serde_json::Value::as_array).into_iter().flatten();
    Described {
        required: names.filter_map(|one| one.as_str().map(str::to_owned)).collect(),
        path: document.pointer("/paths").and_then(|paths| paths.get(&place)).map(|_| place),
    }
}

/// Open operations have nobody whose key it could be: they take no notice of one.
fn idempotent(operation: &mut Operation) {
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "a name for this request, best a UUID: sent again by the same caller within 72 hours, it is not carried out \
             again, and answers what it answered",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255)).build()))
        .example(Some("0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6".into()));
    operation.parameters.get_or_insert_default().push(key.build().into());
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.starts_with('2')
        {
            let replayed = HeaderBuilder::new().schema(Some(Object::with_type(Type::Boolean))).description(Some(
                "`true` where this is the answer to an earlier request with the same Idempotency-Key",
            ));
            response.headers.insert("Idempotency-Replayed".into(), replayed.build().into());
        }
    }
}

fn complete(operation: &mut Operation, writes: bool) {
    let open = operation.operation_id.as_deref().is_some_and(|id| OPEN.contains(&id));
    let health = operation.tags.iter().flatten().any(|tag| tag == "health");
    let none: [&str; 0] = [];
    operation.security = match open {
        true => Some(vec![SecurityRequirement::default()]),
        false => Some(vec![SecurityRequirement::new("bearer", none)]),
    };
    let needed = operation.operation_id.as_deref().and_then(permission).filter(|_| !open);
    if let Some(needed) = needed {
        operation.extensions = Some(ExtensionsBuilder::new().add("x-permission", needed).build());
    }
    tell_who(operation, needed);
    let mut answers: Vec<&[Answer]> = vec![ALWAYS];
    if !health {
        answers.push(GUARDED);
    }
    if writes {
        answers.push(WRITING);
    }
    if versions::may_be_required(operation) {
        answers.push(ON_A_VERSION);
    }
    if operation.request_body.is_some() {
        answers.push(BODY);
    }
    for (status, name, _) in answers.into_iter().flatten() {
        let response = Ref::from_response_name(*name);
        operation.responses.responses.entry((*status).to_owned()).or_insert_with(|| response.into());
    }
    // what an operation says of faults of its own, it says as problems too
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
            && response.content.is_empty()
        {
            response.content.insert(PROBLEM.into(), problem().into());
        }
    }
    if writes && !open {
        idempotent(operation);
    }
    versions::tell(operation);
}
