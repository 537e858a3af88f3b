//! `/v1/analytics/query`: what records come to, in groups.
use crate::answer::{Result, Secret};
use crate::extract::{Can, Valid};
use crate::house::House;
use crate::routes::Routes;
use ::analytics::query::{self, Figures, FiguresQuery};
use ::analytics::report::Report;
use actix_web::post;
use actix_web::web::{Data, Json};
use kernel::Read;

pub fn routes(cfg: &mut Routes) {
    cfg.service(find_figures);
}

/// Ask what records come to
///
/// Of any noun whose records the caller may read: how many there are, how much, the least and the most, grouped by its
/// fields and by those of records that it leads to. Only what the caller sees is counted, and what they do not see over
/// there is absent. Money is never added up across currencies: an amount brings a column that says what it is in. Totals
/// are asked of the records, and not added up from groups. A query that would take too long is refused.
#[utoipa::path(tag = "analytics", request_body = FiguresQuery,
    responses((status = 200, description = "columns and rows", body = Figures)))]
#[post("/analytics/query")]
async fn find_figures(
    house: Data<House>,
    Can(can): Can<Read<Report>>,
    Valid(asked): Valid<FiguresQuery>,
) -> Result<Secret<Json<Figures>>> {
    let all = house.catalogues;
    // what is seen may be another thing when a key asks for it once more
    Ok(Secret(Json(house.db.read(can, move |conn, ctx| query::run(conn, ctx, all, &asked)).await?)))
}
