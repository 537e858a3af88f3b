//! `/f/{form}`: the open door of forms, for visitors of the business's own pages; and the links of their letters. Who
//! comes is told nothing of what is known: an answer is the same whoever has the address.
mod body;
mod leads;
mod origin;
mod shown;

pub use origin::{allow, preflights};

use crate::answer::Result;
use crate::extract::{Address, Valid, body as extracted, request_id};
use crate::house::House;
use crate::language;
use crate::limit::{self, Limits};
use crate::routes::Routes;
use crate::worker;
use ::customer::contact::{Contact, ContactPatch, NewContact};
use ::customer::form::submission::{self, Leads, Reads, Sent};
use ::customer::form::{self, Answered, Form, TOKEN_INVALID, TOO_SOON};
use ::customer::verification::{self, Confirmation};
use ::sales::lead::Lead;
use actix_web::http::header::USER_AGENT;
use actix_web::web::{Data, Json, Path, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post};
use body::FormAnswers;
use chrono::{DateTime, Duration, Utc};
use kernel::page::{Mark, Seal};
use kernel::{
    Create, Ctx, Error, Fault, FormId, Grants, Language, Origin, Permit, Region, TenantId, Update, UserId, clock, error,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use shown::{FormReceipt, FormSchema};
use std::sync::Arc;

/// How long a token is good.
const A_DAY: Duration = Duration::hours(24);

pub fn routes(cfg: &mut Routes) {
    // a word before the place that any word fits
    cfg.service(confirm_address).service(get_form_schema).service(submit_form);
}

/// What whoever writes as the form's user has to hold.
type Takes = (Create<Contact>, Update<Contact>);

/// Get a form to fill in
///
/// In the language that `Accept-Language` asks for. With it comes a token, which the answers are sent with: once, for a
/// day, and not before a person has filled it in.
#[utoipa::path(tag = "forms", params(("form" = FormId, Path)),
    responses((status = 200, description = "what there is to fill in", body = FormSchema),
              (status = 403, description = "the form may not stand on this site"),
              (status = 404, description = "no such form, or one that is shut")))]
#[get("/f/{form}")]
async fn get_form_schema(req: HttpRequest, house: Data<House>, id: Path<String>) -> Result<HttpResponse> {
    let (_, form) = open(&req, &house, &id).await?;
    let mark = Mark { keys: vec![Some(clock::now().timestamp_millis().to_string())], id: FormId::new().0 };
    let token = house.seal.close(&purpose(form.id), &mark);
    let schema = FormSchema::of(&form, language::of(&req), token);
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(schema))
}

/// Fill in a form
///
/// As JSON, or as a browser sends a form: `token`, `website`, `referrer` and `utm_source` by these names, the answers by
/// their keys. `website` stays empty: people do not see it. All faults are told at once. Sent again with the same token,
/// it is one submission.
#[utoipa::path(tag = "forms", params(("form" = FormId, Path)),
    request_body(content((FormAnswers = "application/json"), (body::FormPairs = "application/x-www-form-urlencoded"))),
    responses((status = 202, description = "taken", body = FormReceipt),
              (status = 403, description = "the form may not stand on this site"),
              (status = 404, description = "no such form, or one that is shut"),
              (status = 422, description = "breaks rules: `errors` names every one")))]
#[post("/f/{form}")]
async fn submit_form(
    req: HttpRequest,
    house: Data<House>,
    limits: Data<Limits>,
    Address(address): Address,
    id: Path<String>,
    stream: Payload,
) -> Result<HttpResponse> {
    let said = body::read(&req, stream).await?;
    let (tenant, form) = open(&req, &house, &id).await?;
    let (language, now) = (language::of(&req), clock::now());
    let receipt = FormReceipt::of(&form, language);
    // whoever fills in what people do not see is told what people are told
    if said.website.as_ref().is_some_and(|website| !website.is_empty()) {
        return Ok(HttpResponse::Accepted().json(receipt));
    }
    let token_key = redeemed(&house.seal, &form, &said.token, now)?;
    // whoever has no token takes nothing from what others may send
    limit::form(&limits, form.id.0.as_u128())?;
    let mut ctx = dialling(acting(&house, tenant, form.user_id, now).await?, &form);
    let answered = form::read(&form, &said.answers, ctx.grants.phone_region());
    let answered = answered.map_err(|faults| Error::from(error::INVALID).faults(faults))?;
    (ctx.origin, ctx.request) = (Origin::at(address), request_id(&req));
    if form.makes == form::LEAD {
        ctx.must::<Create<Lead>>().map_err(|_| error::NOT_FOUND)?;
    }
    let user_agent = req.headers().get(USER_AGENT).and_then(|text| text.to_str().ok());
    let user_agent = user_agent.map(|text| text.chars().take(500).collect());
    let taking = Taking { form, answered, said, token_key, user_agent, language };
    let can = Permit::<Takes>::check(ctx).map_err(|_| error::NOT_FOUND)?;
    house.db.write(can, move |conn, ctx| taking.take(conn, ctx)).await?;
    worker::wake();
    Ok(HttpResponse::Accepted().json(receipt))
}

/// Confirm an address
///
/// By the link of a letter: the address is verified, and what was agreed to in the form holds from now on. A link is good
/// once, for a day.
#[utoipa::path(tag = "forms", request_body = Confirmation,
    responses((status = 200, description = "the address is theirs", body = verification::VerificationResult),
              (status = 422, description = "the link has been used, has expired, or was never given")))]
#[post("/f/confirm")]
async fn confirm_address(
    req: HttpRequest,
    house: Data<House>,
    Address(address): Address,
    Valid(ask): Valid<Confirmation>,
) -> Result<Json<verification::VerificationResult>> {
    let (now, token) = (clock::now(), ask.token.clone());
    let (tenant, user) = house.db.unpermitted(move |conn| verification::is_open(conn, &token, now)).await?;
    let invalid = |_: Error| Error::from(verification::CONFIRMATION_INVALID);
    let mut ctx = acting(&house, tenant, user, now).await.map_err(invalid)?;
    (ctx.origin, ctx.request) = (Origin::at(address), request_id(&req));
    let can = Permit::<Update<Contact>>::check(ctx).map_err(invalid)?;
    house.db.write(can, move |conn, ctx| verification::confirm_link(conn, ctx, &ask.token)).await?;
    Ok(Json(verification::VerificationResult { is_verified: true }))
}

/// A form that is published, on a site that it may stand on.
async fn open(req: &HttpRequest, house: &House, id: &str) -> kernel::Result<(TenantId, Form)> {
    let id: FormId = id.parse().map_err(|_| error::NOT_FOUND)?;
    let found = house.db.unpermitted(move |conn| Ok(form::open(conn, id)?)).await?;
    let (tenant, form) = found.ok_or(error::NOT_FOUND)?;
    origin::check(req, &form)?;
    Ok((tenant, form))
}

/// As whom it is written. A form whose user is there no more is shut.
async fn acting(house: &House, tenant: TenantId, user: UserId, now: DateTime<Utc>) -> kernel::Result<Ctx> {
    match house.identity.acting(tenant, user, None, now).await {
        Err(error) if error.code == error::UNAUTHENTICATED => Err(error::NOT_FOUND.into()),
        found => found,
    }
}

/// Phone numbers that do not say their country are of the form's region, else of the tenant's.
fn dialling(ctx: Ctx, form: &Form) -> Ctx {
    let region = form.phone_region.as_deref().and_then(Region::of).or(ctx.grants.phone_region());
    Ctx { grants: Arc::new(Grants::clone(&ctx.grants).dialling_in(region)), ..ctx }
}

/// What a token is signed for.
fn purpose(form: FormId) -> String {
    format!("form {form}")
}

/// The name of a token that is good now.
fn redeemed(seal: &Seal, form: &Form, token: &str, now: DateTime<Utc>) -> kernel::Result<String> {
    let mark = seal.open(&purpose(form.id), token).map_err(|_| TOKEN_INVALID)?;
    let at = mark.keys.first().and_then(|at| DateTime::from_timestamp_millis(at.as_ref()?.parse().ok()?));
    let age = now - at.ok_or(TOKEN_INVALID)?;
    if age > A_DAY {
        return Err(TOKEN_INVALID.into());
    }
    if age < Duration::seconds(form.least_seconds.into()) {
        return Err(TOO_SOON.into());
    }
    Ok(mark.id.to_string())
}

/// All that a submission is made of.
struct Taking {
    form: Form,
    answered: Answered,
    said: FormAnswers,
    token_key: String,
    user_agent: Option<String>,
    language: Language,
}

impl Taking {
    fn take(&self, conn: &mut platform::Conn, ctx: &Ctx) -> kernel::Result<()> {
        let reads = Reads {
            new: &|fields| self.body::<NewContact>(ctx, fields),
            patch: &|fields| self.body::<ContactPatch>(ctx, fields),
        };
        let leads: &dyn Leads = self;
        let sent = Sent {
            form: &self.form,
            answered: &self.answered,
            token_key: &self.token_key,
            utm: self.said.marks(),
            referrer: self.said.referrer.clone(),
            user_agent: self.user_agent.clone(),
            language: self.language,
            reads: &reads,
            leads: (self.form.makes == form::LEAD).then_some(leads),
        };
        submission::take(conn, ctx, &sent).map(drop)
    }

    /// A body of a contact, by the rules that hold for everybody's; what breaks one is told by the name of the answer.
    fn body<T>(&self, ctx: &Ctx, fields: &Map<String, Value>) -> kernel::Result<T>
    where
        T: DeserializeOwned + extracted::Body,
    {
        let bytes = serde_json::to_vec(fields).map_err(Error::internal)?;
        extracted::read(&bytes, &ctx.grants).map_err(|mut error| {
            error.faults.iter_mut().for_each(|fault| *fault = self.placed(fault.clone()));
            error
        })
    }

    fn placed(&self, fault: Fault) -> Fault {
        let path = fault.pointer.trim_start_matches('/').replace('/', ".");
        let of = |target: &str| form::field_of(target) == path;
        let field = self.form.fields.0.iter().find(|field| field.target.as_deref().is_some_and(of));
        let pointer = field.map_or_else(|| "/answers".to_owned(), |field| format!("/answers/{}", field.key));
        Fault { pointer, ..fault }
    }
}
