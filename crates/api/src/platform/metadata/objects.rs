//! `/v1/metadata/objects`: everything that an application needs to draw lists and forms, for this tenant and this caller.
use super::info::{ObjectInfo, ObjectInfos, info};
use crate::answer::Result;
use crate::extract::Can;
use crate::house::House;
use crate::routes::Routes;
use ::platform::Db;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use kernel::{Myself, error};

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_objects).service(get_object);
}

/// List what records are made of
///
/// Every noun that the caller may read: its fields, built in and the tenant's own, its relations, and what the caller
/// may do.
#[utoipa::path(tag = "metadata", responses((status = 200, description = "the nouns", body = ObjectInfos)))]
#[get("/metadata/objects")]
async fn list_objects(house: Data<House>, db: Data<Db>, Can(can): Can<Myself>) -> Result<Json<ObjectInfos>> {
    let all = house.catalogues;
    let data = db.read(can, move |conn, ctx| {
        ::platform::custom::refresh(conn, ctx.tenant, ctx.grants.known())?;
        Ok(all.all().filter_map(|noun| info(all, noun, ctx)).collect())
    });
    Ok(Json(ObjectInfos { data: data.await? }))
}

/// Get what records of a noun are made of
#[utoipa::path(tag = "metadata", params(super::fields::OfObject),
    responses((status = 200, description = "the noun", body = ObjectInfo)))]
#[get("/metadata/objects/{object}")]
async fn get_object(
    house: Data<House>,
    db: Data<Db>,
    Can(can): Can<Myself>,
    of: Path<super::fields::OfObject>,
) -> Result<Json<ObjectInfo>> {
    let (all, object) = (house.catalogues, of.into_inner().object);
    let found = db.read(can, move |conn, ctx| {
        ::platform::custom::refresh(conn, ctx.tenant, ctx.grants.known())?;
        let found = all.get(&object).and_then(|noun| info(all, noun, ctx));
        found.ok_or_else(|| error::NOT_FOUND.into())
    });
    Ok(Json(found.await?))
}
