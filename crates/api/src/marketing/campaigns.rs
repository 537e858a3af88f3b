//! `/v1/campaigns`: what is done to reach people. Who is in one is in `campaign_members`.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, external, unknown_key};
use crate::routes::Routes;
use ::marketing::campaign::{self, Campaign, CampaignPatch, CampaignTransition, Key, NewCampaign};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{CampaignId, Create, Delete, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_campaigns)
        .service(create_campaign)
        .service(batch_campaigns)
        .service(upsert_campaign)
        .service(get_campaign)
        .service(update_campaign)
        .service(delete_campaign)
        .service(restore_campaign)
        .service(transition_campaign);
}

type CampaignPage = Page<Campaign>;

/// List campaigns
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "campaigns", params(ListQuery),
    responses((status = 200, description = "a page of campaigns", body = CampaignPage)))]
#[get("/campaigns")]
async fn list_campaigns(
    db: Data<Db>,
    Can(can): Can<Read<Campaign>>,
    List(listing, view): List<campaign::Table>,
) -> Result<Shown<CampaignPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| campaign::list(conn, ctx, &listing)).await
}

/// Create a campaign
///
/// As one that is planned, by a plan or by itself, below another campaign or alone.
#[utoipa::path(tag = "campaigns", request_body = NewCampaign,
    responses((status = 201, description = "the campaign as it was made", body = Campaign)))]
#[post("/campaigns")]
async fn create_campaign(
    db: Data<Db>,
    Can(can): Can<Create<Campaign>>,
    Valid(new): Valid<NewCampaign>,
) -> Result<Created<Campaign>> {
    Ok(Created(db.write(can, move |conn, ctx| campaign::create(conn, ctx, &new)).await?))
}

/// Get a campaign
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path), ViewQuery),
    responses((status = 200, description = "the campaign", body = Campaign)))]
#[get("/campaigns/{id}")]
async fn get_campaign(
    db: Data<Db>,
    Can(can): Can<Read<Campaign>>,
    Id(id): Id<CampaignId>,
    view: View,
) -> Result<Found<Campaign>> {
    view.one(&db, can, id).await
}

/// Update a campaign
///
/// Its status changes by its transition, and its currency stays.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path)),
    request_body(content = CampaignPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the campaign as it is now", body = Campaign)))]
#[patch("/campaigns/{id}")]
async fn update_campaign(
    db: Data<Db>,
    Can(can): Can<Update<Campaign>>,
    Id(id): Id<CampaignId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<CampaignPatch>,
) -> Result<Found<Campaign>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| campaign::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a campaign
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/campaigns/{id}")]
async fn delete_campaign(
    db: Data<Db>,
    Can(can): Can<Delete<Campaign>>,
    Id(id): Id<CampaignId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Campaign>>().and_then(|()| campaign::purge(conn, ctx, id, base)),
        false => campaign::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived campaign
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path)),
    responses((status = 200, description = "the campaign, in use again", body = Campaign)))]
#[post("/campaigns/{id}/restore")]
async fn restore_campaign(
    db: Data<Db>,
    Can(can): Can<Delete<Campaign>>,
    Id(id): Id<CampaignId>,
) -> Result<Found<Campaign>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| campaign::restore(conn, ctx, id)).await?))
}

/// Create or update a campaign by a key
///
/// The key is `ext:{source_system}`.
#[utoipa::path(tag = "campaigns", params(KeyPath, UpsertQuery), request_body = NewCampaign,
    responses((status = 200, description = "the campaign as it is now", body = Campaign),
              (status = 201, description = "the campaign as it was made", body = Campaign)))]
#[put("/campaigns/by/{key}/{value}")]
async fn upsert_campaign(
    db: Data<Db>,
    Can(can): Can<(Create<Campaign>, Update<Campaign>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewCampaign, CampaignPatch>,
) -> Result<Put<Campaign>> {
    let key = key(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| campaign::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many campaigns
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "campaigns", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/campaigns/batch")]
async fn batch_campaigns(db: Data<Db>, Can(can): Can<Writes<Campaign>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Campaign>>()?;
                campaign::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Campaign>>()?;
                campaign::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Campaign>, Update<Campaign>)>()?;
                let (path, ask) = item.upsert()?;
                campaign::upsert(conn, ctx, &key(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Campaign>>()?;
                campaign::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// Move a campaign on
///
/// From `planned` to `active`, between `active` and `paused`, in the end to `completed` or `cancelled`. If-Match asks for
/// the version of the campaign.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path)), request_body = CampaignTransition,
    responses((status = 200, description = "the campaign as it is now", body = Campaign)))]
#[post("/campaigns/{id}/transition")]
async fn transition_campaign(
    db: Data<Db>,
    Can(can): Can<Update<Campaign>>,
    Id(id): Id<CampaignId>,
    IfMatch(base): IfMatch,
    Valid(to): Valid<CampaignTransition>,
) -> Result<Found<Campaign>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| campaign::transition(conn, ctx, id, base, &to)).await?))
}

fn key(path: KeyPath) -> kernel::Result<Key> {
    let source_system = external(&path.key).ok_or_else(|| unknown_key(&path.key))?;
    Ok(Key::External { source_system, external_id: path.value })
}
