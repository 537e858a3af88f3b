//! `/v1/kb-articles/{id}/versions`, `/v1/kb-article-versions/{id}`: what articles say, and how that comes to be read.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid};
use crate::routes::Routes;
use ::service::kb::article::{self, KbArticle};
use ::service::kb::version::{self, KbArticleVersion, KbArticleVersionPatch, KbRejection, NewKbArticleVersion};
use actix_web::web::{Data, Json};
use actix_web::{delete, get, patch, post};
use kernel::{Approve, KbArticleId, KbArticleVersionId, Page, Read, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_all_kb_article_versions)
        .service(list_kb_article_versions)
        .service(add_kb_article_version)
        .service(get_kb_article_version)
        .service(update_kb_article_version)
        .service(remove_kb_article_version)
        .service(submit_kb_article_version)
        .service(reject_kb_article_version)
        .service(publish_kb_article_version)
        .service(archive_kb_article_version)
        .service(redraft_kb_article_version);
}

type KbArticleVersionPage = Page<KbArticleVersion>;

/// List the versions of all articles
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "kb-articles", params(ListQuery),
    responses((status = 200, description = "a page of them", body = KbArticleVersionPage)))]
#[get("/kb-article-versions")]
async fn list_all_kb_article_versions(
    db: Data<Db>,
    Can(can): Can<Read<KbArticle>>,
    List(listing, view): List<version::Table>,
) -> Result<Shown<KbArticleVersionPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| version::list(conn, ctx, &listing)).await
}

/// List the versions of an article
///
/// What it says and has said, in all languages.
#[utoipa::path(tag = "kb-articles", params(("id" = KbArticleId, Path)),
    responses((status = 200, description = "the newest 500 of them, the newest first", body = [KbArticleVersion])))]
#[get("/kb-articles/{id}/versions")]
async fn list_kb_article_versions(
    db: Data<Db>,
    Can(can): Can<Read<KbArticle>>,
    Id(id): Id<KbArticleId>,
) -> Result<Json<Vec<KbArticleVersion>>> {
    let all = db.read(can, move |conn, ctx| {
        article::find(conn, ctx, id)?;
        version::of_all(conn, ctx, &[id])
    });
    Ok(Json(all.await?))
}

/// Draft a version of an article
///
/// In one of the languages of its portal. If-Match asks for the version of the article.
#[utoipa::path(tag = "kb-articles", params(("id" = KbArticleId, Path)), request_body = NewKbArticleVersion,
    responses((status = 201, description = "the draft", body = KbArticleVersion)))]
#[post("/kb-articles/{id}/versions")]
async fn add_kb_article_version(
    db: Data<Db>,
    Can(can): Can<Update<KbArticle>>,
    Id(id): Id<KbArticleId>,
    IfMatch(base): IfMatch,
    Valid(new): Valid<NewKbArticleVersion>,
) -> Result<Created<KbArticleVersion>> {
    Ok(Created(db.write(can, move |conn, ctx| version::add(conn, ctx, id, base, &new)).await?))
}

/// Get a version of an article
#[utoipa::path(tag = "kb-articles", params(("id" = KbArticleVersionId, Path)),
    responses((status = 200, description = "the version", body = KbArticleVersion)))]
#[get("/kb-article-versions/{id}")]
async fn get_kb_article_version(
    db: Data<Db>,
    Can(can): Can<Read<KbArticle>>,
    Id(id): Id<KbArticleVersionId>,
) -> Result<Found<KbArticleVersion>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| version::find(conn, ctx, id)).await?))
}

/// Update a draft of an article
///
/// What was put forward is changed no more: reject it, or make another draft of it.
#[utoipa::path(tag = "kb-articles", params(("id" = KbArticleVersionId, Path)),
    request_body(content = KbArticleVersionPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the draft as it is now", body = KbArticleVersion)))]
#[patch("/kb-article-versions/{id}")]
async fn update_kb_article_version(
    db: Data<Db>,
    Can(can): Can<Update<KbArticle>>,
    Id(id): Id<KbArticleVersionId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<KbArticleVersionPatch>,
) -> Result<Found<KbArticleVersion>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| version::update(conn, ctx, id, base, &patch)).await?))
}

/// Remove a draft of an article
///
/// What was put forward is kept.
#[utoipa::path(tag = "kb-articles", params(("id" = KbArticleVersionId, Path)),
    responses((status = 204, description = "gone for good")))]
#[delete("/kb-article-versions/{id}")]
async fn remove_kb_article_version(
    db: Data<Db>,
    Can(can): Can<Update<KbArticle>>,
    Id(id): Id<KbArticleVersionId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.write(can, move |conn, ctx| version::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// Put a draft forward
#[utoipa::path(tag = "kb-articles", params(("id" = KbArticleVersionId, Path)),
    responses((status = 200, description = "the version, in review", body = KbArticleVersion)))]
#[post("/kb-article-versions/{id}/submit")]
async fn submit_kb_article_version(
    db: Data<Db>,
    Can(can): Can<Update<KbArticle>>,
    Id(id): Id<KbArticleVersionId>,
    IfMatch(base): IfMatch,
) -> Result<Found<KbArticleVersion>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| version::submit(conn, ctx, id, base)).await?))
}

/// Send a version back to be a draft
///
/// One that was let through and waits for its moment, too.
#[utoipa::path(tag = "kb-articles", params(("id" = KbArticleVersionId, Path)), request_body = KbRejection,
    responses((status = 200, description = "the version, a draft again", body = KbArticleVersion)))]
#[post("/kb-article-versions/{id}/reject")]
async fn reject_kb_article_version(
    db: Data<Db>,
    Can(can): Can<Approve<KbArticle>>,
    Id(id): Id<KbArticleVersionId>,
    IfMatch(base): IfMatch,
    Valid(why): Valid<KbRejection>,
) -> Result<Found<KbArticleVersion>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| version::reject(conn, ctx, id, base, &why)).await?))
}

/// Publish a version
///
/// From now on it is read in place of the one before in its language, which is archived. Where its `publish_at` has not
/// come yet, it waits in review until then.
#[utoipa::path(tag = "kb-articles", params(("id" = KbArticleVersionId, Path)),
    responses((status = 200, description = "the version as it is now", body = KbArticleVersion)))]
#[post("/kb-article-versions/{id}/publish")]
async fn publish_kb_article_version(
    db: Data<Db>,
    Can(can): Can<Approve<KbArticle>>,
    Id(id): Id<KbArticleVersionId>,
    IfMatch(base): IfMatch,
) -> Result<Found<KbArticleVersion>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| version::publish(conn, ctx, id, base)).await?))
}

/// Archive a version that is published
///
/// Nobody reads it any more.
#[utoipa::path(tag = "kb-articles", params(("id" = KbArticleVersionId, Path)),
    responses((status = 200, description = "the version, archived", body = KbArticleVersion)))]
#[post("/kb-article-versions/{id}/archive")]
async fn archive_kb_article_version(
    db: Data<Db>,
    Can(can): Can<Approve<KbArticle>>,
    Id(id): Id<KbArticleVersionId>,
    IfMatch(base): IfMatch,
) -> Result<Found<KbArticleVersion>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| version::archive(conn, ctx, id, base)).await?))
}

/// Make another draft of a version
///
/// It says what that says, or has said: so an old version is brought back.
#[utoipa::path(tag = "kb-articles", params(("id" = KbArticleVersionId, Path)),
    responses((status = 201, description = "the draft", body = KbArticleVersion)))]
#[post("/kb-article-versions/{id}/redraft")]
async fn redraft_kb_article_version(
    db: Data<Db>,
    Can(can): Can<Update<KbArticle>>,
    Id(id): Id<KbArticleVersionId>,
) -> Result<Created<KbArticleVersion>> {
    Ok(Created(db.write(can, move |conn, ctx| version::redraft(conn, ctx, id)).await?))
}
