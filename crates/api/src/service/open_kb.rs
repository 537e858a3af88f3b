//! `/kb/{portal}`: the open door of the knowledge base, for whoever reads. What is not published, not public, or in a
//! portal that is not, is not there. A read writes nothing: it is counted in memory, and kept some seconds later.
use crate::answer::{Result, knows};
use crate::extract::{Asked, Valid, request_id};
use crate::house::House;
use crate::limit::{self, Limits};
use crate::routes::Routes;
use ::service::kb::article::KbArticle;
use ::service::kb::feedback::{self, KbVerdict};
use ::service::kb::portal::{self, KbPortal};
use ::service::kb::reading::{self, OpenArticle, OpenCategory, OpenHit, OpenPortal, OpenTitle};
use ::service::kb::tally;
use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, ETAG};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use kernel::page::Mark;
use kernel::{Ctx, Cut, Error, Fault, KbArticleId, Page, Permit, Read, Update, clock, error, text};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::Duration;
use utoipa::{IntoParams, ToSchema};

/// For how long whoever is on the way may keep what was read.
const FRESH: &str = "public, max-age=60";
/// How long reads are counted before they are kept.
const COUNTED: Duration = Duration::from_secs(2);
/// As often as it is tried to keep them, where the database is not there.
const TRIES: u32 = 300;
const MOST: u8 = 100;

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_open_kb_portal)
        .service(list_open_kb_categories)
        .service(list_open_kb_articles)
        .service(get_open_kb_article)
        .service(search_open_kb)
        .service(rate_open_kb_article);
}

/// Which articles.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OpenArticlesQuery {
    /// the address of a category
    #[param(max_length = 60, example = "billing")]
    category: Option<String>,
    /// how many at most
    #[serde(default = "twenty")]
    #[param(minimum = 1, maximum = 100, default = 20, required = false)]
    limit: u8,
    /// `next_cursor` of the page before
    cursor: Option<String>,
}

/// What is searched for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OpenSearchQuery {
    /// words; of Chinese, two characters are enough, wherever they stand
    #[param(min_length = 1, max_length = 200, example = "退款")]
    q: String,
    /// how many at most
    #[serde(default = "twenty")]
    #[param(minimum = 1, maximum = 100, default = 20, required = false)]
    limit: u8,
}

/// What was found, best first.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenHits {
    pub data: Vec<OpenHit>,
}

/// That it was heard.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"is_helpful": true}))]
pub struct KbVerdictReceipt {
    pub is_helpful: bool,
}

type OpenTitlePage = Page<OpenTitle>;

fn twenty() -> u8 {
    20
}

/// Look at a portal
#[utoipa::path(tag = "kb-portals", params(("portal" = String, Path, description = "the address of the portal")),
    responses((status = 200, description = "the portal", body = OpenPortal,
                headers(("etag" = String, description = "of what is answered"))),
              (status = 304, description = "the caller has it as it is",
                headers(("etag" = String, description = "of what is answered"))),
              (status = 404, description = "no such portal, or one that is not public")))]
#[get("/kb/{portal}")]
async fn get_open_kb_portal(req: HttpRequest, house: Data<House>, portal: Path<String>) -> Result<HttpResponse> {
    let (_, portal) = open(&req, &house, &portal).await?;
    Ok(answered(&req, &OpenPortal::from(portal)))
}

/// List the categories of a portal
#[utoipa::path(tag = "kb-portals", params(("portal" = String, Path, description = "the address of the portal"),
        ("locale" = String, Path, description = "one of its languages")),
    responses((status = 200, description = "all of them, in their order", body = [OpenCategory],
                headers(("etag" = String, description = "of what is answered"))),
              (status = 304, description = "the caller has them as they are",
                headers(("etag" = String, description = "of what is answered"))),
              (status = 404, description = "no such portal, or not in this language")))]
#[get("/kb/{portal}/{locale}/categories")]
async fn list_open_kb_categories(
    req: HttpRequest,
    house: Data<House>,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (ctx, portal, locale) = speaking(&req, &house, &path).await?;
    let can = Permit::<Read<KbArticle>>::check(ctx)?;
    let all = house.db.read(can, move |conn, ctx| reading::categories(conn, ctx, &portal, &locale)).await?;
    Ok(answered(&req, &all))
}

/// List the articles of a portal
///
/// In their order; of one category, where that is named.
#[utoipa::path(tag = "kb-articles", params(("portal" = String, Path, description = "the address of the portal"),
        ("locale" = String, Path, description = "one of its languages"), OpenArticlesQuery),
    responses((status = 200, description = "a page of them", body = OpenTitlePage,
                headers(("etag" = String, description = "of what is answered"))),
              (status = 304, description = "the caller has it as it is",
                headers(("etag" = String, description = "of what is answered"))),
              (status = 404, description = "no such portal or category, or not in this language")))]
#[get("/kb/{portal}/{locale}/articles")]
async fn list_open_kb_articles(
    req: HttpRequest,
    house: Data<House>,
    path: Path<(String, String)>,
    Asked(query): Asked<OpenArticlesQuery>,
) -> Result<HttpResponse> {
    let most = bounded(query.limit)?;
    let purpose = format!("kb {} {} {}", path.0, path.1, query.category.as_deref().unwrap_or_default());
    let after = match &query.cursor {
        None => None,
        Some(cursor) => {
            let mark = house.seal.open(&purpose, cursor)?;
            let position = mark.keys.first().and_then(|key| key.as_ref()?.parse().ok());
            Some((position.ok_or(error::CURSOR_MISMATCH)?, KbArticleId(mark.id)))
        }
    };
    let (ctx, portal, locale) = speaking(&req, &house, &path).await?;
    let can = Permit::<Read<KbArticle>>::check(ctx)?;
    let rows = house.db.read(can, move |conn, ctx| {
        let category = query.category.as_deref();
        reading::articles(conn, ctx, (&portal, &locale), category, after, i64::from(most))
    });
    let mut rows = rows.await?;
    let has_more = rows.len() > usize::from(most);
    rows.truncate(usize::from(most));
    let last = rows
        .last()
        .filter(|_| has_more)
        .map(|(_, (position, id))| Mark { keys: vec![Some(position.to_string())], id: id.0 });
    let next_cursor = last.map(|mark| house.seal.close(&purpose, &mark));
    let data = rows.into_iter().map(|(title, _)| title).collect();
    Ok(answered(&req, &Page { data, page: Cut { next_cursor, has_more, count: None } }))
}

/// Read an article
#[utoipa::path(tag = "kb-articles", params(("portal" = String, Path, description = "the address of the portal"),
        ("locale" = String, Path, description = "one of its languages"),
        ("slug" = String, Path, description = "the address of the article")),
    responses((status = 200, description = "the article", body = OpenArticle,
                headers(("etag" = String, description = "of what is answered"))),
              (status = 304, description = "the caller has it as it is",
                headers(("etag" = String, description = "of what is answered"))),
              (status = 404, description = "no such article, or not in this language")))]
#[get("/kb/{portal}/{locale}/articles/{slug}")]
async fn get_open_kb_article(
    req: HttpRequest,
    house: Data<House>,
    path: Path<(String, String, String)>,
) -> Result<HttpResponse> {
    let (portal, locale, slug) = path.into_inner();
    let (ctx, portal, locale) = speaking(&req, &house, &(portal, locale)).await?;
    let (tenant, now) = (ctx.tenant, ctx.now);
    let can = Permit::<Read<KbArticle>>::check(ctx)?;
    let read = house.db.read(can, move |conn, ctx| reading::article(conn, ctx, &portal, &locale, &slug)).await?;
    if house.tally.read(tenant, read.id, &read.locale, now) {
        keep_soon(&house);
    }
    Ok(answered(&req, &read))
}

/// Search a portal
///
/// What is called so comes first, then what says so. Where nothing does, one typing error a word is forgiven.
#[utoipa::path(tag = "kb-articles", params(("portal" = String, Path, description = "the address of the portal"),
        ("locale" = String, Path, description = "one of its languages"), OpenSearchQuery),
    responses((status = 200, description = "what was found, best first", body = OpenHits,
                headers(("etag" = String, description = "of what is answered"))),
              (status = 304, description = "the caller has it as it is",
                headers(("etag" = String, description = "of what is answered"))),
              (status = 404, description = "no such portal, or not in this language")))]
#[get("/kb/{portal}/{locale}/search")]
async fn search_open_kb(
    req: HttpRequest,
    house: Data<House>,
    path: Path<(String, String)>,
    Asked(query): Asked<OpenSearchQuery>,
) -> Result<HttpResponse> {
    let most = bounded(query.limit)?;
    if query.q.contains('\0') {
        return Err(Error::from(error::MALFORMED).detail(text!("a parameter holds the character U+0000")).into());
    }
    let (ctx, portal, locale) = speaking(&req, &house, &path).await?;
    let (tenant, of, now, spoken) = (ctx.tenant, portal.id, ctx.now, locale.clone());
    let can = Permit::<Read<KbArticle>>::check(ctx)?;
    let found = house
        .db
        .read(can, move |conn, ctx| reading::search(conn, ctx, (&portal, &locale), &query.q, usize::from(most)));
    let data = found.await?;
    if house.tally.searched(tenant, of, &spoken, now, data.is_empty()) {
        keep_soon(&house);
    }
    Ok(answered(&req, &OpenHits { data }))
}

/// Say whether an article has helped
///
/// Each visitor once of an article; who says so again thinks better of it.
#[utoipa::path(tag = "kb-articles", params(("portal" = String, Path, description = "the address of the portal"),
        ("locale" = String, Path, description = "one of its languages"),
        ("slug" = String, Path, description = "the address of the article")),
    request_body = KbVerdict,
    responses((status = 200, description = "it was heard", body = KbVerdictReceipt),
              (status = 404, description = "no such article, or not in this language")))]
#[post("/kb/{portal}/{locale}/articles/{slug}/feedback")]
async fn rate_open_kb_article(
    req: HttpRequest,
    house: Data<House>,
    limits: Data<Limits>,
    path: Path<(String, String, String)>,
    Valid(verdict): Valid<KbVerdict>,
) -> Result<HttpResponse> {
    let (portal, locale, slug) = path.into_inner();
    let (ctx, portal, locale) = speaking(&req, &house, &(portal, locale)).await?;
    limit::form(&limits, portal.id.0.as_u128())?;
    let is_helpful = verdict.is_helpful;
    let can = Permit::<Update<KbArticle>>::check(ctx)?;
    let said = house.db.write(can, move |conn, ctx| {
        let read = reading::article(conn, ctx, &portal, &locale, &slug)?;
        feedback::say(conn, ctx, read.id, &locale, &verdict)
    });
    said.await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(KbVerdictReceipt { is_helpful }))
}

/// A portal that is public, and whoever reads it.
async fn open(req: &HttpRequest, house: &House, slug: &str) -> kernel::Result<(Ctx, KbPortal)> {
    let (now, slug) = (clock::now(), slug.to_owned());
    let found = house.db.unpermitted(move |conn| Ok(portal::open(conn, &slug)?)).await?;
    let (tenant, portal) = found.ok_or(error::NOT_FOUND)?;
    Ok((Ctx { request: request_id(req), ..reading::visitor(tenant, &portal, now) }, portal))
}

/// The same in one of its languages, as the portal writes it.
async fn speaking(
    req: &HttpRequest,
    house: &House,
    (portal, locale): &(String, String),
) -> kernel::Result<(Ctx, KbPortal, String)> {
    let (ctx, portal) = open(req, house, portal).await?;
    let locale = portal.locale(locale).ok_or(error::NOT_FOUND)?.to_owned();
    Ok((ctx, portal, locale))
}

fn bounded(limit: u8) -> kernel::Result<u8> {
    if (1..=MOST).contains(&limit) {
        return Ok(limit);
    }
    let message = text!("must be from {min} to {max}", min = 1, max = MOST);
    Err(Error::from(error::UNKNOWN_PARAMETER).fault(Fault::new("?limit", "range", message)))
}

/// Keeps what is counted, when some of it has come together. What cannot be kept for long is forgotten.
fn keep_soon(house: &Data<House>) {
    let house = house.clone();
    actix_web::rt::spawn(async move {
        for _ in 0..TRIES {
            tokio::time::sleep(COUNTED).await;
            let counts = house.tally.take();
            let its = counts.clone();
            let Err(error) = house.db.unpermitted(move |conn| tally::keep(conn, &its)).await else { return };
            tracing::warn!(%error, "what was read cannot be counted yet");
            house.tally.give_back(counts);
        }
        drop(house.tally.take());
    });
}

/// What anybody may read and keep for a moment, from whatever page.
fn answered(req: &HttpRequest, what: &impl Serialize) -> HttpResponse {
    let body = serde_json::to_vec(what).unwrap_or_default();
    let etag = format!("\"{}\"", BASE64.encode(Sha256::digest(&body).iter().take(12).copied().collect::<Vec<u8>>()));
    let mut answer = if knows(req, &etag) { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((ETAG, etag.clone()))
        .insert_header((CACHE_CONTROL, FRESH))
        .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    if knows(req, &etag) {
        return answer.finish();
    }
    answer.content_type("application/json").body(body)
}
