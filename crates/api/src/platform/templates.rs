//! `/v1/imports/template`: a file to fill in.
use super::download;
use crate::answer::{Fail, Result};
use crate::extract::{Asked, Can};
use crate::routes::Routes;
use crate::worker::handlers::importer;
use ::platform::export::mapping;
use ::platform::import::Import;
use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use kernel::{Create, Ctx, Error};
use serde::Deserialize;
use std::io::{Read as _, Seek};
use utoipa::{IntoParams, ToSchema};

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_import_template);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TemplateQuery {
    /// what the rows are to be
    #[param(inline)]
    pub resource: Importable,
    /// what sort of file; CSV, unless said otherwise
    #[serde(default)]
    #[param(inline)]
    pub format: TemplateFormat,
}

/// What files bring.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Importable {
    Accounts,
    PersonAccounts,
    Contacts,
    ContactPoints,
    Memberships,
    Activities,
    Tasks,
    Consents,
    Products,
    PriceBooks,
    PriceBookEntries,
    Orders,
    OrderLines,
    Opportunities,
    Quotes,
    Contracts,
    Payments,
    Leads,
    Cases,
}

impl Importable {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::PersonAccounts => "person_accounts",
            Self::Contacts => "contacts",
            Self::ContactPoints => "contact_points",
            Self::Memberships => "memberships",
            Self::Activities => "activities",
            Self::Tasks => "tasks",
            Self::Consents => "consents",
            Self::Products => "products",
            Self::PriceBooks => "price_books",
            Self::PriceBookEntries => "price_book_entries",
            Self::Orders => "orders",
            Self::OrderLines => "order_lines",
            Self::Opportunities => "opportunities",
            Self::Quotes => "quotes",
            Self::Contracts => "contracts",
            Self::Payments => "payments",
            Self::Leads => "leads",
            Self::Cases => "cases",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TemplateFormat {
    #[default]
    Csv,
    Xlsx,
}

/// Get a file to fill in
///
/// Its columns are called as what they become, of all that the caller may write, so each is mapped to its own name; its
/// one row shows what they take, and goes before the file comes in.
#[utoipa::path(tag = "imports", params(TemplateQuery),
    responses((status = 200, description = "the file",
        content((String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
#[get("/imports/template")]
async fn get_import_template(
    Can(can): Can<Create<Import>>,
    Asked(query): Asked<TemplateQuery>,
) -> Result<HttpResponse> {
    let (ctx, resource) = (can.ctx().clone(), query.resource.name());
    let format = match query.format {
        TemplateFormat::Csv => "csv",
        TemplateFormat::Xlsx => "xlsx",
    };
    let bytes = web::block(move || written(resource, format, &ctx)).await.map_err(Error::internal)??;
    let (kind, ending) = download::kind(format);
    let name = format!("attachment; filename=\"{resource}.{ending}\"");
    Ok(HttpResponse::Ok().content_type(kind).insert_header((header::CONTENT_DISPOSITION, name)).body(bytes))
}

fn written(resource: &str, format: &str, ctx: &Ctx) -> std::result::Result<Vec<u8>, Fail> {
    let file = tempfile::tempfile().map_err(Error::internal)?;
    mapping::template(importer(resource)?, format, file.try_clone().map_err(Error::internal)?, ctx)?;
    let (mut file, mut bytes) = (file, Vec::new());
    file.rewind().map_err(Error::internal)?;
    file.read_to_end(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::handlers::importable;

    #[test]
    fn whatever_files_bring_has_one_to_fill_in() {
        for resource in importable().split(", ") {
            let read: Importable = serde_json::from_value(resource.into()).unwrap();
            assert_eq!(read.name(), resource);
        }
    }
}
