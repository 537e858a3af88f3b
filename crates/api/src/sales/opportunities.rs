//! `/v1/opportunities`: what may be sold, to whom, for how much, and how far it has come.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, Likeness, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, external, unknown_key};
use crate::routes::Routes;
use ::sales::opportunity::{self, CardMove, Key, NewOpportunity, Opportunity, OpportunityPatch};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Existing, OpportunityId, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_opportunities)
        .service(create_opportunity)
        .service(batch_opportunities)
        .service(find_duplicate_opportunities)
        .service(upsert_opportunity)
        .service(get_opportunity)
        .service(update_opportunity)
        .service(delete_opportunity)
        .service(restore_opportunity)
        .service(transition_opportunity)
        .service(move_opportunity);
}

type OpportunityPage = Page<Opportunity>;

/// List opportunities
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "opportunities", params(ListQuery),
    responses((status = 200, description = "a page of opportunities", body = OpportunityPage)))]
#[get("/opportunities")]
async fn list_opportunities(
    db: Data<Db>,
    Can(can): Can<Read<Opportunity>>,
    List(listing, view): List<opportunity::Table>,
) -> Result<Shown<OpportunityPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| opportunity::list(conn, ctx, &listing)).await
}

/// Create an opportunity
///
/// With its lines, if there are any; what they come to is its amount. It begins in the first open stage of the default pipeline,
/// unless it says where: whatever the stage demands has to be there, and everything that is missing is named at once.
#[utoipa::path(tag = "opportunities", request_body = NewOpportunity,
    responses((status = 201, description = "the opportunity as it was made", body = Opportunity)))]
#[post("/opportunities")]
async fn create_opportunity(
    db: Data<Db>,
    Can(can): Can<Create<Opportunity>>,
    Valid(new): Valid<NewOpportunity>,
) -> Result<Created<Opportunity>> {
    Ok(Created(db.write(can, move |conn, ctx| opportunity::create(conn, ctx, &new)).await?))
}

/// Get an opportunity
#[utoipa::path(tag = "opportunities", params(("id" = OpportunityId, Path), ViewQuery),
    responses((status = 200, description = "the opportunity", body = Opportunity)))]
#[get("/opportunities/{id}")]
async fn get_opportunity(
    db: Data<Db>,
    Can(can): Can<Read<Opportunity>>,
    Id(id): Id<OpportunityId>,
    view: View,
) -> Result<Found<Opportunity>> {
    view.one(&db, can, id).await
}

/// Update an opportunity
///
/// Another `stage_id` is a transition: whatever that stage demands has to be there, or come with it.
#[utoipa::path(tag = "opportunities", params(("id" = OpportunityId, Path)),
    request_body(content = OpportunityPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the opportunity as it is now", body = Opportunity)))]
#[patch("/opportunities/{id}")]
async fn update_opportunity(
    db: Data<Db>,
    Can(can): Can<Update<Opportunity>>,
    Id(id): Id<OpportunityId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<OpportunityPatch>,
) -> Result<Found<Opportunity>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| opportunity::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge an opportunity
#[utoipa::path(tag = "opportunities", params(("id" = OpportunityId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/opportunities/{id}")]
async fn delete_opportunity(
    db: Data<Db>,
    Can(can): Can<Delete<Opportunity>>,
    Id(id): Id<OpportunityId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Opportunity>>().and_then(|()| opportunity::purge(conn, ctx, id, base)),
        false => opportunity::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived opportunity
#[utoipa::path(tag = "opportunities", params(("id" = OpportunityId, Path)),
    responses((status = 200, description = "the opportunity, in use again", body = Opportunity)))]
#[post("/opportunities/{id}/restore")]
async fn restore_opportunity(
    db: Data<Db>,
    Can(can): Can<Delete<Opportunity>>,
    Id(id): Id<OpportunityId>,
) -> Result<Found<Opportunity>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| opportunity::restore(conn, ctx, id)).await?))
}

/// Create or update an opportunity by a key
///
/// The key is `ext:{source_system}`. Where the body has lines, they take the place of those that are there.
#[utoipa::path(tag = "opportunities", params(KeyPath, UpsertQuery), request_body = NewOpportunity,
    responses((status = 200, description = "the opportunity as it is now", body = Opportunity),
              (status = 201, description = "the opportunity as it was made", body = Opportunity)))]
#[put("/opportunities/by/{key}/{value}")]
async fn upsert_opportunity(
    db: Data<Db>,
    Can(can): Can<(Create<Opportunity>, Update<Opportunity>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewOpportunity, OpportunityPatch>,
) -> Result<Put<Opportunity>> {
    let key = key(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| opportunity::upsert(conn, ctx, &key, &ask)).await?))
}

/// Take an opportunity to another stage
///
/// With whatever that stage demands and is not there yet: all that is missing is named at once. 409 where the stage it is in
/// does not lead there. One that was won or lost is open again where it goes to an open stage. If-Match asks for the
/// version of the opportunity.
#[utoipa::path(tag = "opportunities", params(("id" = OpportunityId, Path)), request_body = OpportunityPatch,
    responses((status = 200, description = "the opportunity as it is now", body = Opportunity)))]
#[post("/opportunities/{id}/transition")]
async fn transition_opportunity(
    db: Data<Db>,
    Can(can): Can<Update<Opportunity>>,
    Id(id): Id<OpportunityId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<OpportunityPatch>,
) -> Result<Found<Opportunity>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| opportunity::transition(conn, ctx, id, base, &patch)).await?))
}

/// Put the card of an opportunity somewhere on the board
///
/// Behind or before another card of the stage, or at its end. Another stage is a transition, with all that it demands. If-Match asks for
/// the version of the opportunity.
#[utoipa::path(tag = "opportunities", params(("id" = OpportunityId, Path)), request_body = CardMove,
    responses((status = 200, description = "the opportunity as it is now", body = Opportunity)))]
#[post("/opportunities/{id}/move")]
async fn move_opportunity(
    db: Data<Db>,
    Can(can): Can<Update<Opportunity>>,
    Id(id): Id<OpportunityId>,
    IfMatch(base): IfMatch,
    Valid(card): Valid<CardMove>,
) -> Result<Found<Opportunity>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| opportunity::place(conn, ctx, id, base, &card)).await?))
}

/// Write many opportunities
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "opportunities", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/opportunities/batch")]
async fn batch_opportunities(db: Data<Db>, Can(can): Can<Writes<Opportunity>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Opportunity>>()?;
                opportunity::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Opportunity>>()?;
                opportunity::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Opportunity>, Update<Opportunity>)>()?;
                let (path, ask) = item.upsert()?;
                opportunity::upsert(conn, ctx, &key(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Opportunity>>()?;
                opportunity::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// Find opportunities that a new one probably is
#[utoipa::path(tag = "opportunities", request_body = NewOpportunity,
    responses((status = 200, description = "the candidates, the likeliest first", body = [Existing])))]
#[post("/opportunities/duplicates")]
async fn find_duplicate_opportunities(
    db: Data<Db>,
    Can(can): Can<Read<Opportunity>>,
    Likeness(new): Likeness<NewOpportunity>,
) -> Result<Json<Vec<Existing>>> {
    Ok(Json(db.read(can, move |conn, ctx| opportunity::duplicates(conn, ctx, &new)).await?))
}

fn key(path: KeyPath) -> kernel::Result<Key> {
    let source_system = external(&path.key).ok_or_else(|| unknown_key(&path.key))?;
    Ok(Key::External { source_system, external_id: path.value })
}
