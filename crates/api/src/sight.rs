//! What a caller sees of records, whatever door they come through.
//!
//! The document says of every answer and every body where records stand in it, so that a noun needs no code for its
//! fields to be held back: as an answer goes out, each record in it is trimmed; as a body comes in, each member is
//! looked up that its noun has. Whoever has nothing held back, as is usual, is not looked at.
mod outline;

use crate::extract::caller;
use crate::problem::Problem;
use crate::{house, openapi, problem};
use actix_web::HttpRequest;
use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use kernel::catalogue::Catalogues;
use kernel::{Access, Ctx, Error, Grants, Language, error};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use utoipa::ToSchema;
use utoipa::openapi::OpenApi;

/// Bodies that make or change a record and are not called after it. What serves several nouns may write no more than
/// each of them lets its sender.
pub const OTHERWISE: [(&str, &str); 44] = [
    ("AddressPatch", "account_address"),
    ("AddressPatch", "contact_address"),
    ("CampaignTransition", "campaign"),
    ("CardMove", "opportunity"),
    ("CaseAssign", "case"),
    ("CaseClosing", "case"),
    ("CaseResolution", "case"),
    ("CaseSplit", "case"),
    ("CaseTake", "case"),
    ("CaseTransition", "case"),
    ("ConnectionSecretRotation", "connection"),
    ("CouponGeneration", "coupon"),
    ("Disqualification", "lead"),
    ("IdentifierPatch", "account_identifier"),
    ("IdentifierPatch", "contact_identifier"),
    ("InstallmentSplit", "installment"),
    ("InstallmentWaiver", "installment"),
    ("KbCaseArticle", "kb_article"),
    ("KbRejection", "kb_article_version"),
    ("LeadReturn", "lead"),
    ("LeadTransfer", "lead"),
    ("MacroRun", "case"),
    ("MePatch", "user"),
    ("NewAddress", "account_address"),
    ("NewAddress", "contact_address"),
    ("NewIdentifier", "account_identifier"),
    ("NewIdentifier", "contact_identifier"),
    ("PaymentMatching", "payment"),
    ("PoolClaim", "lead"),
    ("PromotionTransition", "promotion"),
    ("QaAppeal", "qa_evaluation"),
    ("QaReason", "qa_evaluation"),
    ("QaRevision", "qa_evaluation"),
    ("QuoteRejection", "quote"),
    ("QuoteSending", "quote"),
    ("RecordMerger", "account"),
    ("RecordMerger", "contact"),
    ("Rejection", "privacy_request"),
    ("SecretRotation", "webhook_endpoint"),
    ("SegmentMembersChange", "segment_member"),
    ("SendSchedule", "send"),
    ("TagMerger", "tag"),
    ("Verification", "privacy_request"),
    ("WebhookReplay", "webhook_endpoint"),
];

/// The document, and which of its schemas are records of what.
pub struct Sight {
    text: Bytes,
    outline: Value,
    nouns: BTreeMap<String, Vec<String>>,
    /// the schemas in which there are records
    with_records: BTreeSet<String>,
}

static SIGHT: OnceLock<Sight> = OnceLock::new();

/// A member of a body that its caller may not write, and where it stands.
pub struct HeldBack {
    pub pointer: String,
    pub access: Access,
}

impl Sight {
    /// Made when the server starts, or when it is first needed.
    pub fn of_the_house() -> &'static Self {
        SIGHT.get_or_init(|| Self::of(&openapi::document()))
    }

    /// The same of a document that is at hand.
    pub fn open(document: &OpenApi) {
        SIGHT.get_or_init(|| Self::of(document));
    }

    fn of(document: &OpenApi) -> Self {
        let outline = outline::outline(&serde_json::to_value(document).unwrap_or_default());
        let catalogued = house::catalogues().into_iter().flat_map(|all| all.all().map(|one| one.noun));
        let together = house::ECHOES.iter().flat_map(|wing| wing.iter().map(|echo| echo.object));
        let named = catalogued.chain(together).flat_map(|noun| {
            let name = schema_of(noun);
            let names = [format!("New{name}"), format!("{name}Patch"), name];
            names.map(|name| (name, noun.to_owned()))
        });
        let otherwise = OTHERWISE.map(|(name, noun)| (name.to_owned(), noun.to_owned()));
        let mut nouns = BTreeMap::<String, Vec<String>>::new();
        named.chain(otherwise).for_each(|(name, noun)| nouns.entry(name).or_default().push(noun));
        let with_records = outline::referring(&outline, nouns.keys().cloned());
        Self { text: document.to_json().unwrap_or_default().into(), outline, nouns, with_records }
    }

    /// The document as it is served to everybody.
    pub fn text(&self) -> &Bytes {
        &self.text
    }

    /// What the document says of where schemas stand.
    pub fn outline(&self) -> &Value {
        &self.outline
    }

    /// The operation that a request is for, where it takes no parameter in a query.
    pub fn asks_nothing(&self, req: &HttpRequest) -> Option<&str> {
        let (path, method) = (req.match_pattern()?, req.method().as_str().to_lowercase());
        let operation = below(&self.outline, &["paths", &path, &method]);
        let id = operation.get("operationId")?.as_str()?;
        (operation.get("asks")? == false).then_some(id)
    }

    /// The noun that a body of this shape makes or changes.
    pub fn noun<T: ToSchema>(&self) -> Option<&str> {
        self.nouns.get(&*T::name())?.first().map(String::as_str)
    }

    /// Whether records stand in a body of this shape.
    pub fn speaks_of_records<T: ToSchema>(&self) -> bool {
        self.with_records.contains(&*T::name())
    }

    /// Takes out of an answer what its reader does not see.
    fn trim(&self, req: &HttpRequest, status: u16, answer: &mut Value, grants: &Grants) {
        let path = req.match_pattern().unwrap_or_default();
        let (method, status) = (req.method().as_str().to_lowercase(), status.to_string());
        let answers = below(&self.outline, &["paths", &path, &method, "responses", &status]);
        let schema = below(answers, &["content", "application/json", "schema"]);
        self.visit(schema, answer, "", &mut |noun, _, record| grants.trim(noun, record));
    }

    /// The members of a body that are held back from whoever sends it.
    pub fn held_back<T: ToSchema>(&self, body: &mut Value, grants: &Grants) -> Vec<HeldBack> {
        let mut found = Vec::new();
        self.visit_named(&T::name(), body, "", &mut |noun, at, record| {
            let names = record.as_object().into_iter().flat_map(|members| members.keys());
            let less =
                names.map(|name| (name, grants.access(noun, name))).filter(|(_, access)| *access < Access::Write);
            found.extend(less.map(|(name, access)| HeldBack { pointer: format!("{at}/{name}"), access }));
        });
        // of what several nouns say of a member, the least
        found.sort_by(|one, other| (&one.pointer, one.access).cmp(&(&other.pointer, other.access)));
        found.dedup_by(|later, first| later.pointer == first.pointer);
        found
    }

    /// Shows every record in a value of this shape to `see`, with its noun and where it stands.
    fn visit(&self, schema: &Value, value: &mut Value, at: &str, see: &mut dyn FnMut(&str, &str, &mut Value)) {
        if let Some(name) = below(schema, &["$ref"]).as_str().and_then(|place| place.rsplit('/').next()) {
            return self.visit_named(name, value, at, see);
        }
        for part in ["allOf", "oneOf", "anyOf"].iter().flat_map(|parts| below(schema, &[parts]).as_array()).flatten() {
            self.visit(part, value, at, see);
        }
        match value {
            Value::Object(members) => {
                for (name, inner) in below(schema, &["properties"]).as_object().into_iter().flatten() {
                    if let Some(member) = members.get_mut(name) {
                        self.visit(inner, member, &format!("{at}/{name}"), see);
                    }
                }
            }
            Value::Array(items) => {
                for (place, item) in items.iter_mut().enumerate() {
                    self.visit(below(schema, &["items"]), item, &format!("{at}/{place}"), see);
                }
            }
            _ => {}
        }
    }

    fn visit_named(&self, name: &str, value: &mut Value, at: &str, see: &mut dyn FnMut(&str, &str, &mut Value)) {
        if value.is_null() {
            return;
        }
        for noun in self.nouns.get(name).into_iter().flatten() {
            see(noun, at, value);
        }
        self.visit(below(&self.outline, &["components", "schemas", name]), value, at, see);
    }
}

/// What stands there; null where nothing does.
fn below<'a>(value: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().try_fold(value, |value, name| value.get(name)).unwrap_or(&Value::Null)
}

/// `order_line` → `OrderLine`.
pub fn schema_of(noun: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    noun.split('_').map(capital).collect()
}

/// Answers to whom something is held back go out trimmed.
pub async fn trim(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(req).await?.map_into_boxed_body();
    let trims = |ctx: &Ctx| !ctx.grants.is_plain() || ctx.grants.own().has_archived();
    let Some(ctx) = caller(response.request()).filter(trims) else { return Ok(response) };
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if response.response().error().is_some() || !response.status().is_success() || !kind.starts_with("application/json")
    {
        return Ok(response);
    }
    let (req, response) = response.into_parts();
    let (head, body) = response.into_parts();
    let body = to_bytes(body).await.map_err(|e| crate::answer::Fail(Error::internal(e.to_string())))?;
    let trimmed = trimmed(&req, head.status().as_u16(), &body, &ctx.grants);
    let trimmed = trimmed.map_err(|e| crate::answer::Fail(Error::internal(e)))?;
    Ok(ServiceResponse::new(req, head.set_body(trimmed).map_into_boxed_body()))
}

fn trimmed(req: &HttpRequest, status: u16, body: &Bytes, grants: &Grants) -> serde_json::Result<Vec<u8>> {
    let mut answer: Value = serde_json::from_slice(body)?;
    Sight::of_the_house().trim(req, status, &mut answer, grants);
    serde_json::to_vec(&answer)
}

/// A refusal that would tell of a hidden field tells less: neither that its value is taken, nor whose it is.
fn hush(problem: &mut Problem, language: Language, noun: &str, grants: &Grants) {
    if grants.is_plain() {
        return;
    }
    let hidden = |rule: &str| rule.split("_and_").any(|field| grants.hides(noun, field));
    problem.existing.retain(|one| !hidden(&one.match_rule));
    let taken = |noun: &str| problem.code.strip_prefix(noun)?.strip_prefix('_')?.strip_suffix("_taken");
    // perhaps of another noun, which goes with it
    let all = house::catalogues().ok();
    let mut nouns = all.into_iter().flat_map(Catalogues::all).map(|one| one.noun);
    if nouns.any(|noun| taken(noun).is_some_and(|field| grants.hides(noun, field))) {
        *problem = problem::of(&error::ALREADY_EXISTS.into(), language, &problem.instance, &problem.request_id);
    }
}

/// The same, of the noun that the path is about.
pub fn hush_for(req: &HttpRequest, language: Language, problem: &mut Problem) {
    let Some(ctx) = caller(req).filter(|ctx| !ctx.grants.is_plain()) else { return };
    let table = req.path().trim_start_matches("/v1/").split('/').next().unwrap_or_default().replace('-', "_");
    let noun = house::catalogues().ok().and_then(|all| all.all().find(|one| one.table == table));
    if let Some(noun) = noun {
        hush(problem, language, noun.noun, &ctx.grants);
    }
}
