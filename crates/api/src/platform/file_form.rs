//! A file in one request: what it holds and what is said of it are the parts of a form. It is streamed, and is examined
//! while it comes.
use super::upload::{broken, text};
use crate::answer::{Fail, Result};
use crate::extract::{Valid, body};
use crate::house::House;
use ::platform::file::NewFile;
use ::platform::file::whole::Whole;
use ::platform::once;
use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use kernel::{Ctx, Error, error, text};
use serde_json::{Map, Value};
use std::future::Future;
use std::pin::Pin;
use utoipa::ToSchema;

/// The parts of a file that comes along.
#[derive(ToSchema)]
#[allow(dead_code)] // the document's half: the parts are read as they come
pub struct FileForm {
    /// what it holds
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// made by the client, when it creates offline
    #[schema(required = false, format = Uuid)]
    id: Option<String>,
    /// of which noun the record is that it is attached to
    #[schema(required = false, example = "contact")]
    resource: Option<String>,
    /// which record; without one, the file is the caller's alone
    #[schema(required = false, format = Uuid)]
    record_id: Option<String>,
    /// what it is called; as the part `file` says, where it is absent
    #[schema(required = false, example = "Angebot 2026.pdf")]
    name: Option<String>,
    /// what the client holds it for; as the part `file` says, where it is absent
    #[schema(required = false, example = "application/pdf")]
    content_type: Option<String>,
    /// of its content, in hexadecimal: then it is held against that
    #[schema(required = false, min_length = 64, max_length = 64)]
    sha256: Option<String>,
}

const TEXTS: [&str; 6] = ["id", "resource", "record_id", "name", "content_type", "sha256"];

/// A file that is announced, or one that comes along.
pub enum FileBody {
    Announced(NewFile),
    Whole(Multipart),
}

impl FromRequest for FileBody {
    type Error = Fail;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if req.content_type().starts_with("multipart/") {
            let parts = Multipart::from_request(req, payload);
            let parts = async { parts.await.map_err(|e| Error::from(error::MALFORMED).source(e.to_string())) };
            return Box::pin(async move { Ok(Self::Whole(parts.await?)) });
        }
        let new = Valid::from_request(req, payload);
        Box::pin(async move { new.await.map(|Valid(new)| Self::Announced(new)) })
    }
}

/// Takes the parts in: the content to where it waits, the others as the body that they would be.
pub async fn receive(house: &House, ctx: &Ctx, mut parts: Multipart) -> kernel::Result<(NewFile, Whole)> {
    let (mut whole, mut said) = (None, Map::new());
    while let Some(part) = parts.next().await {
        let part = part.map_err(broken)?;
        match part.name().unwrap_or_default().to_owned().as_str() {
            "file" if whole.is_none() => {
                let named = part.content_disposition().and_then(|head| head.get_filename()).unwrap_or_default();
                let kind = part.content_type().map(|kind| kind.essence_str().to_owned());
                let beside = [("name", Some(named.to_owned())), ("content_type", kind)];
                for (name, value) in beside.into_iter().filter_map(|(name, value)| Some((name, value?))) {
                    said.entry(name).or_insert_with(|| value.into());
                }
                whole = Some(write(house, ctx, part).await?);
            }
            name if TEXTS.contains(&name) => drop(said.insert(name.to_owned(), text(part).await?.into())),
            name => {
                let text = text!("is no part of a file, or is there twice");
                return Err(Error::invalid(format!("/{name}"), "unknown_field", text));
            }
        }
    }
    let whole = whole.ok_or_else(|| Error::invalid("/file", "required", text!("is what it is to hold")))?;
    said.insert("size".to_owned(), whole.size().into());
    for (name, value) in &said {
        [name, "\0", value.as_str().unwrap_or_default(), "\0"].iter().for_each(|part| once::note(part.as_bytes()));
    }
    let bytes = serde_json::to_vec(&Value::Object(said)).map_err(Error::internal)?;
    Ok((body::read(&bytes, &ctx.grants)?, whole))
}

async fn write(house: &House, ctx: &Ctx, mut part: Field) -> kernel::Result<Whole> {
    let (mut whole, most) = (Whole::begin(&house.files, ctx.tenant)?, house.files.settings.largest);
    while let Some(bytes) = part.next().await {
        let bytes = bytes.map_err(broken)?;
        once::note(&bytes);
        whole.write(&bytes).await?;
        if whole.size() > most {
            return Err(Error::from(error::TOO_LARGE).detail(text!("at most {most} bytes", most)));
        }
    }
    Ok(whole)
}
