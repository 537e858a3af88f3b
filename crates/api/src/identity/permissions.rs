//! `/v1/permissions/explain`: why somebody may, or may not, do something with a record.
use crate::answer::Result;
use crate::extract::{Asked, Can};
use crate::house;
use crate::routes::Routes;
use ::identity::Identity;
use ::identity::explain::{self, Explanation};
use actix_web::get;
use actix_web::web::{Data, Json};
use kernel::catalogue::{Catalogues, Owned};
use kernel::{Myself, UserId};
use platform::Db;
use serde::Deserialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use uuid::Uuid;

pub fn routes(cfg: &mut Routes) {
    cfg.service(explain_permissions);
}

/// Who, and which record.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExplainQuery {
    /// of which noun
    #[param(inline)]
    pub resource: OwnedNoun,
    /// which record
    pub record_id: Uuid,
    /// of whom it is asked; of the caller, where it is absent
    pub user_id: Option<UserId>,
}

/// Explain who may do what with a record
///
/// Whether the user may read, update, delete, assign, share and purge it, and why. Of oneself everybody asks; of others
/// those who may read users and roles; of a record that the caller sees.
#[utoipa::path(tag = "permissions", params(ExplainQuery),
    responses((status = 200, description = "each action, with the reasons", body = Explanation)))]
#[get("/permissions/explain")]
async fn explain_permissions(
    db: Data<Db>,
    identity: Data<Identity>,
    nouns: Data<&'static Catalogues>,
    Can(can): Can<Myself>,
    Asked(query): Asked<ExplainQuery>,
) -> Result<Json<Explanation>> {
    let (objects, nouns) = (identity.objects(), **nouns);
    let explained = db.read(can, move |conn, ctx| {
        explain::explain(conn, ctx, objects, nouns, (&query.resource.0, query.record_id), query.user_id)
    });
    Ok(Json(explained.await?))
}

/// A noun whose records have an owner.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct OwnedNoun(String);

impl PartialSchema for OwnedNoun {
    fn schema() -> RefOr<Schema> {
        let nouns = house::catalogues().into_iter().flat_map(|all| all.all());
        let owned = nouns.filter(|noun| matches!(noun.owned, Owned::Rows { .. })).map(|noun| noun.noun);
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(owned)).into()
    }
}
impl ToSchema for OwnedNoun {}
