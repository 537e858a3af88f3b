//! `/v1/segments/{id}/members`: who is in a segment, and who was.
use crate::answer::{Result, Shown};
use crate::extract::{Can, Id, List, ListQuery, Valid};
use crate::house::House;
use crate::routes::Routes;
use ::platform::segment::Segment;
use ::platform::segment::member::{self, SegmentMember, SegmentMembersChange, SegmentMembersChanged};
use actix_web::web::{Data, Json};
use actix_web::{get, post};
use kernel::{Page, Read, SegmentId, Update};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_segment_members).service(list_former_segment_members).service(change_segment_members);
}

type SegmentMemberPage = Page<SegmentMember>;

/// List the members of a segment
///
/// Those whose record the caller sees. The records themselves, with all that their list can do, are
/// `?filter=segments.exists(s, s.id == "…")` of that.
#[utoipa::path(tag = "segments", params(("id" = SegmentId, Path), ListQuery),
    responses((status = 200, description = "a page of members", body = SegmentMemberPage)))]
#[get("/segments/{id}/members")]
async fn list_segment_members(
    house: Data<House>,
    Can(can): Can<Read<Segment>>,
    Id(id): Id<SegmentId>,
    List(listing, view): List<member::Table>,
) -> Result<Shown<SegmentMemberPage, Page<Value>>> {
    let all = house.catalogues;
    let db = Data::new(house.db.clone());
    view.page(&db, can, move |conn, ctx| member::list(conn, ctx, all, (id, true), &listing)).await
}

/// List who has left a segment
///
/// Those whose record the caller sees, with when they left.
#[utoipa::path(tag = "segments", params(("id" = SegmentId, Path), ListQuery),
    responses((status = 200, description = "a page of former members", body = SegmentMemberPage)))]
#[get("/segments/{id}/former-members")]
async fn list_former_segment_members(
    house: Data<House>,
    Can(can): Can<Read<Segment>>,
    Id(id): Id<SegmentId>,
    List(listing, view): List<member::Table>,
) -> Result<Shown<SegmentMemberPage, Page<Value>>> {
    let all = house.catalogues;
    let db = Data::new(house.db.clone());
    view.page(&db, can, move |conn, ctx| member::list(conn, ctx, all, (id, false), &listing)).await
}

/// Put records into a static segment, or take them out
///
/// By their ids, all or none; or by a filter, 10,000 at a time.
#[utoipa::path(tag = "segments", params(("id" = SegmentId, Path)), request_body = SegmentMembersChange,
    responses((status = 200, description = "how many came, or went", body = SegmentMembersChanged)))]
#[post("/segments/{id}/members")]
async fn change_segment_members(
    house: Data<House>,
    Can(can): Can<Update<Segment>>,
    Id(id): Id<SegmentId>,
    Valid(asked): Valid<SegmentMembersChange>,
) -> Result<Json<SegmentMembersChanged>> {
    let all = house.catalogues;
    Ok(Json(house.db.write(can, move |conn, ctx| member::change(conn, ctx, all, id, &asked)).await?))
}
