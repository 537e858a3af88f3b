//! `/v1/sync`: for clients that work offline.
use crate::answer::Result;
use crate::extract::{Asked, Can};
use crate::house::House;
use crate::routes::Routes;
use ::platform::Db;
use ::platform::event::sync::{self, Changes, State};
use actix_web::get;
use actix_web::web::{Data, Json};
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::page::{Mark, Seal};
use kernel::{Error, Fault, Myself, error, text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

pub fn routes(cfg: &mut Routes) {
    cfg.service(sync_records);
}

const MOST: u16 = 200;

/// What is followed, and from where on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SyncQuery {
    /// the resources to follow, comma-separated, as their paths call them
    #[param(max_length = 1000, example = "contacts,accounts")]
    resources: String,
    /// the `token` of the answer before, for the same resources; everything is told where it is absent
    token: Option<String>,
    /// how many records, or events, at most
    #[serde(default = "most")]
    #[param(minimum = 1, maximum = 200, default = 200, required = false)]
    limit: u16,
}

fn most() -> u16 {
    MOST
}

/// What is otherwise since the token, by resource.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "upserted": {"contacts": [{"id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "display_name": "Ada", "version": 4}]},
    "deleted": {"contacts": ["0192f0c1-0000-7000-8000-000000000c02"]}, "revoked": {}, "reset": [],
    "token": "q1Hh…", "has_more": false
}))]
struct SyncPage {
    /// records as they are now, as far as the caller sees their fields
    #[schema(value_type = BTreeMap<String, Vec<Object>>)]
    upserted: BTreeMap<String, Vec<Map<String, Value>>>,
    /// what was archived or is gone
    deleted: BTreeMap<String, Vec<Uuid>>,
    /// what is still there, and no more for the caller to see
    revoked: BTreeMap<String, Vec<Uuid>>,
    /// resources of which the caller sees others than before: they are told from the beginning, in this answer and the
    /// next; what is not met again until `has_more` is false is to be dropped
    reset: Vec<String>,
    /// for the next request
    token: String,
    /// whether to go on at once
    has_more: bool,
}

/// Follow records
///
/// Without a token all living records of the resources that the caller sees, page by page; then, with the token of the
/// last answer, whatever was changed, archived, purged or taken from their sight since, in any order of records, each as
/// it is by now. A client that does as it is told holds what the lists show. Where it is not single records that have
/// changed but what the caller may see (roles, teams, queues, shares, hidden fields), `reset` names the resources that
/// are told anew. A token is good for the same caller and the same resources; one that is too old is answered 410: begin
/// without.
#[utoipa::path(tag = "events", params(SyncQuery),
    responses((status = 200, description = "the next changes", body = SyncPage),
              (status = 410, description = "the token is too old: begin without")))]
#[get("/sync")]
async fn sync_records(
    db: Data<Db>,
    house: Data<House>,
    nouns: Data<&'static Catalogues>,
    seal: Data<Seal>,
    Can(can): Can<Myself>,
    Asked(query): Asked<SyncQuery>,
) -> Result<Json<SyncPage>> {
    let catalogues = **nouns;
    if !(1..=MOST).contains(&query.limit) {
        return Err(refused("?limit", text!("a whole number from 1 to {most}", most = MOST)).into());
    }
    let followed = followed(catalogues, &query.resources)?;
    let names: Vec<&str> = followed.iter().map(|noun| noun.noun).collect();
    let purpose = format!("{} sync {} {}", can.ctx().tenant, can.ctx().actor.user, names.join(","));
    let state = query.token.as_deref().map(|token| opened(&seal, &purpose, token)).transpose()?;
    let limit = i64::from(query.limit);
    let kept = house.events;
    let page = db.read(can, move |conn, ctx| sync::page(conn, ctx, catalogues, &followed, state, limit, kept));
    let (changes, state) = page.await?;
    let state = serde_json::to_string(&state).map_err(Error::internal)?;
    let token = seal.close(&purpose, &Mark { keys: vec![Some(state)], id: Uuid::nil() });
    let Changes { upserted, deleted, revoked, reset, has_more } = changes;
    Ok(Json(SyncPage { upserted, deleted, revoked, reset, token, has_more }))
}

/// The nouns that are named, each once, in an order that does not depend on the caller's.
fn followed(catalogues: &'static Catalogues, resources: &str) -> kernel::Result<Vec<&'static Catalogue>> {
    let mut all = Vec::new();
    for name in resources.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let known = sync::noun(catalogues, name).ok_or_else(|| {
            let known = sync::resources(catalogues).join(", ");
            refused("?resources", text!("\"{name}\" cannot be followed; there are: {known}", name, known))
        })?;
        all.push(known);
    }
    all.sort_by_key(|noun| noun.noun);
    all.dedup_by_key(|noun| noun.noun);
    if all.is_empty() { Err(refused("?resources", text!("names no resource"))) } else { Ok(all) }
}

fn opened(seal: &Seal, purpose: &str, token: &str) -> kernel::Result<State> {
    let mark = seal.open(purpose, token)?;
    let state = mark.keys.into_iter().next().flatten().and_then(|state| serde_json::from_str(&state).ok());
    state.ok_or_else(|| error::CURSOR_MISMATCH.into())
}

fn refused(place: &str, message: kernel::Text) -> Error {
    Error::from(error::UNKNOWN_PARAMETER).fault(Fault::new(place, error::UNKNOWN_PARAMETER.name, message))
}
