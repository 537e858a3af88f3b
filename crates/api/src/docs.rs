//! `/openapi.json`, `/docs/`: the document and its reference, from the binary alone.
use crate::answer::Result;
use crate::extract::{authenticate, pairs, state};
use crate::openapi;
use crate::sight::Sight;
use actix_web::http::header;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use kernel::{Error, error};
use platform::{Db, custom};
use std::sync::Arc;
use utoipa_swagger_ui::Config;

/// The document as it is served.
pub struct Text {
    json: web::Bytes,
    pages: Arc<Config<'static>>,
}

impl Text {
    pub fn of(sight: &Sight) -> Self {
        Self { json: sight.text().clone(), pages: Arc::new(Config::new(["/openapi.json"]).validator_url("none")) }
    }
}

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/openapi.json", web::get().to(document))
        .route("/", web::get().to(front))
        .route("/docs", web::get().to(front))
        .route("/docs/{page:.*}", web::get().to(page));
}

/// The document: everybody's, or with `?tenant=mine` that of the caller's tenant, for who comes with a token.
async fn document(req: HttpRequest, text: Data<Text>) -> Result<HttpResponse> {
    let pairs = pairs(req.query_string())?;
    match pairs.as_slice() {
        [(name, value)] if name == "tenant" && value == "mine" => {
            let ctx = authenticate(&req).await?;
            custom::refreshed(state::<Db>(&req)?, ctx.tenant, ctx.grants.known()).await?;
            let mut answer = HttpResponse::Ok();
            answer.insert_header((header::CACHE_CONTROL, "no-store"));
            Ok(answer.json(openapi::own::of(&ctx.grants)?))
        }
        _ => Ok(HttpResponse::Ok().content_type("application/json").body(text.json.clone())),
    }
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
