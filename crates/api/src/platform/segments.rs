//! `/v1/segments`: sets of records, held together by hand or by a filter.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::house::House;
use crate::include;
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::platform::Db;
use ::platform::segment::preview::{self, SegmentPreview, SegmentQuestion};
use ::platform::segment::{self, NewSegment, Segment, SegmentPatch, SegmentState};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Page, Purge, Read, SegmentId, Update, Writes};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_segments)
        .service(create_segment)
        .service(batch_segments)
        .service(upsert_segment)
        .service(preview_segment)
        .service(get_segment)
        .service(update_segment)
        .service(delete_segment)
        .service(restore_segment)
        .service(refresh_segment)
        .service(get_segment_state);
}

type SegmentPage = Page<Segment>;

/// List segments
///
/// Newest first, unless `sort` says otherwise. Of a segment that is made of what the caller does not see, nothing is told.
#[utoipa::path(tag = "segments", params(ListQuery),
    responses((status = 200, description = "a page of segments", body = SegmentPage)))]
#[get("/segments")]
async fn list_segments(
    db: Data<Db>,
    Can(can): Can<Read<Segment>>,
    List(listing, view): List<segment::Table>,
) -> Result<Shown<SegmentPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| segment::list(conn, ctx, &listing)).await
}

/// Create a segment
///
/// Who is in a dynamic one is worked out in the background, and followed from then on. Its filter may ask of fields that the
/// caller sees, and of other records where the caller sees all of them.
#[utoipa::path(tag = "segments", request_body = NewSegment,
    responses((status = 201, description = "the segment as it was made", body = Segment)))]
#[post("/segments")]
async fn create_segment(
    house: Data<House>,
    Can(can): Can<Create<Segment>>,
    Valid(new): Valid<NewSegment>,
) -> Result<Created<Segment>> {
    let all = house.catalogues;
    Ok(Created(house.db.write(can, move |conn, ctx| segment::create(conn, ctx, all, &new)).await?))
}

/// Show who would be in a segment
///
/// How many there are, beyond 10,000 by estimate, and the newest of them, as the caller sees them.
#[utoipa::path(tag = "segments", request_body = SegmentQuestion,
    responses((status = 200, description = "how many, and some of them", body = SegmentPreview)))]
#[post("/segments/preview")]
async fn preview_segment(
    house: Data<House>,
    Can(can): Can<Read<Segment>>,
    Valid(asked): Valid<SegmentQuestion>,
) -> Result<Json<SegmentPreview>> {
    let all = house.catalogues;
    let shown = house.db.read(can, move |conn, ctx| {
        let found = preview::preview(conn, ctx, all, &asked)?;
        let data = include::of_noun(conn, ctx, found.noun, &found.ids)?;
        Ok(SegmentPreview {
            resource: found.noun.to_owned(),
            count: found.count,
            is_estimated: found.is_estimated,
            refresh: found.refresh.to_owned(),
            data,
        })
    });
    Ok(Json(shown.await?))
}

/// Get a segment
#[utoipa::path(tag = "segments", params(("id" = SegmentId, Path), ViewQuery),
    responses((status = 200, description = "the segment", body = Segment)))]
#[get("/segments/{id}")]
async fn get_segment(
    db: Data<Db>,
    Can(can): Can<Read<Segment>>,
    Id(id): Id<SegmentId>,
    view: View,
) -> Result<Found<Segment>> {
    view.one(&db, can, id).await
}

/// Update a segment
///
/// Where a dynamic one says something else, all records are asked anew, in the background.
#[utoipa::path(tag = "segments", params(("id" = SegmentId, Path)),
    request_body(content = SegmentPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the segment as it is now", body = Segment)))]
#[patch("/segments/{id}")]
async fn update_segment(
    house: Data<House>,
    Can(can): Can<Update<Segment>>,
    Id(id): Id<SegmentId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<SegmentPatch>,
) -> Result<Found<Segment>> {
    let all = house.catalogues;
    let done = house.db.write(can, move |conn, ctx| segment::update(conn, ctx, all, id, base, &patch));
    Ok(Found::plain(done.await?))
}

/// Archive or purge a segment
///
/// What other segments are made of is archived, and not purged.
#[utoipa::path(tag = "segments", params(("id" = SegmentId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/segments/{id}")]
async fn delete_segment(
    db: Data<Db>,
    Can(can): Can<Delete<Segment>>,
    Id(id): Id<SegmentId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.write(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Segment>>().and_then(|()| segment::purge(conn, ctx, id, base)),
        false => segment::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived segment
#[utoipa::path(tag = "segments", params(("id" = SegmentId, Path)),
    responses((status = 200, description = "the segment, in use again", body = Segment)))]
#[post("/segments/{id}/restore")]
async fn restore_segment(
    db: Data<Db>,
    Can(can): Can<Delete<Segment>>,
    Id(id): Id<SegmentId>,
) -> Result<Found<Segment>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| segment::restore(conn, ctx, id)).await?))
}

/// Ask all records anew
///
/// For who does not wait for the next look. Whoever has come or gone meanwhile is told as ever.
#[utoipa::path(tag = "segments", params(("id" = SegmentId, Path)),
    responses((status = 200, description = "the segment; `GET …/state` tells how far it is", body = Segment)))]
#[post("/segments/{id}/refresh")]
async fn refresh_segment(
    house: Data<House>,
    Can(can): Can<Update<Segment>>,
    Id(id): Id<SegmentId>,
) -> Result<Found<Segment>> {
    let all = house.catalogues;
    Ok(Found::plain(house.db.write(can, move |conn, ctx| segment::refresh(conn, ctx, all, id)).await?))
}

/// Get how a segment stands
///
/// How many of its members the caller sees, and how far a look at all records has come.
#[utoipa::path(tag = "segments", params(("id" = SegmentId, Path)),
    responses((status = 200, description = "how it stands", body = SegmentState)))]
#[get("/segments/{id}/state")]
async fn get_segment_state(
    house: Data<House>,
    Can(can): Can<Read<Segment>>,
    Id(id): Id<SegmentId>,
) -> Result<Json<SegmentState>> {
    let all = house.catalogues;
    Ok(Json(house.db.read(can, move |conn, ctx| segment::state(conn, ctx, all, id)).await?))
}

/// Create or update a segment by a key
///
/// The key is `name`, among the segments that the caller sees. Where several of them have the name, they are told, and
/// nothing is written. Which records may be in one that is there, and whether by hand or by a filter, stays.
#[utoipa::path(tag = "segments", params(KeyPath, UpsertQuery), request_body = NewSegment,
    responses((status = 200, description = "the segment as it is now", body = Segment),
              (status = 201, description = "the segment as it was made", body = Segment)))]
#[put("/segments/by/{key}/{value}")]
async fn upsert_segment(
    house: Data<House>,
    Can(can): Can<(Create<Segment>, Update<Segment>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewSegment, SegmentPatch>,
) -> Result<Put<Segment>> {
    let (all, key) = (house.catalogues, name(path.into_inner())?);
    Ok(Put(house.db.write(can, move |conn, ctx| segment::upsert(conn, ctx, all, &key, &ask)).await?))
}

/// Write many segments
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "segments", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/segments/batch")]
async fn batch_segments(house: Data<House>, Can(can): Can<Writes<Segment>>, many: Many) -> Result<BatchResults> {
    let all = house.catalogues;
    let done = house.db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &many, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Segment>>()?;
                segment::create(conn, ctx, all, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Segment>>()?;
                segment::update(conn, ctx, all, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Segment>, Update<Segment>)>()?;
                let (path, ask) = item.upsert()?;
                segment::upsert(conn, ctx, all, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Segment>>()?;
                segment::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
