//! `/v1/pipelines/{id}/board`: a pipeline as a board, in one call.
use crate::answer::Result;
use crate::extract::{Asked, Can, Id};
use crate::routes::Routes;
use ::sales::opportunity::board::{self, Board, Column};
use ::sales::opportunity::{Opportunity, Table};
use ::sales::pipeline::Pipeline;
use actix_web::get;
use actix_web::web::{Data, Json};
use kernel::catalogue::Catalogues;
use kernel::page::{Mark, Seal};
use kernel::{Error, OpportunityId, PipelineId, Read, StageId, error};
use platform::listing::Params;
use platform::{Db, Listing};
use serde::Deserialize;
use utoipa::IntoParams;

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_board);
}

/// Which cards.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BoardQuery {
    /// how many cards of each stage at most
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// a condition on opportunities in the filter language (a subset of CEL)
    #[param(max_length = 4096, example = "amount.amount > 1000")]
    pub filter: Option<String>,
    /// words to search for
    #[param(max_length = 200)]
    pub q: Option<String>,
    /// one stage alone
    pub stage_id: Option<StageId>,
    /// `next_cursor` of that stage; good with the same filter only
    pub cursor: Option<String>,
}

/// Get the board of a pipeline
///
/// For each stage its first cards by rank, how many there are, and what they come to by currency and in the tenant's own.
/// A column goes on with `stage_id` and its `next_cursor`.
#[utoipa::path(tag = "pipelines", params(("id" = PipelineId, Path), BoardQuery),
    responses((status = 200, description = "the stages in their order, with their cards", body = Board)))]
#[get("/pipelines/{id}/board")]
async fn get_board(
    db: Data<Db>,
    catalogues: Data<&'static Catalogues>,
    seal: Data<Seal>,
    Can(can): Can<(Read<Pipeline>, Read<Opportunity>)>,
    Id(id): Id<PipelineId>,
    Asked(query): Asked<BoardQuery>,
) -> Result<Json<Board>> {
    let place = format!("/v1/pipelines/{id}/board");
    let params = Params {
        limit: query.limit.map(|limit| limit.to_string()),
        filter: query.filter.clone(),
        q: query.q.clone(),
        ..Params::default()
    };
    let listing: Listing<Table> = Listing::read(&params, can.ctx(), &place, **catalogues, &seal)?;
    let purpose = {
        let tenant = can.ctx().tenant;
        let asked = format!("{} {}", query.filter.unwrap_or_default(), query.q.unwrap_or_default());
        move |stage: StageId| format!("{tenant} {place} {stage} {asked}")
    };
    let column = match (query.stage_id, query.cursor) {
        (None, None) => None,
        (Some(stage), None) => Some(Column { stage, after: None }),
        (None, Some(_)) => return Err(Error::from(error::CURSOR_MISMATCH).into()),
        (Some(stage), Some(cursor)) => {
            let mark = seal.open(&purpose(stage), &cursor)?;
            let rank = mark.keys.first().cloned().flatten().and_then(|key| key.parse().ok());
            let rank: i64 = rank.ok_or(error::CURSOR_MISMATCH)?;
            Some(Column { stage, after: Some((rank, OpportunityId(mark.id))) })
        }
    };
    let close = move |stage: StageId, last: &Opportunity| {
        seal.close(&purpose(stage), &Mark { keys: vec![Some(last.rank.to_string())], id: last.id.0 })
    };
    Ok(Json(db.read(can, move |conn, ctx| board::of(conn, ctx, id, column, &listing, close)).await?))
}
