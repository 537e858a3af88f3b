//! `/v1/external-refs`: what other systems call our records.
use crate::answer::{Nothing, Result};
use crate::extract::{Asked, Can, Valid};
use crate::routes::Routes;
use ::customer::account::{self, Account};
use ::customer::activity::{self, Activity};
use ::customer::contact::{self, Contact};
use ::customer::task::{self, Task};
use ::platform::external::{self, ExternalRef};
use ::platform::{Conn, Db, audit};
use ::sales::contract::{self, Contract};
use ::sales::lead::{self, Lead};
use ::sales::opportunity::{self, Opportunity};
use ::sales::order::{self, Order};
use ::sales::payment::{self, Payment};
use ::sales::price_book::{self, PriceBook};
use ::sales::product::{self, Product};
use ::sales::quote::{self, Quote};
use ::service::case::{self, Case};
use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, delete, get, post};
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Myself, Noun, Read, Tidy, Update, error};
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_external_refs).service(create_external_ref).service(delete_external_ref);
}

/// The nouns whose records have names elsewhere.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    Account,
    Contact,
    Activity,
    Task,
    Product,
    PriceBook,
    Order,
    Opportunity,
    Quote,
    Contract,
    Payment,
    Lead,
    Case,
}

/// Which record.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NamedQuery {
    /// of which noun
    #[param(inline)]
    pub resource: Named,
    /// which record
    pub record_id: Uuid,
}

/// Which name of which record.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NameQuery {
    /// of which noun
    #[param(inline)]
    pub resource: Named,
    /// which record
    pub record_id: Uuid,
    /// the system whose name is taken away
    #[param(min_length = 1, max_length = 100, example = "shopify")]
    pub source_system: String,
}

/// A name for a record.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "resource": "contact", "record_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "source_system": "shopify",
    "external_id": "cus_9s6XKzkNRiz8i3"
}))]
pub struct NewExternalRef {
    #[schema(inline)]
    pub resource: Named,
    pub record_id: Uuid,
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub source_system: String,
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub external_id: String,
}

impl Tidy for NewExternalRef {}

/// List what other systems call a record
#[utoipa::path(tag = "external-refs", params(NamedQuery),
    responses((status = 200, description = "all its names", body = [ExternalRef])))]
#[get("/external-refs")]
async fn list_external_refs(
    db: Data<Db>,
    Can(can): Can<Myself>,
    Asked(query): Asked<NamedQuery>,
) -> Result<Json<Vec<ExternalRef>>> {
    let all = db.read(can, move |conn, ctx| {
        seen(conn, ctx, query.resource, query.record_id)?;
        external::of(conn, ctx, query.record_id)
    });
    Ok(Json(all.await?))
}

/// Give a record a name
///
/// The same name twice is no fault; a name that stands for another record is a conflict.
#[utoipa::path(tag = "external-refs", request_body = NewExternalRef,
    responses((status = 201, description = "all names of the record", body = [ExternalRef])))]
#[post("/external-refs")]
async fn create_external_ref(
    db: Data<Db>,
    Can(can): Can<Myself>,
    Valid(new): Valid<NewExternalRef>,
) -> Result<HttpResponse> {
    let all = db.write(can, move |conn, ctx| {
        changeable(conn, ctx, new.resource, new.record_id)?;
        let put = match new.resource {
            Named::Account => external::put::<Account>,
            Named::Contact => external::put::<Contact>,
            Named::Activity => external::put::<Activity>,
            Named::Task => external::put::<Task>,
            Named::Product => external::put::<Product>,
            Named::PriceBook => external::put::<PriceBook>,
            Named::Order => external::put::<Order>,
            Named::Opportunity => external::put::<Opportunity>,
            Named::Quote => external::put::<Quote>,
            Named::Contract => external::put::<Contract>,
            Named::Payment => external::put::<Payment>,
            Named::Lead => external::put::<Lead>,
            Named::Case => external::put::<Case>,
        };
        if !put(conn, ctx, new.record_id, &new.source_system, &new.external_id)? {
            return Err(taken(conn, ctx, &new)?);
        }
        note(conn, ctx, "external_ref.created", new.resource, new.record_id, &new.source_system)?;
        external::of(conn, ctx, new.record_id)
    });
    Ok(HttpResponse::Created().json(all.await?))
}

/// Take a record's name away
#[utoipa::path(tag = "external-refs", params(NameQuery), responses((status = 204, description = "it has that name no longer")))]
#[delete("/external-refs")]
async fn delete_external_ref(db: Data<Db>, Can(can): Can<Myself>, Asked(query): Asked<NameQuery>) -> Result<Nothing> {
    db.write(can, move |conn, ctx| {
        changeable(conn, ctx, query.resource, query.record_id)?;
        match external::remove(conn, ctx, query.record_id, &query.source_system)? {
            0 => Err(error::NOT_FOUND.into()),
            _ => note(conn, ctx, "external_ref.deleted", query.resource, query.record_id, &query.source_system),
        }
    })
    .await?;
    Ok(Nothing)
}

/// In the trail of the record; what it is called elsewhere may tell of somebody.
fn note(conn: &mut Conn, ctx: &Ctx, action: &str, noun: Named, record: Uuid, system: &str) -> kernel::Result<()> {
    let noun = match noun {
        Named::Account => Account::NAME,
        Named::Contact => Contact::NAME,
        Named::Activity => Activity::NAME,
        Named::Task => Task::NAME,
        Named::Product => Product::NAME,
        Named::PriceBook => PriceBook::NAME,
        Named::Order => Order::NAME,
        Named::Opportunity => Opportunity::NAME,
        Named::Quote => Quote::NAME,
        Named::Contract => Contract::NAME,
        Named::Payment => Payment::NAME,
        Named::Lead => Lead::NAME,
        Named::Case => Case::NAME,
    };
    audit::note(conn, ctx, action, noun, record, json!({"source_system": system}))
}

/// The record is there for the caller.
fn seen(conn: &mut Conn, ctx: &Ctx, noun: Named, id: Uuid) -> kernel::Result<()> {
    match noun {
        Named::Account => ctx.must::<Read<Account>>().and_then(|()| account::find(conn, ctx, id.into()).map(drop)),
        Named::Contact => ctx.must::<Read<Contact>>().and_then(|()| contact::find(conn, ctx, id.into()).map(drop)),
        Named::Activity => ctx.must::<Read<Activity>>().and_then(|()| activity::find(conn, ctx, id.into()).map(drop)),
        Named::Task => ctx.must::<Read<Task>>().and_then(|()| task::find(conn, ctx, id.into()).map(drop)),
        Named::Product => ctx.must::<Read<Product>>().and_then(|()| product::find(conn, ctx, id.into()).map(drop)),
        Named::PriceBook => {
            ctx.must::<Read<PriceBook>>().and_then(|()| price_book::find(conn, ctx, id.into()).map(drop))
        }
        Named::Order => ctx.must::<Read<Order>>().and_then(|()| order::find(conn, ctx, id.into()).map(drop)),
        Named::Lead => ctx.must::<Read<Lead>>().and_then(|()| lead::find(conn, ctx, id.into()).map(drop)),
        Named::Case => ctx.must::<Read<Case>>().and_then(|()| case::find(conn, ctx, id.into()).map(drop)),
        Named::Opportunity => {
            ctx.must::<Read<Opportunity>>().and_then(|()| opportunity::find(conn, ctx, id.into()).map(drop))
        }
        Named::Quote => ctx.must::<Read<Quote>>().and_then(|()| quote::find(conn, ctx, id.into()).map(drop)),
        Named::Contract => ctx.must::<Read<Contract>>().and_then(|()| contract::find(conn, ctx, id.into()).map(drop)),
        Named::Payment => ctx.must::<Read<Payment>>().and_then(|()| payment::find(conn, ctx, id.into()).map(drop)),
    }
}

/// The record is there for the caller, who may change such records.
fn changeable(conn: &mut Conn, ctx: &Ctx, noun: Named, id: Uuid) -> kernel::Result<()> {
    match noun {
        Named::Account => ctx.must::<Update<Account>>()?,
        Named::Contact => ctx.must::<Update<Contact>>()?,
        Named::Activity => ctx.must::<Update<Activity>>()?,
        Named::Task => ctx.must::<Update<Task>>()?,
        Named::Product => ctx.must::<Update<Product>>()?,
        Named::PriceBook => ctx.must::<Update<PriceBook>>()?,
        Named::Order => ctx.must::<Update<Order>>()?,
        Named::Opportunity => ctx.must::<Update<Opportunity>>()?,
        Named::Quote => ctx.must::<Update<Quote>>()?,
        Named::Contract => ctx.must::<Update<Contract>>()?,
        Named::Payment => ctx.must::<Update<Payment>>()?,
        Named::Lead => ctx.must::<Update<Lead>>()?,
        Named::Case => ctx.must::<Update<Case>>()?,
    }
    seen(conn, ctx, noun, id)
}

/// Whose name it is, as far as the caller may know.
fn taken(conn: &mut Conn, ctx: &Ctx, new: &NewExternalRef) -> kernel::Result<Error> {
    let find = match new.resource {
        Named::Account => external::find::<Account>,
        Named::Contact => external::find::<Contact>,
        Named::Activity => external::find::<Activity>,
        Named::Task => external::find::<Task>,
        Named::Product => external::find::<Product>,
        Named::PriceBook => external::find::<PriceBook>,
        Named::Order => external::find::<Order>,
        Named::Opportunity => external::find::<Opportunity>,
        Named::Quote => external::find::<Quote>,
        Named::Contract => external::find::<Contract>,
        Named::Payment => external::find::<Payment>,
        Named::Lead => external::find::<Lead>,
        Named::Case => external::find::<Case>,
    };
    let other = find(conn, ctx, &new.source_system, &new.external_id)?;
    let other = other.filter(|id| seen(conn, ctx, new.resource, *id).is_ok());
    let existing: Vec<Existing> = other.map(|id| Existing::new(id, "external_id", 100)).into_iter().collect();
    Ok(conflict(external::EXTERNAL_ID_TAKEN, &existing))
}
