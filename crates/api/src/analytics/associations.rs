//! `/v1/association-runs`, `/v1/association-rules` and what they recommend.
use crate::answer::{Found, Result, Shown};
use crate::extract::{Asked, Can, Id, List, ListQuery, Valid, View, ViewQuery};
use crate::language;
use crate::routes::Routes;
use crate::worker;
use ::analytics::association::rule::{self, AssociationRule};
use ::analytics::association::{self, AssociationRun, NewAssociationRun, Recommended};
use ::customer::account::Account;
use ::sales::order::Order;
use ::sales::product::Product;
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get, post};
use kernel::{
    AccountId, AssociationRuleId, AssociationRunId, Create, Error, Fault, Page, ProductId, Read, error, text,
};
use platform::Db;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_association_runs)
        .service(begin_association_run)
        .service(get_association_run)
        .service(list_association_rules)
        .service(list_product_recommendations)
        .service(list_account_recommendations);
}

type AssociationRunPage = Page<AssociationRun>;
type AssociationRulePage = Page<AssociationRule>;

const FEW: u16 = 10;
const MOST: u16 = 100;

/// How many are recommended.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct RecommendationQuery {
    /// how many at most, from 1 to 100; 10, where it is absent
    limit: Option<String>,
}

impl RecommendationQuery {
    fn most(&self) -> Result<i64> {
        let limit = self.limit.as_ref().map_or(Ok(FEW), |text| text.parse());
        let limit = limit.ok().filter(|limit| (1..=MOST).contains(limit)).ok_or_else(|| {
            let fault = Fault::new("?limit", "range", text!("a whole number from 1 to {most}", most = MOST));
            Error::from(error::UNKNOWN_PARAMETER).fault(fault)
        })?;
        Ok(i64::from(limit))
    }
}

/// A product that goes with what was bought.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "product_id": "0192f0c1-3333-7000-8000-000000000002", "sku": "TEA-1", "name": "Tea",
    "rule_id": "0192f0c1-9999-7000-8000-000000000006", "condition_ids": ["0192f0c1-3333-7000-8000-000000000001"],
    "order_count": 196, "support": "0.0199", "confidence": "0.4", "lift": "1.57",
    "reason": "in 40 % of the orders with what was bought it is there too, 1.57 times as often as in all"
}))]
pub struct Recommendation {
    pub product_id: ProductId,
    pub sku: String,
    pub name: String,
    /// the rule that says so
    pub rule_id: AssociationRuleId,
    /// what was bought that it goes with
    pub condition_ids: Vec<ProductId>,
    /// orders that hold all of that and it
    pub order_count: i32,
    #[schema(value_type = String, example = "0.0199")]
    pub support: Decimal,
    #[schema(value_type = String, example = "0.4")]
    pub confidence: Decimal,
    #[schema(value_type = String, example = "1.57")]
    pub lift: Decimal,
    /// why, in the caller's language
    pub reason: String,
}

/// List looks for what is bought with what
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "associations", params(ListQuery),
    responses((status = 200, description = "a page of looks", body = AssociationRunPage)))]
#[get("/association-runs")]
async fn list_association_runs(
    db: Data<Db>,
    Can(can): Can<Read<AssociationRun>>,
    List(listing, view): List<association::Table>,
) -> Result<Shown<AssociationRunPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| association::list(conn, ctx, &listing)).await
}

/// Look for what is bought with what
///
/// Over all orders of products, in the background: rules of at least so much support and confidence. One look goes on at a
/// time; recommendations are by the last that came to its end.
#[utoipa::path(tag = "associations", request_body = NewAssociationRun,
    responses((status = 202, description = "the look that was begun", body = AssociationRun)))]
#[post("/association-runs")]
async fn begin_association_run(
    db: Data<Db>,
    Can(can): Can<Create<AssociationRun>>,
    Valid(asked): Valid<NewAssociationRun>,
) -> Result<HttpResponse> {
    let begun = db.change(can, move |conn, ctx| association::begin(conn, ctx, &asked)).await?;
    worker::wake();
    Ok(HttpResponse::Accepted().json(begun))
}

/// Get a look for what is bought with what
#[utoipa::path(tag = "associations", params(("id" = AssociationRunId, Path), ViewQuery),
    responses((status = 200, description = "the look", body = AssociationRun)))]
#[get("/association-runs/{id}")]
async fn get_association_run(
    db: Data<Db>,
    Can(can): Can<Read<AssociationRun>>,
    Id(id): Id<AssociationRunId>,
    view: View,
) -> Result<Found<AssociationRun>> {
    view.one(&db, can, id).await
}

/// List rules of what is bought with what
///
/// `?run_id=…&sort=rank` are those of a look, the best first.
#[utoipa::path(tag = "associations", params(ListQuery),
    responses((status = 200, description = "a page of rules", body = AssociationRulePage)))]
#[get("/association-rules")]
async fn list_association_rules(
    db: Data<Db>,
    Can(can): Can<Read<AssociationRun>>,
    List(listing, view): List<rule::Table>,
) -> Result<Shown<AssociationRulePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| rule::list(conn, ctx, &listing)).await
}

/// Get what goes with a product
///
/// Active products that are bought with it, the best first, by the last look.
#[utoipa::path(tag = "associations", params(("id" = ProductId, Path), RecommendationQuery),
    responses((status = 200, description = "what goes with it", body = Vec<Recommendation>)))]
#[get("/products/{id}/recommendations")]
async fn list_product_recommendations(
    req: HttpRequest,
    db: Data<Db>,
    Can(can): Can<(Read<Product>, Read<AssociationRun>)>,
    Id(id): Id<ProductId>,
    Asked(query): Asked<RecommendationQuery>,
) -> Result<Json<Vec<Recommendation>>> {
    let most = query.most()?;
    let found = db.read(can, move |conn, ctx| association::for_product(conn, ctx, id, most)).await?;
    Ok(told(&req, found))
}

/// Get what an account may like
///
/// Active products that go with what it has bought and not bought yet, the best first, by the last look and the orders
/// that the caller sees.
#[utoipa::path(tag = "associations", params(("id" = AccountId, Path), RecommendationQuery),
    responses((status = 200, description = "what it may like", body = Vec<Recommendation>)))]
#[get("/accounts/{id}/recommendations")]
async fn list_account_recommendations(
    req: HttpRequest,
    db: Data<Db>,
    Can(can): Can<((Read<Account>, Read<Order>), (Read<Product>, Read<AssociationRun>))>,
    Id(id): Id<AccountId>,
    Asked(query): Asked<RecommendationQuery>,
) -> Result<Json<Vec<Recommendation>>> {
    let most = query.most()?;
    let found = db.read(can, move |conn, ctx| association::for_account(conn, ctx, id, most)).await?;
    Ok(told(&req, found))
}

fn told(req: &HttpRequest, found: Vec<Recommended>) -> Json<Vec<Recommendation>> {
    let (language, texts) = (language::of(req), language::texts());
    let one = |one: Recommended| Recommendation {
        reason: one.reason().told(language, texts),
        product_id: one.product_id,
        sku: one.sku,
        name: one.name,
        rule_id: one.rule_id,
        condition_ids: one.condition_ids,
        order_count: one.order_count,
        support: one.support.normalize(),
        confidence: one.confidence.normalize(),
        lift: one.lift.normalize(),
    };
    Json(found.into_iter().map(one).collect())
}
