//! `/v1/sla-policies`: what is promised of which cases.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::service::sla_policy::{self, NewSlaPolicy, SlaPolicy, SlaPolicyPatch};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Page, Purge, Read, SlaPolicyId, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_sla_policies)
        .service(create_sla_policy)
        .service(batch_sla_policies)
        .service(upsert_sla_policy)
        .service(get_sla_policy)
        .service(update_sla_policy)
        .service(delete_sla_policy)
        .service(restore_sla_policy);
}

type SlaPolicyPage = Page<SlaPolicy>;

/// List SLA policies
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "sla-policies", params(ListQuery),
    responses((status = 200, description = "a page of SLA policies", body = SlaPolicyPage)))]
#[get("/sla-policies")]
async fn list_sla_policies(
    db: Data<Db>,
    Can(can): Can<Read<SlaPolicy>>,
    List(listing, view): List<sla_policy::Table>,
) -> Result<Shown<SlaPolicyPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| sla_policy::list(conn, ctx, &listing)).await
}

/// Create an SLA policy
///
/// The first that holds of a case is its policy, by `position`; it looks at the case alone. It promises of what begins from
/// then on, and of what another policy has promised before.
#[utoipa::path(tag = "sla-policies", request_body = NewSlaPolicy,
    responses((status = 201, description = "the SLA policy as it was made", body = SlaPolicy)))]
#[post("/sla-policies")]
async fn create_sla_policy(
    db: Data<Db>,
    Can(can): Can<Create<SlaPolicy>>,
    Valid(new): Valid<NewSlaPolicy>,
) -> Result<Created<SlaPolicy>> {
    Ok(Created(db.change(can, move |conn, ctx| sla_policy::create(conn, ctx, &new)).await?))
}

/// Get an SLA policy
#[utoipa::path(tag = "sla-policies", params(("id" = SlaPolicyId, Path), ViewQuery),
    responses((status = 200, description = "the SLA policy", body = SlaPolicy)))]
#[get("/sla-policies/{id}")]
async fn get_sla_policy(
    db: Data<Db>,
    Can(can): Can<Read<SlaPolicy>>,
    Id(id): Id<SlaPolicyId>,
    view: View,
) -> Result<Found<SlaPolicy>> {
    view.one(&db, can, id).await
}

/// Update an SLA policy
#[utoipa::path(tag = "sla-policies", params(("id" = SlaPolicyId, Path)),
    request_body(content = SlaPolicyPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the SLA policy as it is now", body = SlaPolicy)))]
#[patch("/sla-policies/{id}")]
async fn update_sla_policy(
    db: Data<Db>,
    Can(can): Can<Update<SlaPolicy>>,
    Id(id): Id<SlaPolicyId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<SlaPolicyPatch>,
) -> Result<Found<SlaPolicy>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| sla_policy::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge an SLA policy
///
/// Archived, it promises nothing any more: its cases go by the next that holds of them. What has ended stays.
#[utoipa::path(tag = "sla-policies", params(("id" = SlaPolicyId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/sla-policies/{id}")]
async fn delete_sla_policy(
    db: Data<Db>,
    Can(can): Can<Delete<SlaPolicy>>,
    Id(id): Id<SlaPolicyId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<SlaPolicy>>().and_then(|()| sla_policy::purge(conn, ctx, id, base)),
        false => sla_policy::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived SLA policy
#[utoipa::path(tag = "sla-policies", params(("id" = SlaPolicyId, Path)),
    responses((status = 200, description = "the SLA policy, in use again", body = SlaPolicy)))]
#[post("/sla-policies/{id}/restore")]
async fn restore_sla_policy(
    db: Data<Db>,
    Can(can): Can<Delete<SlaPolicy>>,
    Id(id): Id<SlaPolicyId>,
) -> Result<Found<SlaPolicy>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| sla_policy::restore(conn, ctx, id)).await?))
}

/// Create or update an SLA policy by a key
///
/// The key is `name`. Where several policies have the name, they are told, and nothing is written.
#[utoipa::path(tag = "sla-policies", params(KeyPath, UpsertQuery), request_body = NewSlaPolicy,
    responses((status = 200, description = "the SLA policy as it is now", body = SlaPolicy),
              (status = 201, description = "the SLA policy as it was made", body = SlaPolicy)))]
#[put("/sla-policies/by/{key}/{value}")]
async fn upsert_sla_policy(
    db: Data<Db>,
    Can(can): Can<(Create<SlaPolicy>, Update<SlaPolicy>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewSlaPolicy, SlaPolicyPatch>,
) -> Result<Put<SlaPolicy>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| sla_policy::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many SLA policies
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "sla-policies", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/sla-policies/batch")]
async fn batch_sla_policies(db: Data<Db>, Can(can): Can<Writes<SlaPolicy>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<SlaPolicy>>()?;
                sla_policy::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<SlaPolicy>>()?;
                sla_policy::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<SlaPolicy>, Update<SlaPolicy>)>()?;
                let (path, ask) = item.upsert()?;
                sla_policy::upsert(conn, ctx, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<SlaPolicy>>()?;
                sla_policy::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
