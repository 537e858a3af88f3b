//! A file that comes in: streamed to the disk, never held in memory, gone again unless all about it is right.
use crate::house::House;
use crate::worker::handlers::{folder, importer};
use ::platform::import::{self, Mapping, NewImport, Plan};
use ::platform::once;
use ::platform::private;
use ::platform::table::{Format, Table};
use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::web;
use futures_util::StreamExt;
use kernel::{Ctx, Error, Fault, ImportId, Result, error, text};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::PathBuf;
use tokio::io::AsyncWriteExt;
use utoipa::ToSchema;

/// The largest file.
const MOST_BYTES: i64 = 2 << 30;
/// The largest of the other parts.
const MOST_TEXT: usize = 1 << 20;

/// The parts of a file brought in.
#[derive(ToSchema)]
#[allow(dead_code)] // the document's half: the parts are read as they come
pub struct ImportUpload {
    /// CSV, XLSX or NDJSON, at most 2 GiB
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// how its columns become fields, as JSON
    #[schema(
        example = r#"{"resource": "accounts", "source_system": "shop", "columns": {"No": "external_id", "Company": "name"}}"#
    )]
    mapping: String,
    /// `upsert` (default), `create_only` or `update_only`
    #[schema(required = false, example = "upsert")]
    mode: Option<String>,
    /// about records that are probably there already: `reject` (default), `allow` or `update`
    #[schema(required = false, example = "reject")]
    duplicates: Option<String>,
    /// `true`: do everything and keep nothing
    #[schema(required = false, example = "false")]
    dry_run: Option<String>,
}

/// A file on the disk, which goes with this value unless it is kept.
pub struct Stored {
    path: PathBuf,
    kept: bool,
}

impl Stored {
    pub fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(&self.path); // not there: nothing was written
        }
    }
}

/// What was written of a file.
struct Written {
    name: String,
    size: i64,
    sha256: String,
}

/// Takes the parts in; faults of all of them at once.
pub async fn receive(house: &House, ctx: &Ctx, mut parts: Multipart) -> Result<(NewImport, Stored)> {
    let id = ImportId::new();
    let stored = Stored { path: folder(house).join(id.to_string()), kept: false };
    let (mut file, mut texts) = (None, BTreeMap::new());
    while let Some(part) = parts.next().await {
        let part = part.map_err(broken)?;
        match part.name().unwrap_or_default().to_owned().as_str() {
            "file" if file.is_none() => file = Some(write(&stored, part).await?),
            name @ ("mapping" | "mode" | "duplicates" | "dry_run") => {
                drop(texts.insert(name.to_owned(), text(part).await?))
            }
            name => {
                return Err(Error::invalid(
                    format!("/{name}"),
                    "unknown_field",
                    text!("is no part of an import, or is there twice"),
                ));
            }
        }
    }
    let new = checked(id, file, &texts)?;
    note(&new, &texts);
    let (path, ctx) = (stored.path.clone(), ctx.clone());
    let new = web::block(move || fitted(new, path, &ctx)).await.map_err(Error::internal)??;
    Ok((new, stored))
}

/// What tells one upload from another: a form that is sent again may part its parts otherwise.
fn note(new: &NewImport, texts: &BTreeMap<String, String>) {
    let file = [("file", new.file_name.as_str()), ("sha256", new.file_sha256.as_str())];
    for (name, text) in file.into_iter().chain(texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))) {
        [name, "\0", text, "\0"].iter().for_each(|part| once::note(part.as_bytes()));
    }
}

fn checked(id: ImportId, file: Option<Written>, texts: &BTreeMap<String, String>) -> Result<NewImport> {
    let mut faults = Vec::new();
    let mut choice = |name: &str, choices: &[&str]| {
        let text =
            texts.get(name).map_or(choices.first().copied().unwrap_or_default(), String::as_str).trim().to_owned();
        if !choices.contains(&text.as_str()) {
            faults.push(Fault::new(
                format!("/{name}"),
                "choice",
                text!("is none of {choices}", choices = choices.join(", ")),
            ));
        }
        text
    };
    let (mode, duplicates) = (choice("mode", import::MODES), choice("duplicates", import::DUPLICATES));
    let dry_run = choice("dry_run", &["false", "true"]);
    let mapping = texts.get("mapping").map(|text| serde_json::from_str::<Value>(text));
    let mapping = match mapping {
        None => Err(vec![Fault::new("/mapping", "required", text!("says how the columns become fields"))]),
        Some(Err(e)) => Err(vec![Fault::new(
            "/mapping",
            "json",
            text!("is not JSON: line {line}, column {column}", line = e.line(), column = e.column()),
        )]),
        Some(Ok(json)) => Mapping::read(&json).map(|_| json).map_err(|error| error.faults),
    };
    let mapping = mapping.unwrap_or_else(|more| {
        faults.extend(more);
        Value::Null
    });
    if file.is_none() {
        faults.push(Fault::new("/file", "required", text!("is what is to be brought in")));
    }
    let Some(file) = file.filter(|_| faults.is_empty()) else { return Err(Error::from(error::INVALID).faults(faults)) };
    Ok(NewImport {
        id,
        resource: String::new(),
        file_name: file.name,
        file_key: id.to_string(),
        file_size: file.size,
        file_sha256: file.sha256,
        mapping,
        mode,
        duplicates,
        is_dry_run: dry_run == "true",
        header: Vec::new(),
    })
}

/// The mapping against the file, and what it may come to against the caller.
fn fitted(mut new: NewImport, path: PathBuf, ctx: &Ctx) -> Result<NewImport> {
    let mapping = Mapping::read(&new.mapping)?;
    let importer = importer(&mapping.resource)?;
    let mode = import::mode(&new.mode).unwrap_or(::platform::deed::Mode::Upsert);
    importer.may(ctx, mode, &|noun| mapping.create_missing.iter().any(|what| what == noun))?;
    let table = Table::open(&path, Format::Auto, &mapping.options())?;
    new.resource.clone_from(&mapping.resource);
    new.header = table.header().to_vec();
    Plan::new(importer, mapping, &new.header, &ctx.grants)?;
    Ok(new)
}

async fn write(stored: &Stored, mut part: Field) -> Result<Written> {
    let name = part.content_disposition().and_then(|head| head.get_filename()).unwrap_or("file").to_owned();
    if let Some(folder) = stored.path.parent() {
        private::folder(folder).map_err(full)?;
    }
    let new = private::file().write(true).create_new(true).open(&stored.path).map_err(full)?;
    let mut file = tokio::fs::File::from_std(new);
    let (mut hash, mut size) = (Sha256::new(), 0_i64);
    while let Some(bytes) = part.next().await {
        let bytes = bytes.map_err(broken)?;
        size = size.saturating_add(i64::try_from(bytes.len()).unwrap_or(i64::MAX));
        if size > MOST_BYTES {
            return Err(Error::from(error::TOO_LARGE).detail(text!("at most {most} bytes", most = MOST_BYTES)));
        }
        hash.update(&bytes);
        file.write_all(&bytes).await.map_err(full)?;
    }
    file.sync_all().await.map_err(full)?;
    let name =
        name.rsplit(['/', '\\']).next().unwrap_or("file").chars().filter(|c| !c.is_control()).take(255).collect();
    Ok(Written { name, size, sha256: hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect() })
}

pub async fn text(mut part: Field) -> Result<String> {
    let bytes = part.bytes(MOST_TEXT).await.map_err(|_| Error::from(error::TOO_LARGE))?.map_err(broken)?;
    String::from_utf8(bytes.to_vec()).map_err(|e| Error::from(error::MALFORMED).detail(text!("is not UTF-8")).source(e))
}

pub fn broken(error: MultipartError) -> Error {
    match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeIncompatible
        | MultipartError::ContentTypeParse => {
            Error::from(error::UNSUPPORTED_MEDIA_TYPE).detail(text!("multipart/form-data is read here"))
        }
        other => Error::from(error::MALFORMED).detail(text!("the form cannot be read")).source(other.to_string()),
    }
}

fn full(error: std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::from(error::STORAGE_FULL).source(error),
        _ => Error::internal(error),
    }
}
