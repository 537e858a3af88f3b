//! `/v1/tags`: words by which records are sorted.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::customer::tag::{self, NewTag, Tag, TagAssignment, TagMerger, TagPatch, TagsAssigned};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Merge, Myself, Page, Purge, Read, TagId, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_tags)
        .service(create_tag)
        .service(batch_tags)
        .service(upsert_tag)
        .service(get_tag)
        .service(update_tag)
        .service(delete_tag)
        .service(restore_tag)
        .service(assign_tag)
        .service(unassign_tag)
        .service(merge_tag);
}

type TagPage = Page<Tag>;

/// List tags
///
/// Newest first, unless `sort` says otherwise. Records that have one: `?filter=tags.exists(t, t.name == "VIP")` on their own list.
#[utoipa::path(tag = "tags", params(ListQuery),
    responses((status = 200, description = "a page of tags", body = TagPage)))]
#[get("/tags")]
async fn list_tags(
    db: Data<Db>,
    Can(can): Can<Read<Tag>>,
    List(listing, view): List<tag::Table>,
) -> Result<Shown<TagPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| tag::list(conn, ctx, &listing)).await
}

/// Create a tag
///
/// Refused where another has the name, however it is written.
#[utoipa::path(tag = "tags", request_body = NewTag,
    responses((status = 201, description = "the tag as it was made", body = Tag)))]
#[post("/tags")]
async fn create_tag(db: Data<Db>, Can(can): Can<Create<Tag>>, Valid(new): Valid<NewTag>) -> Result<Created<Tag>> {
    Ok(Created(db.change(can, move |conn, ctx| tag::create(conn, ctx, &new)).await?))
}

/// Get a tag
#[utoipa::path(tag = "tags", params(("id" = TagId, Path), ViewQuery),
    responses((status = 200, description = "the tag", body = Tag)))]
#[get("/tags/{id}")]
async fn get_tag(db: Data<Db>, Can(can): Can<Read<Tag>>, Id(id): Id<TagId>, view: View) -> Result<Found<Tag>> {
    view.one(&db, can, id).await
}

/// Update a tag
#[utoipa::path(tag = "tags", params(("id" = TagId, Path)),
    request_body(content = TagPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the tag as it is now", body = Tag)))]
#[patch("/tags/{id}")]
async fn update_tag(
    db: Data<Db>,
    Can(can): Can<Update<Tag>>,
    Id(id): Id<TagId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<TagPatch>,
) -> Result<Found<Tag>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| tag::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a tag
#[utoipa::path(tag = "tags", params(("id" = TagId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/tags/{id}")]
async fn delete_tag(
    db: Data<Db>,
    Can(can): Can<Delete<Tag>>,
    Id(id): Id<TagId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Tag>>().and_then(|()| tag::purge(conn, ctx, id, base)),
        false => tag::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived tag
#[utoipa::path(tag = "tags", params(("id" = TagId, Path)),
    responses((status = 200, description = "the tag, in use again", body = Tag)))]
#[post("/tags/{id}/restore")]
async fn restore_tag(db: Data<Db>, Can(can): Can<Delete<Tag>>, Id(id): Id<TagId>) -> Result<Found<Tag>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| tag::restore(conn, ctx, id)).await?))
}

/// Create or update a tag by a key
///
/// The key is `name`, however it is written.
#[utoipa::path(tag = "tags", params(KeyPath, UpsertQuery), request_body = NewTag,
    responses((status = 200, description = "the tag as it is now", body = Tag),
              (status = 201, description = "the tag as it was made", body = Tag)))]
#[put("/tags/by/{key}/{value}")]
async fn upsert_tag(
    db: Data<Db>,
    Can(can): Can<(Create<Tag>, Update<Tag>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewTag, TagPatch>,
) -> Result<Put<Tag>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| tag::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many tags
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "tags", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/tags/batch")]
async fn batch_tags(db: Data<Db>, Can(can): Can<Writes<Tag>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Tag>>()?;
                tag::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Tag>>()?;
                tag::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Tag>, Update<Tag>)>()?;
                let (path, ask) = item.upsert()?;
                tag::upsert(conn, ctx, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Tag>>()?;
                tag::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// Give records a tag
///
/// All of them, or none; each has to be the caller's to change. That one has it is told as an event of it, `contact.tagged`.
#[utoipa::path(tag = "tags", params(("id" = TagId, Path)), request_body = TagAssignment,
    responses((status = 200, description = "how many did not have it", body = TagsAssigned)))]
#[post("/tags/{id}/assign")]
async fn assign_tag(
    db: Data<Db>,
    Can(can): Can<(Myself, Read<Tag>)>,
    Id(id): Id<TagId>,
    Valid(asked): Valid<TagAssignment>,
) -> Result<Json<TagsAssigned>> {
    Ok(Json(db.write(can, move |conn, ctx| tag::assign(conn, ctx, id, &asked)).await?))
}

/// Take a tag from records
///
/// All of them, or none; each has to be the caller's to change. It is told as an event of it, `contact.untagged`.
#[utoipa::path(tag = "tags", params(("id" = TagId, Path)), request_body = TagAssignment,
    responses((status = 200, description = "how many had it", body = TagsAssigned)))]
#[post("/tags/{id}/unassign")]
async fn unassign_tag(
    db: Data<Db>,
    Can(can): Can<(Myself, Read<Tag>)>,
    Id(id): Id<TagId>,
    Valid(asked): Valid<TagAssignment>,
) -> Result<Json<TagsAssigned>> {
    Ok(Json(db.write(can, move |conn, ctx| tag::unassign(conn, ctx, id, &asked)).await?))
}

/// Merge tags into one
///
/// Whatever had one of the others has this one from now on, and the others are archived. The records are not told one by
/// one.
#[utoipa::path(tag = "tags", params(("id" = TagId, Path)), request_body = TagMerger,
    responses((status = 200, description = "the tag that is left", body = Tag)))]
#[post("/tags/{id}/merge")]
async fn merge_tag(
    db: Data<Db>,
    Can(can): Can<Merge<Tag>>,
    Id(id): Id<TagId>,
    Valid(merger): Valid<TagMerger>,
) -> Result<Found<Tag>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| tag::merge(conn, ctx, id, &merger)).await?))
}
