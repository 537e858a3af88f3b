//! `/v1/form-submissions`: what visitors have filled in, as it came.
use crate::answer::{Found, Nothing, Result, Shown};
use crate::extract::{Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, View, ViewQuery};
use crate::routes::Routes;
use ::customer::form::submission::{self, FormSubmission};
use actix_web::web::Data;
use actix_web::{delete, get, post};
use kernel::{Delete, FormSubmissionId, Page, Purge, Read};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_form_submissions)
        .service(get_form_submission)
        .service(delete_form_submission)
        .service(restore_form_submission);
}

type FormSubmissionPage = Page<FormSubmission>;

/// List what was filled in
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "form-submissions", params(ListQuery),
    responses((status = 200, description = "a page of submissions", body = FormSubmissionPage)))]
#[get("/form-submissions")]
async fn list_form_submissions(
    db: Data<Db>,
    Can(can): Can<Read<FormSubmission>>,
    List(listing, view): List<submission::Table>,
) -> Result<Shown<FormSubmissionPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| submission::list(conn, ctx, &listing)).await
}

/// Get what was filled in
#[utoipa::path(tag = "form-submissions", params(("id" = FormSubmissionId, Path), ViewQuery),
    responses((status = 200, description = "the submission", body = FormSubmission)))]
#[get("/form-submissions/{id}")]
async fn get_form_submission(
    db: Data<Db>,
    Can(can): Can<Read<FormSubmission>>,
    Id(id): Id<FormSubmissionId>,
    view: View,
) -> Result<Found<FormSubmission>> {
    view.one(&db, can, id).await
}

/// Archive or purge what was filled in
///
/// What came of it stays.
#[utoipa::path(tag = "form-submissions", params(("id" = FormSubmissionId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/form-submissions/{id}")]
async fn delete_form_submission(
    db: Data<Db>,
    Can(can): Can<Delete<FormSubmission>>,
    Id(id): Id<FormSubmissionId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<FormSubmission>>().and_then(|()| submission::purge(conn, ctx, id, base)),
        false => submission::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore what was filled in
#[utoipa::path(tag = "form-submissions", params(("id" = FormSubmissionId, Path)),
    responses((status = 200, description = "the submission, in use again", body = FormSubmission)))]
#[post("/form-submissions/{id}/restore")]
async fn restore_form_submission(
    db: Data<Db>,
    Can(can): Can<Delete<FormSubmission>>,
    Id(id): Id<FormSubmissionId>,
) -> Result<Found<FormSubmission>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| submission::restore(conn, ctx, id)).await?))
}
