//! `/v1/search`: one search across nouns, for a box to type in. Each noun is asked by its own list, so that what is found
//! here is what `?q=` finds there, for whoever asks; what fits best comes first, whatever it is. Nouns take a statement
//! each, and one more where a typing error has to be forgiven, whatever else there is.
mod rooms;

use crate::answer::Result;
use crate::extract::{Asked, Can};
use crate::routes::Routes;
use ::platform::search::Query;
use ::platform::{Conn, Db};
use actix_web::get;
use actix_web::web::{Data, Json};
use kernel::catalogue::Catalogues;
use kernel::page::Seal;
use kernel::{Action, Ctx, Error, Fault, Myself, Reach, error, text};
use rooms::{ROOMS, Room};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

const MOST: u16 = 20;
const FEW: u16 = 5;

pub fn routes(cfg: &mut Routes) {
    cfg.service(search_records);
}

/// What is searched for, and among what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SearchQuery {
    /// words: each must be found, by its start, two Chinese, Japanese or Korean characters anywhere, or with a typing error
    #[param(max_length = 200, example = "chenguang")]
    q: String,
    /// nouns, comma-separated; all of them, unless said otherwise: `account`, `contact`, `lead`, `opportunity`, `quote`,
    /// `case`, `contract`, `order`, `payment`, `product`, `activity`, `task`, `email_message`
    #[param(example = "account,contact")]
    types: Option<String>,
    /// how many of each noun at most
    #[param(value_type = Option<u16>, minimum = 1, maximum = 20, default = 5)]
    limit: Option<String>,
}

/// A record that was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "resource": "contact", "id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "label": "欧阳晓明",
    "detail": "xiaoming@chenguang.example"
}))]
pub struct SearchHit {
    /// its noun
    #[schema(example = "contact")]
    pub resource: &'static str,
    pub id: Uuid,
    /// what people call it, such as its name or number; null where the caller does not see that
    #[schema(example = "欧阳晓明", required)]
    pub label: Option<String>,
    /// what tells it from others of that name: where it was found, or else what is best known of it
    #[schema(example = "xiaoming@chenguang.example", required)]
    pub detail: Option<String>,
    /// how well it fits, the less the better
    #[serde(skip)]
    #[schema(ignore)]
    distance: u8,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "data": [{"resource": "contact", "id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "label": "欧阳晓明",
              "detail": "xiaoming@chenguang.example"}],
    "more": ["order"]
}))]
pub struct SearchResults {
    /// what fits best first, of all nouns together
    pub data: Vec<SearchHit>,
    /// the nouns of which there are more: `?q=` of their lists finds them
    pub more: Vec<&'static str>,
}

/// A search, read and checked.
struct Search {
    text: String,
    query: Query,
    limit: u16,
    rooms: Vec<&'static dyn Room>,
    all: &'static Catalogues,
    seal: Seal,
}

/// Search across all nouns
///
/// What fits best comes first, of whatever noun the caller may read, as far as they see each: what they do not see is
/// neither found nor finds anything. A record is found as soon as it is written.
#[utoipa::path(tag = "search", params(SearchQuery),
    responses((status = 200, description = "what was found", body = SearchResults)))]
#[get("/search")]
async fn search_records(
    db: Data<Db>,
    catalogues: Data<&'static Catalogues>,
    seal: Data<Seal>,
    Can(can): Can<Myself>,
    Asked(SearchQuery { q, types, limit }): Asked<SearchQuery>,
) -> Result<Json<SearchResults>> {
    let limit = limit.map_or(Ok(FEW), |text| text.parse()).ok().filter(|limit| (1..=MOST).contains(limit));
    let limit = limit.ok_or_else(|| {
        let fault = Fault::new("?limit", "range", text!("a whole number from 1 to {most}", most = MOST));
        Error::from(error::UNKNOWN_PARAMETER).fault(fault)
    })?;
    let (query, rooms) = (Query::read(&q)?, rooms(types.as_deref())?);
    let seal = seal.get_ref().clone();
    let search = Search { text: q, query, limit, rooms, all: **catalogues, seal };
    Ok(Json(db.read(can, move |conn, ctx| search.run(conn, ctx)).await?))
}

/// The nouns that are named, in the order in which they are shown.
fn rooms(types: Option<&str>) -> kernel::Result<Vec<&'static dyn Room>> {
    let Some(types) = types else { return Ok(ROOMS.to_vec()) };
    let wanted: Vec<&str> = types.split(',').map(str::trim).filter(|one| !one.is_empty()).collect();
    if wanted.is_empty() || wanted.iter().any(|one| !ROOMS.iter().any(|room| room.noun() == *one)) {
        let names: Vec<&str> = ROOMS.iter().map(|room| room.noun()).collect();
        let wrong = text!("is none of {choices}", choices = names.join(", "));
        return Err(Error::from(error::UNKNOWN_PARAMETER).fault(Fault::new("?types", "choice", wrong)));
    }
    Ok(ROOMS.iter().copied().filter(|room| wanted.contains(&room.noun())).collect())
}

impl Search {
    fn run(&self, conn: &mut Conn, ctx: &Ctx) -> kernel::Result<SearchResults> {
        let (mut data, mut more) = (Vec::new(), Vec::new());
        let most = usize::from(self.limit);
        for room in &self.rooms {
            if ctx.grants.reach(room.noun(), Action::Read) == Reach::None {
                continue;
            }
            let mut found = room.find(conn, ctx, self)?;
            if found.len() > most {
                found.truncate(most);
                more.push(room.noun());
            }
            data.append(&mut found);
        }
        // of each noun they come in the order of its list, which a stable sort keeps
        data.sort_by_key(|hit| hit.distance);
        Ok(SearchResults { data, more })
    }
}
