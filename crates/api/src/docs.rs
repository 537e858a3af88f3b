//! `/openapi.json`, `/docs/`: the document and its reference, from the binary alone.
use actix_web::http::header;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
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
        .route("/docs", web::get().to(front))
        .route("/docs/{page:.*}", web::get().to(page));
}

async fn document(text: Data<Text>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(text.json.clone())
}

async fn front() -> HttpResponse {
    HttpResponse::MovedPermanently().insert_header((header::LOCATION, "/docs/")).finish()
}

async fn page(req: HttpRequest, text: Data<Text>) -> HttpResponse {
    let name = req.match_info().query("page");
    match utoipa_swagger_ui::serve(name, text.pages.clone()) {
        Ok(Some(file)) => HttpResponse::Ok().content_type(file.content_type).body(file.bytes.into_owned()),
        Ok(None) => HttpResponse::NotFound().finish(),
        Err(fault) => {
            tracing::error!(%fault, "the reference cannot be served");
            HttpResponse::InternalServerError().finish()
        }
    }
}
