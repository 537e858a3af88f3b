//! 405 where the path is known and the method is not, else 404. actix keeps one resource a verb and answers 404 for
//! both; the document knows better.
use crate::answer::Fail;
use actix_web::dev::ResourceDef;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use kernel::error;
use utoipa::openapi::{OpenApi, PathItem};

/// Which methods each path takes.
#[derive(Clone)]
pub struct Methods(Vec<(ResourceDef, String)>);

impl Methods {
    pub fn of(document: &OpenApi) -> Self {
        let paths = document.paths.paths.iter();
        Self(paths.map(|(path, item)| (ResourceDef::new(path.as_str()), allowed(item))).collect())
    }

    fn allow(&self, path: &str) -> Option<String> {
        let all: Vec<&str> =
            self.0.iter().filter(|(route, _)| route.is_match(path)).map(|(_, allow)| allow.as_str()).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }
}

fn allowed(item: &PathItem) -> String {
    let verbs = [
        ("GET", item.get.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
        ("PATCH", item.patch.is_some()),
        ("DELETE", item.delete.is_some()),
    ];
    verbs.into_iter().filter(|(_, there)| *there).map(|(verb, _)| verb).collect::<Vec<_>>().join(", ")
}

pub async fn nothing_here(req: HttpRequest) -> HttpResponse {
    let allow = req.app_data::<Methods>().and_then(|methods| HeaderValue::from_str(&methods.allow(req.path())?).ok());
    let fail = Fail::from(if allow.is_some() { error::METHOD_NOT_ALLOWED } else { error::NOT_FOUND });
    let mut response = HttpResponse::from_error(fail);
    if let Some(allow) = allow {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}
