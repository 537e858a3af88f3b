//! `/v1/me/devices`: the telephones and browsers of the caller.
use crate::answer::{Nothing, Result};
use crate::extract::{Can, Id, Valid};
use crate::routes::Routes;
use ::platform::notify::device::{self, Device, NewDevice};
use ::platform::{Db, Vault};
use actix_web::http::header;
use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, delete, get, post};
use kernel::{DeviceId, Myself, Page};

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_my_devices).service(register_my_device).service(remove_my_device);
}

type PushDevicePage = Page<Device>;

/// List my devices
///
/// Those on which the caller is told of what has happened, the one that was seen last first.
#[utoipa::path(tag = "me", responses((status = 200, description = "the devices", body = PushDevicePage)))]
#[get("/me/devices")]
async fn list_my_devices(db: Data<Db>, Can(can): Can<Myself>) -> Result<Json<PushDevicePage>> {
    Ok(Json(db.read(can, device::list).await?))
}

/// Register a device of mine
///
/// With what the push service of its platform calls it, each time that its application starts: a token that is known is
/// the same device, seen now, and the caller's from now on. What the caller wants to be told of by `push` is shown there;
/// see `PUT /v1/me/notification-preferences`. Of one person, the twenty are kept that were seen last.
#[utoipa::path(tag = "me", request_body = NewDevice,
    responses((status = 201, description = "the device, new or not", body = Device, headers(("Location" = String)))))]
#[post("/me/devices")]
async fn register_my_device(
    db: Data<Db>,
    vault: Data<Vault>,
    Can(can): Can<Myself>,
    Valid(new): Valid<NewDevice>,
) -> Result<HttpResponse> {
    let device = db.write(can, move |conn, ctx| device::register(conn, ctx, &vault, &new)).await?;
    let place = format!("/v1/me/devices/{}", device.id);
    // it has no versions: only its own application says anything of it
    Ok(HttpResponse::Created().insert_header((header::LOCATION, place)).json(device))
}

/// Remove a device of mine
///
/// Nothing is sent to it any more: an application says so when somebody logs out.
#[utoipa::path(tag = "me", params(("id" = DeviceId, Path)), responses((status = 204, description = "removed")))]
#[delete("/me/devices/{id}")]
async fn remove_my_device(db: Data<Db>, Can(can): Can<Myself>, Id(id): Id<DeviceId>) -> Result<Nothing> {
    db.write(can, move |conn, ctx| device::remove(conn, ctx, id)).await?;
    Ok(Nothing)
}
