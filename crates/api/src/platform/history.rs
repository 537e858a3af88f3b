//! `GET /v1/{resource}/{id}/history`: what has happened to a record, version by version. One mechanism for every noun that
//! has a catalogue and events: a line in `routes` is all that it takes.
use crate::answer::{Fail, Result};
use crate::extract::{Asked, Can, Id};
use crate::routes::Routes;
use ::analytics::label::Label;
use ::analytics::segmentation::Segmentation;
use ::customer::account::Account;
use ::customer::activity::Activity;
use ::customer::contact::Contact;
use ::customer::email_message::EmailMessage;
use ::customer::form::Form;
use ::customer::form::submission::FormSubmission;
use ::customer::tag::Tag;
use ::customer::task::Task;
use ::identity::role::Role;
use ::identity::team::Team;
use ::identity::user::User;
use ::marketing::campaign::Campaign;
use ::marketing::coupon::Coupon;
use ::marketing::plan::MarketingPlan;
use ::marketing::promotion::Promotion;
use ::marketing::redemption::Redemption;
use ::marketing::template::Template;
use ::platform::Db;
use ::platform::connection::Connection;
use ::platform::export::Export;
use ::platform::history::{self, Version};
use ::platform::import::Import;
use ::platform::merge::Merge;
use ::platform::segment::Segment;
use ::platform::webhook::endpoint::WebhookEndpoint;
use ::sales::assignment::AssignmentRule;
use ::sales::contract::Contract;
use ::sales::exchange_rate::ExchangeRate;
use ::sales::lead::Lead;
use ::sales::opportunity::Opportunity;
use ::sales::order::Order;
use ::sales::payment::Payment;
use ::sales::pipeline::Pipeline;
use ::sales::pool::Pool;
use ::sales::price_book::PriceBook;
use ::sales::product::Product;
use ::sales::quota::Quota;
use ::sales::quote::Quote;
use ::sales::score_rule::LeadScoreRule;
use ::sales::territory::Territory;
use ::service::agent::Agent;
use ::service::auto_reply::AutoReplyRule;
use ::service::business_calendar::BusinessCalendar;
use ::service::canned::CannedResponse;
use ::service::case::Case;
use ::service::category::CaseCategory;
use ::service::escalation_rule::EscalationRule;
use ::service::inbox::CaseInbox;
use ::service::kb::article::KbArticle;
use ::service::kb::category::KbCategory;
use ::service::kb::portal::KbPortal;
use ::service::macros::Macro;
use ::service::qa::evaluation::QaEvaluation;
use ::service::qa::scorecard::QaScorecard;
use ::service::routing::RoutingRule;
use ::service::skill::Skill;
use ::service::sla_policy::SlaPolicy;
use ::service::survey::Survey;
use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::web::{self, Data, Json};
use actix_web::{HttpRequest, guard};
use kernel::catalogue::Catalogues;
use kernel::page::{Mark, Seal};
use kernel::{Cut, Error, Fault, Noun, Page, Read, error, text};
use serde::Deserialize;
use std::marker::PhantomData;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem, Paths};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Content, Ref, RefOr, Required, ResponseBuilder};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::OpenApiFactory;
use uuid::Uuid;

pub fn routes(cfg: &mut Routes) {
    of_customer(cfg);
    of_sales(cfg);
    of_marketing(cfg);
    of_service(cfg);
    of_platform(cfg);
    of_analytics(cfg);
    of_identity(cfg);
}

fn of_customer(cfg: &mut Routes) {
    cfg.service(Door::<Account>::of("accounts"))
        .service(Door::<Contact>::of("contacts"))
        .service(Door::<Activity>::of("activities"))
        .service(Door::<Task>::of("tasks"))
        .service(Door::<Tag>::of("tags"))
        .service(Door::<EmailMessage>::of("email-messages"))
        .service(Door::<Form>::of("forms"))
        .service(Door::<FormSubmission>::of("form-submissions"));
}

fn of_sales(cfg: &mut Routes) {
    cfg.service(Door::<Product>::of("products"))
        .service(Door::<PriceBook>::of("price-books"))
        .service(Door::<Order>::of("orders"))
        .service(Door::<Opportunity>::of("opportunities"))
        .service(Door::<Lead>::of("leads"))
        .service(Door::<LeadScoreRule>::of("lead-score-rules"))
        .service(Door::<Territory>::of("territories"))
        .service(Door::<AssignmentRule>::of("assignment-rules"))
        .service(Door::<Pool>::of("pools"))
        .service(Door::<Pipeline>::of("pipelines"))
        .service(Door::<ExchangeRate>::of("exchange-rates"))
        .service(Door::<Quota>::of("quotas"))
        .service(Door::<Quote>::of("quotes"))
        .service(Door::<Contract>::of("contracts"))
        .service(Door::<Payment>::of("payments"));
}

fn of_marketing(cfg: &mut Routes) {
    cfg.service(Door::<Promotion>::of("promotions"))
        .service(Door::<Coupon>::of("coupons"))
        .service(Door::<Redemption>::of("redemptions"))
        .service(Door::<MarketingPlan>::of("marketing-plans"))
        .service(Door::<Campaign>::of("campaigns"))
        .service(Door::<Template>::of("templates"));
}

fn of_service(cfg: &mut Routes) {
    cfg.service(Door::<Agent>::of("agents"))
        .service(Door::<Skill>::of("skills"))
        .service(Door::<RoutingRule>::of("routing-rules"))
        .service(Door::<QaScorecard>::of("qa-scorecards"))
        .service(Door::<QaEvaluation>::of("qa-evaluations"))
        .service(Door::<Case>::of("cases"))
        .service(Door::<CaseCategory>::of("case-categories"))
        .service(Door::<CaseInbox>::of("case-inboxes"))
        .service(Door::<AutoReplyRule>::of("auto-reply-rules"))
        .service(Door::<BusinessCalendar>::of("business-calendars"))
        .service(Door::<SlaPolicy>::of("sla-policies"))
        .service(Door::<EscalationRule>::of("escalation-rules"))
        .service(Door::<CannedResponse>::of("canned-responses"))
        .service(Door::<Macro>::of("macros"))
        .service(Door::<Survey>::of("surveys"))
        .service(Door::<KbPortal>::of("kb-portals"))
        .service(Door::<KbCategory>::of("kb-categories"))
        .service(Door::<KbArticle>::of("kb-articles"));
}

fn of_platform(cfg: &mut Routes) {
    cfg.service(Door::<Segment>::of("segments"))
        .service(Door::<Import>::of("imports"))
        .service(Door::<Export>::of("exports"))
        .service(Door::<Merge>::of("merges"))
        .service(Door::<Connection>::of("connections"))
        .service(Door::<WebhookEndpoint>::of("webhook-endpoints"));
}

fn of_analytics(cfg: &mut Routes) {
    cfg.service(Door::<Label>::of("labels")).service(Door::<Segmentation>::of("segmentations"));
}

fn of_identity(cfg: &mut Routes) {
    cfg.service(Door::<User>::of("users")).service(Door::<Team>::of("teams")).service(Door::<Role>::of("roles"));
}

type VersionPage = Page<Version>;
const MOST: u16 = 200;

/// Which versions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HistoryQuery {
    /// how many at most
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 200, default = 50, required = false)]
    limit: u16,
    /// `next_cursor` of the page before
    cursor: Option<String>,
}

fn fifty() -> u16 {
    50
}

/// The newest versions of the record, for those who see it.
async fn list<N: Noun>(
    req: HttpRequest,
    db: Data<Db>,
    catalogues: Data<&'static Catalogues>,
    seal: Data<Seal>,
    Can(can): Can<Read<N>>,
    Id(id): Id<Uuid>,
    Asked(query): Asked<HistoryQuery>,
) -> Result<Json<VersionPage>> {
    if !(1..=MOST).contains(&query.limit) {
        let fault = Fault::new("?limit", "range", text!("a whole number from 1 to {most}", most = MOST));
        return Err(Fail(Error::from(error::UNKNOWN_PARAMETER).fault(fault)));
    }
    let purpose = format!("{} {}", can.ctx().tenant, req.path());
    let after = query.cursor.map(|cursor| seal.open(&purpose, &cursor)).transpose()?;
    let (catalogues, limit) = (**catalogues, usize::from(query.limit));
    let noun = catalogues.get(N::NAME).ok_or_else(|| Error::internal("a history of what has no catalogue"))?;
    let found = db.read(can, move |conn, ctx| history::of(conn, ctx, catalogues, noun, id, after.as_ref(), limit));
    let (data, has_more) = found.await?;
    let mark = |last: &Version| Mark { keys: vec![Some(last.version.to_string())], id: last.id.0 };
    let next_cursor = data.last().filter(|_| has_more).map(|last| seal.close(&purpose, &mark(last)));
    Ok(Json(Page { data, page: Cut { next_cursor, has_more, count: None } }))
}

/// The door of one noun.
struct Door<N> {
    /// the plural, as the path and the tag have it
    place: &'static str,
    noun: PhantomData<N>,
}

impl<N> Door<N> {
    fn of(place: &'static str) -> Self {
        Self { place, noun: PhantomData }
    }
}

impl<N: Noun> HttpServiceFactory for Door<N> {
    fn register(self, config: &mut AppService) {
        let resource = web::resource(format!("/{}/{{id}}/history", self.place)).guard(guard::Get());
        resource.to(list::<N>).register(config);
    }
}

impl<N: Noun> OpenApiFactory for Door<N> {
    fn paths(&self) -> Paths {
        let id = ParameterBuilder::new()
            .name("id")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(<kernel::EventId as utoipa::PartialSchema>::schema()));
        let page = Content::new(Some(Ref::from_schema_name(VersionPage::name())));
        let answer = ResponseBuilder::new().description("a page of its versions, the newest first");
        let operation = OperationBuilder::new()
            .operation_id(Some(format!("list_{}_history", N::NAME)))
            .tag(self.place)
            .summary(Some(format!("List what has happened to one of the {}", self.place)))
            .description(Some(
                "Its versions, the newest first: who made each, when, and what it changed. Archived ones too.",
            ))
            .parameter(id)
            .parameters(Some(HistoryQuery::into_params(|| None)))
            .response("200", answer.content("application/json", page));
        let mut paths = Paths::new();
        let path = format!("/{}/{{id}}/history", self.place);
        paths.paths.insert(path, PathItem::new(HttpMethod::Get, operation));
        paths
    }

    fn schemas(&self, schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((VersionPage::name().into(), <VersionPage as utoipa::PartialSchema>::schema()));
        <VersionPage as ToSchema>::schemas(schemas);
    }
}
