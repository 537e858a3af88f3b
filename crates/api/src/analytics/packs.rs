//! `/v1/analytics/packs`: figures that most businesses ask for.
use crate::answer::Result;
use crate::extract::{Asked, Can, request_id};
use crate::house::House;
use crate::language;
use crate::problem::{self, Problem};
use crate::routes::Routes;
use ::analytics::pack::{self, Pack, Packed, Span};
use ::analytics::query::Figures;
use ::analytics::report::Report;
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, get};
use chrono::NaiveDate;
use kernel::{Read, clock};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_sales_pack).service(get_customer_pack);
}

/// Of which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PackQuery {
    /// the first day; a year before the end, where it is absent
    #[param(value_type = Option<NaiveDate>)]
    from: Option<String>,
    /// the day after the last; tomorrow, where it is absent
    #[param(value_type = Option<NaiveDate>)]
    until: Option<String>,
    /// by whose clock, of the IANA list; UTC where it is absent
    #[param(example = "Asia/Shanghai")]
    time_zone: Option<String>,
}

/// Figures under a name, or why there are none.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"name": "active", "figures": {"resource": "account", "columns": [
    {"name": "count", "role": "measure", "type": "int", "op": "count"}], "rows": [{"count": 12}], "subtotals": [],
    "totals": [], "has_more": false}, "problem": null}))]
pub struct PackPart {
    #[schema(example = "active")]
    pub name: &'static str,
    pub figures: Option<Figures>,
    pub problem: Option<Problem>,
}

/// What a pack tells.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "from": "2026-01-01", "until": "2027-01-01", "time_zone": "Asia/Shanghai", "parts": [], "rates": {"win_rate": "0.25"}
}))]
pub struct FiguresPack {
    pub from: NaiveDate,
    pub until: NaiveDate,
    #[schema(example = "Asia/Shanghai")]
    pub time_zone: String,
    pub parts: Vec<PackPart>,
    /// shares that are made of them, such as `win_rate` and `repeat_rate`
    #[schema(value_type = Object)]
    pub rates: Map<String, Value>,
}

/// Get the sales pack
///
/// Where open deals stand (`funnel`), how they have moved on (`conversion`) and how long that took (`velocity`), what was
/// won and lost by months (`closed`, `won`), and the share of what was won (`win_rate`); of what the caller sees.
#[utoipa::path(tag = "analytics", params(PackQuery),
    responses((status = 200, description = "figures by their names", body = FiguresPack)))]
#[get("/analytics/packs/sales")]
async fn get_sales_pack(
    req: HttpRequest,
    house: Data<House>,
    Can(can): Can<Read<Report>>,
    Asked(query): Asked<PackQuery>,
) -> Result<Json<FiguresPack>> {
    let (all, span) = (house.catalogues, query.span()?);
    let asked = span.clone();
    let packed = house.db.read(can, move |conn, ctx| pack::pack(conn, ctx, all, Pack::Sales, &asked)).await?;
    Ok(told(&req, &span, packed))
}

/// Get the customer pack
///
/// Who is new, active (has bought within 90 days of the end), at risk (within 180), lapsed, reactivated or has never bought;
/// what is bought by months, by whom of which cohort, and the share of those who have bought again (`repeat_rate`); of what
/// the caller sees.
#[utoipa::path(tag = "analytics", params(PackQuery),
    responses((status = 200, description = "figures by their names", body = FiguresPack)))]
#[get("/analytics/packs/customer")]
async fn get_customer_pack(
    req: HttpRequest,
    house: Data<House>,
    Can(can): Can<Read<Report>>,
    Asked(query): Asked<PackQuery>,
) -> Result<Json<FiguresPack>> {
    let (all, span) = (house.catalogues, query.span()?);
    let asked = span.clone();
    let packed = house.db.read(can, move |conn, ctx| pack::pack(conn, ctx, all, Pack::Customer, &asked)).await?;
    Ok(told(&req, &span, packed))
}

impl PackQuery {
    fn span(&self) -> kernel::Result<Span> {
        Span::of(clock::now(), self.from.as_deref(), self.until.as_deref(), self.time_zone.as_deref())
    }
}

fn told(req: &HttpRequest, span: &Span, packed: Packed) -> Json<FiguresPack> {
    let (request, language) = (request_id(req).to_string(), language::of(req));
    let part = |part: pack::Part| match part.figures {
        Ok(figures) => PackPart { name: part.name, figures: Some(figures), problem: None },
        Err(error) => {
            let problem = problem::of(&error, language, req.path(), &request);
            PackPart { name: part.name, figures: None, problem: Some(problem) }
        }
    };
    Json(FiguresPack {
        from: span.from,
        until: span.until,
        time_zone: span.zone.name().to_owned(),
        parts: packed.parts.into_iter().map(part).collect(),
        rates: packed.rates,
    })
}
