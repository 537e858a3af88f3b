//! What becomes of leads: how they are rated, whom they go to, and which customers they become.
use crate::answer::{Found, Result};
use crate::extract::{Can, Id, IfMatch, Valid, body as extracted};
use crate::routes::Routes;
use ::customer::account::{Account, NewAccount};
use ::customer::contact::{Contact, NewContact};
use ::sales::assignment::AssignmentRule;
use ::sales::assignment::order::{self, LeadAssignment, LeadAssignmentOrder, LeadsAssigned};
use ::sales::lead::Lead;
use ::sales::lead::conversion::{self, LeadConversion, LeadConverted, Reads};
use ::sales::lead::score::{self, LeadScore};
use ::sales::opportunity::{NewOpportunity, Opportunity};
use actix_web::web::{Data, Json};
use actix_web::{get, post};
use kernel::{Assign, Create, Ctx, Delete, Error, LeadId, Read, Update};
use platform::Db;
use serde_json::{Map, Value};

pub fn routes(cfg: &mut Routes) {
    cfg.service(assign_leads)
        .service(get_lead_score)
        .service(get_lead_assignment)
        .service(convert_lead)
        .service(unconvert_lead);
}

/// Get what a lead's score is made of
///
/// The rules that hold of it, and what each has given or taken, and when.
#[utoipa::path(tag = "leads", params(("id" = LeadId, Path)),
    responses((status = 200, description = "the score and its ledger", body = LeadScore)))]
#[get("/leads/{id}/score")]
async fn get_lead_score(db: Data<Db>, Can(can): Can<Read<Lead>>, Id(id): Id<LeadId>) -> Result<Json<LeadScore>> {
    Ok(Json(db.read(can, move |conn, ctx| score::of(conn, ctx, id)).await?))
}

/// Get why somebody has a lead
///
/// What each rule said when it was given out last, and whom they would give it to now.
#[utoipa::path(tag = "leads", params(("id" = LeadId, Path)),
    responses((status = 200, description = "each rule and each of its members, with the reason", body = LeadAssignment)))]
#[get("/leads/{id}/assignment")]
async fn get_lead_assignment(
    db: Data<Db>,
    Can(can): Can<(Read<Lead>, Read<AssignmentRule>)>,
    Id(id): Id<LeadId>,
) -> Result<Json<LeadAssignment>> {
    Ok(Json(db.read(can, move |conn, ctx| order::explain(conn, ctx, id)).await?))
}

/// Give out leads by the assignment rules
///
/// Those that are named, or the oldest thousand of which a filter holds, as far as they are open and the caller's to change.
/// With `dry_run` nothing is changed, and the answer tells what would come of it.
#[utoipa::path(tag = "leads", request_body = LeadAssignmentOrder,
    responses((status = 200, description = "whom each went to, and why", body = LeadsAssigned)))]
#[post("/leads/assign")]
async fn assign_leads(
    db: Data<Db>,
    Can(can): Can<(Update<Lead>, Assign<Lead>)>,
    Valid(asked): Valid<LeadAssignmentOrder>,
) -> Result<Json<LeadsAssigned>> {
    Ok(Json(db.write(can, move |conn, ctx| order::assign(conn, ctx, &asked)).await?))
}

type Makes = (Create<Account>, (Create<Contact>, Create<Opportunity>));

/// Make a customer of a lead
///
/// A contact, an account where the lead names a company, and an opportunity where one is asked for, in one transaction:
/// each is one that is there, or is made of what the lead says. With `account.person` the account is the contact's own:
/// it is one already, or is made; 409 `account_person_taken` where it is one and `on_duplicate` is not `use`.
/// Activities, tasks and tags of the lead are theirs too from then on. A second conversion is 409 with what the lead
/// has become. If-Match asks for the version of the lead.
#[utoipa::path(tag = "leads", params(("id" = LeadId, Path)), request_body = LeadConversion,
    responses((status = 200, description = "what it has become", body = LeadConverted)))]
#[post("/leads/{id}/convert")]
async fn convert_lead(
    db: Data<Db>,
    Can(can): Can<(Update<Lead>, Makes)>,
    Id(id): Id<LeadId>,
    IfMatch(base): IfMatch,
    Valid(asked): Valid<LeadConversion>,
) -> Result<Json<LeadConverted>> {
    let done = db.write(can, move |conn, ctx| {
        let reads = Reads {
            account: &|fields| body::<NewAccount>(ctx, fields),
            contact: &|fields| body::<NewContact>(ctx, fields),
            opportunity: &|fields| body::<NewOpportunity>(ctx, fields),
        };
        conversion::convert(conn, ctx, id, base, &asked, &reads)
    });
    Ok(Json(done.await?))
}

type Undoes = (Delete<Account>, (Delete<Contact>, Delete<Opportunity>));

/// Take a conversion back
///
/// What it has made is archived, and the lead is what it was. 409 where anybody has worked with what was made since:
/// `existing` says with what. If-Match asks for the version of the lead.
#[utoipa::path(tag = "leads", params(("id" = LeadId, Path)),
    responses((status = 200, description = "the lead as it is now", body = Lead)))]
#[post("/leads/{id}/unconvert")]
async fn unconvert_lead(
    db: Data<Db>,
    Can(can): Can<(Update<Lead>, Undoes)>,
    Id(id): Id<LeadId>,
    IfMatch(base): IfMatch,
) -> Result<Found<Lead>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| conversion::unconvert(conn, ctx, id, base)).await?))
}

/// Members as a body, by the rules that hold for everybody's.
fn body<T: extracted::Body>(ctx: &Ctx, fields: &Map<String, Value>) -> kernel::Result<T> {
    let bytes = serde_json::to_vec(fields).map_err(Error::internal)?;
    extracted::read(&bytes, &ctx.grants)
}
