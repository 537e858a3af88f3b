//! `/openapi.json`, `/docs/`: the document and its reference, from the binary alone.
use crate::answer::Result;
use actix_web::http::header;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use kernel::{Error, error};
use std::sync::Arc;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::Config;

/// The document as it is served.
pub struct Text {
    json: web::Bytes,
    pages: Arc<Config<'static>>,
}

impl Text {
    pub fn of(document: &OpenApi) -> std::io::Result<Self> {
        let json = document.to_json().map_err(std::io::Error::other)?.into();
        Ok(Self { json, pages: Arc::new(Config::new(["/openapi.json"])) })
    }
}

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/openapi.json", web::get().to(document))
        .route("/", web::get().to(front))
        .route("/docs", web::get().to(front))
        .route("/docs/{page:.*}", web::get().to(page));
}

async fn document(text: Data<Text>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(text.json.clone())
}

async fn front() -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, "/docs/")).finish()
}

async fn page(req: HttpRequest, text: Data<Text>) -> Result<HttpResponse> {
    let name = req.match_info().query("page");
    let file = utoipa_swagger_ui::serve(name, text.pages.clone()).map_err(|e| Error::internal(e.to_string()))?;
    let file = file.ok_or(error::NOT_FOUND)?;
    Ok(HttpResponse::Ok().content_type(file.content_type).body(file.bytes.into_owned()))
}
