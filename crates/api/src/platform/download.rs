//! A file on its way out: as an attachment, in pieces as the reader takes them, or the range that it asks for. Nothing of
//! the database is held meanwhile, so a reader that stops costs a socket and a file.
use crate::answer::{Result, knows};
use ::platform::export::{Export, NO_FILE};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentEncoding, HeaderMap};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use futures_util::stream;
use kernel::{Error, error};
use std::path::Path;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

const PIECE: usize = 64 << 10;

/// What is sent.
pub struct Parcel {
    pub size: u64,
    /// of what it holds, in hexadecimal
    pub sha256: String,
    pub kind: &'static str,
    /// `attachment; …`
    pub disposition: String,
}

/// As much of it as is sent.
pub struct Cut {
    pub start: u64,
    pub length: u64,
    answer: HttpResponseBuilder,
}

impl Cut {
    pub fn with(mut self, body: impl futures_util::Stream<Item = std::io::Result<Bytes>> + 'static) -> HttpResponse {
        self.answer.no_chunking(self.length).streaming(Box::pin(body))
    }
}

impl Parcel {
    /// What of it is asked for; or that its reader has it.
    pub fn cut(&self, req: &HttpRequest) -> Result<std::result::Result<Cut, HttpResponse>> {
        let (size, etag) = (self.size, format!("\"{}\"", self.sha256));
        if knows(req, &etag) {
            return Ok(Err(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish()));
        }
        let range = match text(req.headers(), header::IF_RANGE) {
            Some(known) if known != etag => None,
            _ => text(req.headers(), header::RANGE).and_then(|range| ranged(range, size)),
        };
        let (status, start, length) = match range {
            None => (StatusCode::OK, 0, size),
            Some(None) => return Err(Error::from(error::RANGE_NOT_SATISFIABLE).into()),
            Some(Some((start, length))) => (StatusCode::PARTIAL_CONTENT, start, length),
        };
        let mut answer = HttpResponse::build(status);
        answer
            .content_type(self.kind)
            .insert_header((header::CONTENT_DISPOSITION, self.disposition.as_str()))
            .insert_header((header::ETAG, etag))
            .insert_header((header::ACCEPT_RANGES, "bytes"))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox"))
            .insert_header((header::CACHE_CONTROL, "private, no-store"))
            // packed on the way, a range would be one of something else
            .insert_header(ContentEncoding::Identity);
        if status == StatusCode::PARTIAL_CONTENT {
            let last = (start + length).saturating_sub(1);
            answer.insert_header((header::CONTENT_RANGE, format!("bytes {start}-{last}/{size}")));
        }
        Ok(Ok(Cut { start, length, answer }))
    }
}

/// Type and ending of a format.
pub fn kind(format: &str) -> (&'static str, &'static str) {
    match format {
        "xlsx" => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        "ndjson" => ("application/x-ndjson", "ndjson"),
        _ => ("text/csv; charset=utf-8", "csv"),
    }
}

pub async fn answer(req: &HttpRequest, folder: &Path, export: &Export) -> Result<HttpResponse> {
    let mut file = File::open(folder.join(export.id.to_string())).await.map_err(|e| Error::from(NO_FILE).source(e))?;
    let size = file.metadata().await.map_err(Error::internal)?.len();
    let (kind, ending) = kind(&export.format);
    let disposition = format!("attachment; filename=\"{}-{}.{ending}\"", export.resource, export.id);
    let sha256 = export.file_sha256.clone().unwrap_or_default();
    let cut = match (Parcel { size, sha256, kind, disposition }).cut(req)? {
        Ok(cut) => cut,
        Err(known) => return Ok(known),
    };
    file.seek(std::io::SeekFrom::Start(cut.start)).await.map_err(Error::internal)?;
    let length = cut.length;
    Ok(cut.with(pieces(file, length)))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Start and length of a range; `Some(None)` where it lies behind the end, nothing where it is none that is understood,
/// which is then taken no notice of.
fn ranged(text: &str, size: u64) -> Option<Option<(u64, u64)>> {
    let (first, last) = text.strip_prefix("bytes=")?.trim().split_once('-')?;
    if let Ok(suffix) = last.parse::<u64>()
        && first.is_empty()
    {
        let length = suffix.min(size);
        return Some(Some((size - length, length)).filter(|_| length > 0));
    }
    let start: u64 = first.parse().ok()?;
    let last: u64 = if last.is_empty() { u64::MAX } else { last.parse().ok().filter(|last| *last >= start)? };
    let end = last.saturating_add(1).min(size);
    Some(Some((start, end.saturating_sub(start))).filter(|_| start < size))
}

fn pieces(file: File, length: u64) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> {
    stream::unfold((file, length), |(mut file, left)| async move {
        let mut piece = vec![0; usize::try_from(left).unwrap_or(PIECE).min(PIECE)];
        if piece.is_empty() {
            return None;
        }
        match file.read(&mut piece).await {
            Ok(0) => None, // it is shorter by now: the reader sees that it was cut off
            Ok(read) => {
                piece.truncate(read);
                let left = left.saturating_sub(u64::try_from(read).unwrap_or(left));
                Some((Ok(Bytes::from(piece)), (file, left)))
            }
            Err(error) => Some((Err(error), (file, 0))),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::ranged;

    #[test]
    fn ranges_are_read_as_they_are_meant() {
        for (text, expected) in [
            ("bytes=0-9", Some(Some((0, 10)))),
            ("bytes=90-", Some(Some((90, 10)))),
            ("bytes=90-1000", Some(Some((90, 10)))),
            ("bytes=-10", Some(Some((90, 10)))),
            ("bytes=-1000", Some(Some((0, 100)))),
            ("bytes=100-", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=9-0", None),
            ("bytes=0-1,5-6", None),
            ("lines=1-2", None),
            ("bytes=x-", None),
        ] {
            assert_eq!(ranged(text, 100), expected, "{text}");
        }
    }
}
