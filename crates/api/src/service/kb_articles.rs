//! `/v1/kb-articles`: what the business knows, and in which words.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::service::case::Case;
use ::service::kb::article::{self, KbArticle, KbArticlePatch, KbCaseArticle, NewKbArticle};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{Create, Delete, KbArticleId, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_kb_articles)
        .service(create_kb_article)
        .service(create_kb_article_from_case)
        .service(batch_kb_articles)
        .service(get_kb_article)
        .service(update_kb_article)
        .service(delete_kb_article)
        .service(restore_kb_article);
}

type KbArticlePage = Page<KbArticle>;

/// List knowledge base articles
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "kb-articles", params(ListQuery),
    responses((status = 200, description = "a page of knowledge base articles", body = KbArticlePage)))]
#[get("/kb-articles")]
async fn list_kb_articles(
    db: Data<Db>,
    Can(can): Can<Read<KbArticle>>,
    List(listing, view): List<article::Table>,
) -> Result<Shown<KbArticlePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| article::list(conn, ctx, &listing)).await
}

/// Create a knowledge base article
///
/// With its first version, a draft, where a body is given.
#[utoipa::path(tag = "kb-articles", request_body = NewKbArticle,
    responses((status = 201, description = "the knowledge base article as it was made", body = KbArticle)))]
#[post("/kb-articles")]
async fn create_kb_article(
    db: Data<Db>,
    Can(can): Can<Create<KbArticle>>,
    Valid(new): Valid<NewKbArticle>,
) -> Result<Created<KbArticle>> {
    Ok(Created(db.change(can, move |conn, ctx| article::create(conn, ctx, &new)).await?))
}

/// Make a knowledge base article of a case
///
/// With a draft of the case's resolution, else of the last answer that its customer got.
#[utoipa::path(tag = "kb-articles", request_body = KbCaseArticle,
    responses((status = 201, description = "the article as it was made", body = KbArticle)))]
#[post("/kb-articles/from-case")]
async fn create_kb_article_from_case(
    db: Data<Db>,
    Can(can): Can<(Create<KbArticle>, Read<Case>)>,
    Valid(new): Valid<KbCaseArticle>,
) -> Result<Created<KbArticle>> {
    Ok(Created(db.change(can, move |conn, ctx| article::from_case(conn, ctx, &new)).await?))
}

/// Get a knowledge base article
#[utoipa::path(tag = "kb-articles", params(("id" = KbArticleId, Path), ViewQuery),
    responses((status = 200, description = "the knowledge base article", body = KbArticle)))]
#[get("/kb-articles/{id}")]
async fn get_kb_article(
    db: Data<Db>,
    Can(can): Can<Read<KbArticle>>,
    Id(id): Id<KbArticleId>,
    view: View,
) -> Result<Found<KbArticle>> {
    view.one(&db, can, id).await
}

/// Update a knowledge base article
#[utoipa::path(tag = "kb-articles", params(("id" = KbArticleId, Path)),
    request_body(content = KbArticlePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the knowledge base article as it is now", body = KbArticle)))]
#[patch("/kb-articles/{id}")]
async fn update_kb_article(
    db: Data<Db>,
    Can(can): Can<Update<KbArticle>>,
    Id(id): Id<KbArticleId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<KbArticlePatch>,
) -> Result<Found<KbArticle>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| article::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a knowledge base article
///
/// Archived, nobody reads it any more. Purged, its versions, what was said of it and how often it was read go with it.
#[utoipa::path(tag = "kb-articles", params(("id" = KbArticleId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/kb-articles/{id}")]
async fn delete_kb_article(
    db: Data<Db>,
    Can(can): Can<Delete<KbArticle>>,
    Id(id): Id<KbArticleId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<KbArticle>>().and_then(|()| article::purge(conn, ctx, id, base)),
        false => article::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived knowledge base article
#[utoipa::path(tag = "kb-articles", params(("id" = KbArticleId, Path)),
    responses((status = 200, description = "the knowledge base article, in use again", body = KbArticle)))]
#[post("/kb-articles/{id}/restore")]
async fn restore_kb_article(
    db: Data<Db>,
    Can(can): Can<Delete<KbArticle>>,
    Id(id): Id<KbArticleId>,
) -> Result<Found<KbArticle>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| article::restore(conn, ctx, id)).await?))
}

/// Write many knowledge base articles
///
/// Up to 1,000 creations, changes and deletions, answered one by one in their order.
#[utoipa::path(tag = "kb-articles", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/kb-articles/batch")]
async fn batch_kb_articles(db: Data<Db>, Can(can): Can<Writes<KbArticle>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<KbArticle>>()?;
                article::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<KbArticle>>()?;
                article::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => Err(batch::no_upsert()),
            BatchOp::Delete => {
                ctx.must::<Delete<KbArticle>>()?;
                article::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
