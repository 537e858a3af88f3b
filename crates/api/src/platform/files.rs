//! `/v1/files`: what is attached to records. What files hold comes and goes by `file_content.rs`.
use super::file_form::{self, FileBody, FileForm};
use super::shares::OfRecord;
use crate::answer::{Created, Found, Nothing, Result, Secret, Shown};
use crate::extract::{Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, Valid};
use crate::house::House;
use crate::routes::Routes;
use crate::worker::files::{put_off, wake};
use ::platform::file::link::{DOWNLOAD, Link, Purpose, UPLOAD};
use ::platform::file::{self, File, FilePatch, NewFile};
use ::platform::{Conn, Db};
use actix_multipart::Multipart;
use actix_web::web::{Data, Json, Query};
use actix_web::{Either, delete, get, patch, post};
use chrono::{DateTime, Utc};
use kernel::catalogue::Catalogues;
use kernel::{Create, Ctx, Delete, FileId, Myself, Noun, Page, Permit, Purge, Read, Record, Update};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_files)
        .service(create_file)
        .service(get_file)
        .service(update_file)
        .service(delete_file)
        .service(restore_file)
        .service(complete_file)
        .service(download_file);
}

type FilePage = Page<File>;
type Nouns = Data<&'static Catalogues>;

/// Where the content is to be put.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"method": "PUT", "expires_at": "2026-11-26T08:15:00Z",
    "url": "/v1/files/0192f0c1-9999-7000-8000-000000000001/content?signature=…"}))]
pub struct FileUpload {
    #[schema(example = "PUT")]
    pub method: &'static str,
    /// absolute, or below the address of this API; whoever has it needs no token
    #[schema(example = "/v1/files/0192f0c1-9999-7000-8000-000000000001/content?signature=…")]
    pub url: String,
    pub expires_at: DateTime<Utc>,
}

/// A file that is to come, and where its content is to be put.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FreshFile {
    /// null where the content came along
    #[schema(required)]
    pub upload: Option<FileUpload>,
    #[serde(flatten)]
    pub file: File,
}

impl Noun for FreshFile {
    const NAME: &'static str = File::NAME;
}
impl Record for FreshFile {
    type Id = FileId;
    fn id(&self) -> FileId {
        self.file.id
    }
    fn version(&self) -> i32 {
        self.file.version
    }
}

/// Where a content is fetched, for a short while.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"expires_at": "2026-11-26T08:05:00Z",
    "url": "/v1/files/0192f0c1-9999-7000-8000-000000000001/content?signature=…"}))]
pub struct FileLink {
    /// below the address of this API; whoever has it needs no token
    pub url: String,
    pub expires_at: DateTime<Utc>,
}

/// List files
///
/// With `resource` and `record_id` all of that record, which the caller has to see; else those that are attached to none,
/// and so are the caller's alone.
#[utoipa::path(tag = "files", params(OfRecord, ListQuery),
    responses((status = 200, description = "a page of files", body = FilePage)))]
#[get("/files")]
async fn list_files(
    db: Data<Db>,
    nouns: Nouns,
    Can(can): Can<Read<File>>,
    List(listing, view): List<file::Table>,
    of: Query<OfRecord>,
) -> Result<Shown<FilePage, Page<Value>>> {
    let nouns = **nouns;
    view.page(&db, can, move |conn, ctx| {
        let record = of.whole();
        file::list(conn, ctx, nouns, &listing, record.as_ref().map(|(resource, id)| (resource.as_str(), *id)))
    })
    .await
}

/// Announce a file, or send it
///
/// As JSON it is announced. Its content is then put where `upload` says, by `PUT` and as it is, within a quarter of an
/// hour; then it is completed. As a form a small one comes along as a whole, and is ready, or refused where it is not what
/// its `sha256` says. Attached to a record, it is there for exactly those who see the record, and whoever changes it has to
/// be able to change that; else it is the caller's alone.
#[utoipa::path(tag = "files",
    request_body(content((NewFile = "application/json"), (FileForm = "multipart/form-data"))),
    responses((status = 201, description = "the file, and where its content is to be put", body = FreshFile),
              (status = 507, description = "the server has no room for it")))]
#[post("/files")]
async fn create_file(
    house: Data<House>,
    Can(can): Can<Create<File>>,
    body: FileBody,
) -> Result<Either<Secret<Created<FreshFile>>, Created<FreshFile>>> {
    Ok(match body {
        FileBody::Announced(new) => Either::Left(Secret(Created(announce(&house, can, new).await?))),
        FileBody::Whole(parts) => Either::Right(Created(bring(&house, can, parts).await?)),
    })
}

async fn announce(house: &House, can: Permit<Create<File>>, new: NewFile) -> kernel::Result<FreshFile> {
    let (nouns, settings, ctx) = (house.catalogues, house.files.settings.clone(), can.ctx().clone());
    let made = house.db.write(can, move |conn, ctx| file::create(conn, ctx, nouns, &settings, &new));
    let (file, object) = made.await?;
    let expires_at = ctx.now + UPLOAD;
    let url = match house.files.upload_url(ctx.tenant, object).await? {
        Some(url) => url,
        None => below(house, &ctx, file.id, Purpose::Upload, expires_at),
    };
    Ok(FreshFile { upload: Some(FileUpload { method: "PUT", url, expires_at }), file })
}

async fn bring(house: &House, can: Permit<Create<File>>, parts: Multipart) -> kernel::Result<FreshFile> {
    let (nouns, settings, ctx) = (house.catalogues, house.files.settings.clone(), can.ctx().clone());
    let (new, whole) = file_form::receive(house, &ctx, parts).await?;
    // asked before anything goes to a bucket, and once more where it is written down
    let (asked, of, said) = (ctx.clone(), settings.clone(), new.clone());
    let may = move |conn: &mut Conn| file::may_bring(conn, &asked, nouns, &of, &said);
    put_off(house, ctx.tenant, whole.object(), may).await?;
    let brought = whole.end(&house.files, ctx.tenant).await?;
    let file = house.db.change(can, move |conn, ctx| file::bring(conn, ctx, nouns, &settings, &new, brought)).await?;
    Ok(FreshFile { upload: None, file })
}

fn below(house: &House, ctx: &Ctx, id: FileId, purpose: Purpose, until: DateTime<Utc>) -> String {
    format!("/v1/files/{id}/content?signature={}", Link::of(ctx, id, until).sign(&house.seal, purpose))
}

/// Get a file
///
/// What is known of it; its content comes by `…/download`.
#[utoipa::path(tag = "files", params(("id" = FileId, Path)),
    responses((status = 200, description = "the file", body = File)))]
#[get("/files/{id}")]
async fn get_file(db: Data<Db>, nouns: Nouns, Can(can): Can<Read<File>>, Id(id): Id<FileId>) -> Result<Found<File>> {
    let nouns = **nouns;
    Ok(Found::plain(db.read(can, move |conn, ctx| file::find(conn, ctx, nouns, id)).await?))
}

/// Rename a file
#[utoipa::path(tag = "files", params(("id" = FileId, Path)),
    request_body(content = FilePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the file as it is now", body = File)))]
#[patch("/files/{id}")]
async fn update_file(
    db: Data<Db>,
    nouns: Nouns,
    Can(can): Can<Update<File>>,
    Id(id): Id<FileId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<FilePatch>,
) -> Result<Found<File>> {
    let nouns = **nouns;
    Ok(Found::plain(db.write(can, move |conn, ctx| file::update(conn, ctx, nouns, id, base, &patch)).await?))
}

/// Archive or purge a file
///
/// With `purge=true` its content goes as well.
#[utoipa::path(tag = "files", params(("id" = FileId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/files/{id}")]
async fn delete_file(
    db: Data<Db>,
    nouns: Nouns,
    Can(can): Can<Delete<File>>,
    Id(id): Id<FileId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    let (nouns, purge) = (**nouns, query.purge);
    db.write(can, move |conn, ctx| match purge {
        true => ctx.must::<Purge<File>>().and_then(|()| file::purge(conn, ctx, nouns, id, base)),
        false => file::archive(conn, ctx, nouns, id, base).map(drop),
    })
    .await?;
    wake();
    Ok(Nothing)
}

/// Restore an archived file
#[utoipa::path(tag = "files", params(("id" = FileId, Path)),
    responses((status = 200, description = "the file, in use again", body = File)))]
#[post("/files/{id}/restore")]
async fn restore_file(
    db: Data<Db>,
    nouns: Nouns,
    Can(can): Can<Delete<File>>,
    Id(id): Id<FileId>,
) -> Result<Found<File>> {
    let nouns = **nouns;
    Ok(Found::plain(db.write(can, move |conn, ctx| file::restore(conn, ctx, nouns, id)).await?))
}

/// Complete a file
///
/// Its content is read once: where it has the size and the checksum that were announced it is `ready`, and is what it
/// begins like, whatever it was declared to be; else it has `failed`, its `failure` says by what, and the content goes.
#[utoipa::path(tag = "files", params(("id" = FileId, Path)),
    responses((status = 200, description = "the file, ready or failed", body = File)))]
#[post("/files/{id}/complete")]
async fn complete_file(house: Data<House>, Can(can): Can<Update<File>>, Id(id): Id<FileId>) -> Result<Found<File>> {
    let (nouns, ctx) = (house.catalogues, can.ctx().clone());
    let again = Permit::<Update<File>>::check(ctx.clone())?;
    let (file, object) = house.db.change(can, move |conn, ctx| file::awaiting(conn, ctx, nouns, id)).await?;
    let found = house.files.examine(ctx.tenant, object, file.size).await?.ok_or(file::NOT_UPLOADED)?;
    let done = house.db.change(again, move |conn, ctx| file::complete(conn, ctx, id, &file, &found)).await?;
    wake();
    Ok(Found::plain(done))
}

/// Get a link to the content of a file
///
/// Good for five minutes, and noted in the audit trail.
#[utoipa::path(tag = "files", params(("id" = FileId, Path)),
    responses((status = 200, description = "where it is fetched", body = FileLink),
              (status = 409, description = "the file has no content")))]
#[get("/files/{id}/download")]
async fn download_file(
    house: Data<House>,
    Can(can): Can<(Myself, Read<File>)>,
    Id(id): Id<FileId>,
) -> Result<Secret<Json<FileLink>>> {
    let (nouns, ctx) = (house.catalogues, can.ctx().clone());
    house.db.write(can, move |conn, ctx| file::fetched(conn, ctx, nouns, id)).await?;
    let expires_at = ctx.now + DOWNLOAD;
    Ok(Secret(Json(FileLink { url: below(&house, &ctx, id, Purpose::Download, expires_at), expires_at })))
}
