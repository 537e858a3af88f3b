//! `/v1/skills`: what those who answer may know.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::service::skill::{self, NewSkill, Skill, SkillPatch};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Page, Purge, Read, SkillId, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_skills)
        .service(create_skill)
        .service(batch_skills)
        .service(upsert_skill)
        .service(get_skill)
        .service(update_skill)
        .service(delete_skill)
        .service(restore_skill);
}

type SkillPage = Page<Skill>;

/// List skills
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "skills", params(ListQuery),
    responses((status = 200, description = "a page of skills", body = SkillPage)))]
#[get("/skills")]
async fn list_skills(
    db: Data<Db>,
    Can(can): Can<Read<Skill>>,
    List(listing, view): List<skill::Table>,
) -> Result<Shown<SkillPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| skill::list(conn, ctx, &listing)).await
}

/// Create a skill
///
/// Cases ask for it by its name, queues and agents by its id.
#[utoipa::path(tag = "skills", request_body = NewSkill,
    responses((status = 201, description = "the skill as it was made", body = Skill)))]
#[post("/skills")]
async fn create_skill(
    db: Data<Db>,
    Can(can): Can<Create<Skill>>,
    Valid(new): Valid<NewSkill>,
) -> Result<Created<Skill>> {
    Ok(Created(db.change(can, move |conn, ctx| skill::create(conn, ctx, &new)).await?))
}

/// Get a skill
#[utoipa::path(tag = "skills", params(("id" = SkillId, Path), ViewQuery),
    responses((status = 200, description = "the skill", body = Skill)))]
#[get("/skills/{id}")]
async fn get_skill(db: Data<Db>, Can(can): Can<Read<Skill>>, Id(id): Id<SkillId>, view: View) -> Result<Found<Skill>> {
    view.one(&db, can, id).await
}

/// Update a skill
#[utoipa::path(tag = "skills", params(("id" = SkillId, Path)),
    request_body(content = SkillPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the skill as it is now", body = Skill)))]
#[patch("/skills/{id}")]
async fn update_skill(
    db: Data<Db>,
    Can(can): Can<Update<Skill>>,
    Id(id): Id<SkillId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<SkillPatch>,
) -> Result<Found<Skill>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| skill::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a skill
///
/// Archived, nobody has it any more, until it is restored. Purged, it is gone from those who had it, too.
#[utoipa::path(tag = "skills", params(("id" = SkillId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/skills/{id}")]
async fn delete_skill(
    db: Data<Db>,
    Can(can): Can<Delete<Skill>>,
    Id(id): Id<SkillId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Skill>>().and_then(|()| skill::purge(conn, ctx, id, base)),
        false => skill::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived skill
#[utoipa::path(tag = "skills", params(("id" = SkillId, Path)),
    responses((status = 200, description = "the skill, in use again", body = Skill)))]
#[post("/skills/{id}/restore")]
async fn restore_skill(db: Data<Db>, Can(can): Can<Delete<Skill>>, Id(id): Id<SkillId>) -> Result<Found<Skill>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| skill::restore(conn, ctx, id)).await?))
}

/// Create or update a skill by a key
///
/// The key is `name`.
#[utoipa::path(tag = "skills", params(KeyPath, UpsertQuery), request_body = NewSkill,
    responses((status = 200, description = "the skill as it is now", body = Skill),
              (status = 201, description = "the skill as it was made", body = Skill)))]
#[put("/skills/by/{key}/{value}")]
async fn upsert_skill(
    db: Data<Db>,
    Can(can): Can<(Create<Skill>, Update<Skill>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewSkill, SkillPatch>,
) -> Result<Put<Skill>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| skill::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many skills
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "skills", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/skills/batch")]
async fn batch_skills(db: Data<Db>, Can(can): Can<Writes<Skill>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Skill>>()?;
                skill::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Skill>>()?;
                skill::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Skill>, Update<Skill>)>()?;
                let (path, ask) = item.upsert()?;
                skill::upsert(conn, ctx, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Skill>>()?;
                skill::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
