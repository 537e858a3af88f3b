//! What a file holds, coming and going by a signed link. Nobody logs in here: the link stands for whoever asked for it,
//! and what they may do is asked anew. Neither way is more of it in memory than a piece.
use super::download::Parcel;
use crate::answer::{Nothing, Result};
use crate::extract::{Asked, Id};
use crate::house::House;
use crate::limit;
use crate::routes::Routes;
use ::platform::file::link::{Link, Purpose};
use ::platform::file::{self, DIFFERS, File};
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpRequest, HttpResponse, get, put};
use futures_util::StreamExt;
use kernel::{Create, Ctx, Error, FileId, Myself, Permit, Read, clock, error, text};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use utoipa::IntoParams;

pub fn routes(cfg: &mut Routes) {
    cfg.service(put_file_content).service(get_file_content);
}

/// What makes a link good.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// as the link has it
    pub signature: String,
}

/// Put the content of a file
///
/// By the link that its announcement gave, as often as it takes until it is completed; the last content counts.
#[utoipa::path(tag = "files", params(("id" = FileId, Path), Signed),
    request_body(content = String, content_type = "application/octet-stream", description = "the content, as it is"),
    responses((status = 204, description = "it is there"),
              (status = 403, description = "the link is not good, or no longer"),
              (status = 507, description = "the server has no room for it")))]
#[put("/files/{id}/content")]
async fn put_file_content(
    req: HttpRequest,
    house: Data<House>,
    Id(id): Id<FileId>,
    Asked(Signed { signature }): Asked<Signed>,
    mut body: Payload,
) -> Result<Nothing> {
    let (ctx, nouns) = (by(&req, &house, Purpose::Upload, id, &signature).await?, house.catalogues);
    let can = || Permit::<Myself>::check(ctx.clone());
    let (file, object) = house.db.read(can()?, move |conn, ctx| file::awaiting(conn, ctx, nouns, id)).await?;
    let mut incoming = house.files.receive(ctx.tenant, object)?;
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|e| Error::from(error::MALFORMED).source(e.to_string()))?;
        incoming.write(&piece).await?;
        if incoming.size > file.size {
            let text = text!("at most {most} bytes", most = file.size);
            return Err(Error::from(error::TOO_LARGE).detail(text).into());
        }
    }
    if incoming.size != file.size {
        let text = text!("{size} bytes came, {announced} were announced", size = incoming.size, announced = file.size);
        return Err(Error::from(DIFFERS).detail(text).into());
    }
    let keep = incoming.end().await?;
    house.db.change(can()?, move |conn, ctx| file::received(conn, ctx, id, keep)).await?;
    Ok(Nothing)
}

/// Get the content of a file
///
/// By the link that `…/download` gave: always as an attachment of plain bytes, whatever it is. Whoever was cut off goes on
/// with `Range`, and with the `ETag` in `If-Range` is sure that it is the same content.
#[utoipa::path(tag = "files",
    params(("id" = FileId, Path), Signed,
           ("Range" = Option<String>, Header, description = "one range of bytes: `bytes=1000-`"),
           ("If-Range" = Option<String>, Header, description = "the ETag: of another content, all of it is answered")),
    responses(
        (status = 200, description = "the content", headers(("ETag" = String), ("Accept-Ranges" = String)),
         content((String = "application/octet-stream"))),
        (status = 206, description = "the range of it", headers(("ETag" = String), ("Content-Range" = String)),
         content((String = "application/octet-stream"))),
        (status = 403, description = "the link is not good, or no longer"),
        (status = 409, description = "the file has no content, or the store another one than was examined"),
        (status = 416, description = "the range begins behind the end of the content")))]
#[get("/files/{id}/content")]
async fn get_file_content(
    req: HttpRequest,
    house: Data<House>,
    Id(id): Id<FileId>,
    Asked(Signed { signature }): Asked<Signed>,
) -> Result<HttpResponse> {
    let (ctx, nouns) = (by(&req, &house, Purpose::Download, id, &signature).await?, house.catalogues);
    let can = Permit::<Myself>::check(ctx.clone())?;
    let (file, object) = house.db.read(can, move |conn, ctx| file::readable(conn, ctx, nouns, id)).await?;
    let parcel = Parcel {
        size: u64::try_from(file.size).map_err(Error::internal)?,
        sha256: file.sha256.unwrap_or_default(),
        kind: "application/octet-stream",
        disposition: disposition(&file.name),
    };
    let cut = match parcel.cut(&req)? {
        Ok(cut) => cut,
        Err(known) => return Ok(known),
    };
    let pieces = house.files.read(ctx.tenant, object, cut.start..cut.start + cut.length).await?;
    Ok(cut.with(pieces.map(|piece| piece.map(Bytes::from))))
}

/// Whoever asked for the link, with what they may do now.
async fn by(req: &HttpRequest, house: &House, purpose: Purpose, id: FileId, signature: &str) -> kernel::Result<Ctx> {
    let now = clock::now();
    let link = Link::open(&house.seal, purpose, id, signature, now)?;
    let acting = house.identity.acting(link.tenant, link.user, link.key, now).await;
    let acting = acting.map_err(|e| Error::from(file::link::INVALID).source(e))?;
    limit::caller(req, &acting)?;
    match purpose {
        Purpose::Upload => acting.must::<Create<File>>()?,
        Purpose::Download => acting.must::<Read<File>>()?,
    }
    Ok(Ctx { request: crate::extract::request_id(req), ..acting })
}

/// What a name may hold that stands in quotation marks.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// As RFC 6266 says: the name for everybody, and one for those who read no more than ASCII.
fn disposition(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " -._()".contains(c);
    let ascii: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(name, PLAIN))
}
