//! `/v1/templates`: what is written to many, in each language.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::house::House;
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use crate::worker;
use ::customer::contact::Contact;
use ::marketing::template::{
    self, NewTemplate, Template, TemplatePatch, TemplatePreview, TemplatePreviewAsk, TemplateTest, TestQueued,
};
use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Page, Purge, Read, TemplateId, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_templates)
        .service(create_template)
        .service(batch_templates)
        .service(upsert_template)
        .service(get_template)
        .service(update_template)
        .service(delete_template)
        .service(restore_template)
        .service(preview_template)
        .service(test_template);
}

type TemplatePage = Page<Template>;

/// List templates
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "templates", params(ListQuery),
    responses((status = 200, description = "a page of templates", body = TemplatePage)))]
#[get("/templates")]
async fn list_templates(
    db: Data<Db>,
    Can(can): Can<Read<Template>>,
    List(listing, view): List<template::Table>,
) -> Result<Shown<TemplatePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| template::list(conn, ctx, &listing)).await
}

/// Create a template
///
/// Refused where another has the name, and where a variant cannot be filled in: `errors` says what of it.
#[utoipa::path(tag = "templates", request_body = NewTemplate,
    responses((status = 201, description = "the template as it was made", body = Template)))]
#[post("/templates")]
async fn create_template(
    db: Data<Db>,
    Can(can): Can<Create<Template>>,
    Valid(new): Valid<NewTemplate>,
) -> Result<Created<Template>> {
    Ok(Created(db.change(can, move |conn, ctx| template::create(conn, ctx, &new)).await?))
}

/// Get a template
#[utoipa::path(tag = "templates", params(("id" = TemplateId, Path), ViewQuery),
    responses((status = 200, description = "the template", body = Template)))]
#[get("/templates/{id}")]
async fn get_template(
    db: Data<Db>,
    Can(can): Can<Read<Template>>,
    Id(id): Id<TemplateId>,
    view: View,
) -> Result<Found<Template>> {
    view.one(&db, can, id).await
}

/// Update a template
#[utoipa::path(tag = "templates", params(("id" = TemplateId, Path)),
    request_body(content = TemplatePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the template as it is now", body = Template)))]
#[patch("/templates/{id}")]
async fn update_template(
    db: Data<Db>,
    Can(can): Can<Update<Template>>,
    Id(id): Id<TemplateId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<TemplatePatch>,
) -> Result<Found<Template>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| template::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a template
///
/// One that stands in a send is archived, and not purged.
#[utoipa::path(tag = "templates", params(("id" = TemplateId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/templates/{id}")]
async fn delete_template(
    db: Data<Db>,
    Can(can): Can<Delete<Template>>,
    Id(id): Id<TemplateId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Template>>().and_then(|()| template::purge(conn, ctx, id, base)),
        false => template::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived template
#[utoipa::path(tag = "templates", params(("id" = TemplateId, Path)),
    responses((status = 200, description = "the template, in use again", body = Template)))]
#[post("/templates/{id}/restore")]
async fn restore_template(
    db: Data<Db>,
    Can(can): Can<Delete<Template>>,
    Id(id): Id<TemplateId>,
) -> Result<Found<Template>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| template::restore(conn, ctx, id)).await?))
}

/// Create or update a template by a key
///
/// The key is `name`. The channel of one that is there stays.
#[utoipa::path(tag = "templates", params(KeyPath, UpsertQuery), request_body = NewTemplate,
    responses((status = 200, description = "the template as it is now", body = Template),
              (status = 201, description = "the template as it was made", body = Template)))]
#[put("/templates/by/{key}/{value}")]
async fn upsert_template(
    db: Data<Db>,
    Can(can): Can<(Create<Template>, Update<Template>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewTemplate, TemplatePatch>,
) -> Result<Put<Template>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| template::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many templates
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "templates", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/templates/batch")]
async fn batch_templates(db: Data<Db>, Can(can): Can<Writes<Template>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Template>>()?;
                template::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Template>>()?;
                template::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Template>, Update<Template>)>()?;
                let (path, ask) = item.upsert()?;
                template::upsert(conn, ctx, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Template>>()?;
                template::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// Preview a template as a contact
///
/// As they would get it, in their language. What the caller does not see of them is blank, and the fallback stands there.
#[utoipa::path(tag = "templates", params(("id" = TemplateId, Path)), request_body = TemplatePreviewAsk,
    responses((status = 200, description = "the template, filled in", body = TemplatePreview)))]
#[post("/templates/{id}/preview")]
async fn preview_template(
    db: Data<Db>,
    Can(can): Can<(Read<Template>, Read<Contact>)>,
    Id(id): Id<TemplateId>,
    Valid(ask): Valid<TemplatePreviewAsk>,
) -> Result<Json<TemplatePreview>> {
    Ok(Json(db.read(can, move |conn, ctx| template::preview(conn, ctx, id, &ask)).await?))
}

/// Send a template to yourself
///
/// To the caller's own address, as a contact would get it. Nobody else gets it, and nothing is counted.
#[utoipa::path(tag = "templates", params(("id" = TemplateId, Path)), request_body = TemplateTest,
    responses((status = 202, description = "the letter is on its way", body = TestQueued)))]
#[post("/templates/{id}/test-send")]
async fn test_template(
    house: Data<House>,
    Can(can): Can<(Update<Template>, Read<Contact>)>,
    Id(id): Id<TemplateId>,
    Valid(ask): Valid<TemplateTest>,
) -> Result<HttpResponse> {
    let is_open = house.mail.is_configured();
    let queued = house.db.change(can, move |conn, ctx| template::test(conn, ctx, id, &ask, is_open)).await?;
    worker::wake();
    Ok(HttpResponse::Accepted().json(queued))
}
