//! `/v1/forms`: what visitors of the business's own pages fill in.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
// by its own name, the macros would take it for what actix reads of browsers
use crate::routes::Routes;
use ::customer::form::{self, Form as WebForm, FormPatch, NewForm};
use ::identity::{Identity, Objects, permission};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Ctx, Delete, FormId, Page, Purge, Read, Update};
use platform::{Conn, Db};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_forms)
        .service(create_form)
        .service(upsert_form)
        .service(get_form)
        .service(update_form)
        .service(delete_form)
        .service(restore_form);
}

type FormPage = Page<WebForm>;

/// List forms
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "forms", params(ListQuery),
    responses((status = 200, description = "a page of forms", body = FormPage)))]
#[get("/forms")]
async fn list_forms(
    db: Data<Db>,
    Can(can): Can<Read<WebForm>>,
    List(listing, view): List<form::Table>,
) -> Result<Shown<FormPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| form::list(conn, ctx, &listing)).await
}

/// Create a form
///
/// While it is published, anybody may fetch it at `/f/{id}` and fill it in. What comes in is written as `user_id`:
/// somebody whose rights the caller holds.
#[utoipa::path(tag = "forms", request_body = NewForm,
    responses((status = 201, description = "the form as it was made", body = WebForm)))]
#[post("/forms")]
async fn create_form(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Create<WebForm>>,
    Valid(new): Valid<NewForm>,
) -> Result<Created<WebForm>> {
    let objects = identity.objects();
    Ok(Created(db.change(can, move |conn, ctx| made(conn, ctx, objects, &new)).await?))
}

/// Written as whoever the caller may lend it the rights of.
fn made(conn: &mut Conn, ctx: &Ctx, objects: Objects, new: &NewForm) -> kernel::Result<WebForm> {
    permission::lends(conn, ctx, objects, new.user_id.unwrap_or(ctx.actor.user))?;
    form::create(conn, ctx, new)
}

/// Get a form
#[utoipa::path(tag = "forms", params(("id" = FormId, Path), ViewQuery),
    responses((status = 200, description = "the form", body = WebForm)))]
#[get("/forms/{id}")]
async fn get_form(
    db: Data<Db>,
    Can(can): Can<Read<WebForm>>,
    Id(id): Id<FormId>,
    view: View,
) -> Result<Found<WebForm>> {
    view.one(&db, can, id).await
}

/// Update a form
///
/// By somebody who holds the rights of its user; to shut it (`status` alone, `draft` or `archived`) the permission will
/// do.
#[utoipa::path(tag = "forms", params(("id" = FormId, Path)),
    request_body(content = FormPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the form as it is now", body = WebForm)))]
#[patch("/forms/{id}")]
async fn update_form(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Update<WebForm>>,
    Id(id): Id<FormId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<FormPatch>,
) -> Result<Found<WebForm>> {
    let objects = identity.objects();
    let done = db.write(can, move |conn, ctx| {
        let before = form::find(conn, ctx, id)?;
        changed(conn, ctx, objects, (&before, base), &patch)
    });
    Ok(Found::plain(done.await?))
}

/// Written as whoever the caller may lend it the rights of, before and after.
fn changed(
    conn: &mut Conn,
    ctx: &Ctx,
    objects: Objects,
    (before, base): (&WebForm, Option<i32>),
    patch: &FormPatch,
) -> kernel::Result<WebForm> {
    if !patch.only_shuts() {
        permission::lends(conn, ctx, objects, before.user_id)?;
    }
    // whoever it is written as when it is changed: somebody else may have been quicker
    let after = form::update(conn, ctx, before.id, base, patch)?;
    if !patch.only_shuts() && after.user_id != before.user_id {
        permission::lends(conn, ctx, objects, after.user_id)?;
    }
    Ok(after)
}

/// Create or update a form by a key
///
/// The key is `name`. Where several forms have the name, they are told, and nothing is written. By somebody who holds the
/// rights of its user.
#[utoipa::path(tag = "forms", params(KeyPath, UpsertQuery), request_body = NewForm,
    responses((status = 200, description = "the form as it is now", body = WebForm),
              (status = 201, description = "the form as it was made", body = WebForm)))]
#[put("/forms/by/{key}/{value}")]
async fn upsert_form(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<(Create<WebForm>, Update<WebForm>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewForm, FormPatch>,
) -> Result<Put<WebForm>> {
    let (objects, key) = (identity.objects(), name(path.into_inner())?);
    let done = db.write(can, move |conn, ctx| {
        let create = |conn: &mut Conn, new: &NewForm| made(conn, ctx, objects, new);
        let update =
            |conn: &mut Conn, found: WebForm, patch: &FormPatch| changed(conn, ctx, objects, (&found, ask.base), patch);
        form::upsert(conn, ctx, &key, &ask, create, update)
    });
    Ok(Put(done.await?))
}

/// Archive or purge a form
///
/// Archived, nobody can fill it in. Purged, what was filled in goes with it; what came of that stays.
#[utoipa::path(tag = "forms", params(("id" = FormId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/forms/{id}")]
async fn delete_form(
    db: Data<Db>,
    Can(can): Can<Delete<WebForm>>,
    Id(id): Id<FormId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<WebForm>>().and_then(|()| form::purge(conn, ctx, id, base)),
        false => form::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived form
#[utoipa::path(tag = "forms", params(("id" = FormId, Path)),
    responses((status = 200, description = "the form, in use again", body = WebForm)))]
#[post("/forms/{id}/restore")]
async fn restore_form(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Delete<WebForm>>,
    Id(id): Id<FormId>,
) -> Result<Found<WebForm>> {
    let objects = identity.objects();
    let restored = db.write(can, move |conn, ctx| {
        let form = form::restore(conn, ctx, id)?;
        permission::lends(conn, ctx, objects, form.user_id)?;
        Ok(form)
    });
    Ok(Found::plain(restored.await?))
}
