//! What accounts are called: `/v1/accounts/{id}/labels`, and how labels are given and taken.
use crate::answer::Result;
use crate::extract::{Can, Id, Valid};
use crate::routes::Routes;
use ::analytics::label::Label;
use ::analytics::label::account::{self, AccountLabel, LabelAssignment, LabelRemoval, LabelsAssigned};
use ::customer::account::Account;
use actix_web::web::{Data, Json};
use actix_web::{get, post};
use kernel::{AccountId, LabelId, Read, Update};
use platform::Db;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_account_labels).service(assign_label).service(unassign_label).service(release_label);
}

/// List the labels of an account
///
/// By name, with who says so: people, or a run.
#[utoipa::path(tag = "labels", params(("id" = AccountId, Path)),
    responses((status = 200, description = "its labels", body = Vec<AccountLabel>)))]
#[get("/accounts/{id}/labels")]
async fn list_account_labels(
    db: Data<Db>,
    Can(can): Can<(Read<Account>, Read<Label>)>,
    Id(id): Id<AccountId>,
) -> Result<Json<Vec<AccountLabel>>> {
    Ok(Json(db.read(can, move |conn, ctx| account::of(conn, ctx, id)).await?))
}

/// Give accounts a label
///
/// All of them, or none. What people say beats what a run says: of the classes of one segmentation, an account has the one
/// that somebody gave it and no other. Told as `account.classified` of each.
#[utoipa::path(tag = "labels", params(("id" = LabelId, Path)), request_body = LabelAssignment,
    responses((status = 200, description = "how many are called something else now", body = LabelsAssigned)))]
#[post("/labels/{id}/assign")]
async fn assign_label(
    db: Data<Db>,
    Can(can): Can<(Update<Account>, Read<Label>)>,
    Id(id): Id<LabelId>,
    Valid(asked): Valid<LabelAssignment>,
) -> Result<Json<LabelsAssigned>> {
    Ok(Json(db.write(can, move |conn, ctx| account::assign(conn, ctx, id, &asked)).await?))
}

/// Take a label from accounts
///
/// All of them, or none. No run gives it to them again, until it is released.
#[utoipa::path(tag = "labels", params(("id" = LabelId, Path)), request_body = LabelRemoval,
    responses((status = 200, description = "how many are called something else now", body = LabelsAssigned)))]
#[post("/labels/{id}/unassign")]
async fn unassign_label(
    db: Data<Db>,
    Can(can): Can<(Update<Account>, Read<Label>)>,
    Id(id): Id<LabelId>,
    Valid(asked): Valid<LabelRemoval>,
) -> Result<Json<LabelsAssigned>> {
    Ok(Json(db.write(can, move |conn, ctx| account::unassign(conn, ctx, id, &asked)).await?))
}

/// Leave it to runs whether accounts have a label
///
/// What people have said of it is forgotten; what the last run says holds again some seconds later.
#[utoipa::path(tag = "labels", params(("id" = LabelId, Path)), request_body = LabelRemoval,
    responses((status = 200, description = "how many are called something else now", body = LabelsAssigned)))]
#[post("/labels/{id}/release")]
async fn release_label(
    db: Data<Db>,
    Can(can): Can<(Update<Account>, Read<Label>)>,
    Id(id): Id<LabelId>,
    Valid(asked): Valid<LabelRemoval>,
) -> Result<Json<LabelsAssigned>> {
    Ok(Json(db.write(can, move |conn, ctx| account::release(conn, ctx, id, &asked)).await?))
}
