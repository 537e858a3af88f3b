//! What the router and the document grow from: one list of operations, gone through for either. Workers, of which there
//! are several, have no document to make.
use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::path::{Paths, PathsMap};
use utoipa_actix_web::OpenApiFactory;

/// Where the operations of a list go.
pub enum Routes<'a> {
    Router(&'a mut web::ServiceConfig),
    Document(&'a mut Document),
}

impl Routes<'_> {
    pub fn service<D: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, door: D) -> &mut Self {
        match self {
            Self::Router(router) => drop(router.service(door)),
            Self::Document(document) => {
                let mut schemas = Vec::new();
                door.schemas(&mut schemas);
                document.components.get_or_insert_default().schemas.extend(schemas);
                document.paths.merge(door.paths());
            }
        }
        self
    }

    pub fn configure(&mut self, list: impl FnOnce(&mut Routes)) -> &mut Self {
        list(self);
        self
    }

    /// A list whose paths begin with `prefix`.
    pub fn scope(&mut self, prefix: &str, list: impl FnOnce(&mut Routes)) -> &mut Self {
        match self {
            Self::Router(router) => {
                router.service(web::scope(prefix).configure(|router| list(&mut Routes::Router(router))));
            }
            Self::Document(document) => {
                let before = std::mem::replace(&mut document.paths, Paths::new());
                list(&mut Routes::Document(document));
                let within = std::mem::replace(&mut document.paths, before).paths.into_iter();
                let mut named = Paths::new();
                named.paths = within.map(|(path, item)| (format!("{prefix}{path}"), item)).collect::<PathsMap<_, _>>();
                document.paths.merge(named);
            }
        }
        self
    }
}
