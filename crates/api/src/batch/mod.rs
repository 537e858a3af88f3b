//! Many writes in one request, answered item by item: bad ones never sink the good, unless all must agree.
mod item;

pub use item::{BatchItem, BatchOp, Many, no_upsert};

use crate::extract::request_id;
use crate::language;
use crate::problem::{self, Problem};
use crate::sight;
use actix_web::body::BoxBody;
use actix_web::{HttpRequest, HttpResponse, Responder};
use diesel::Connection;
use kernel::{Ctx, Error, Fault, Record, Result, Tidy, error, shape};
use platform::Conn;
use platform::deed::Upserted;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

/// Up to 1,000 writes. An item that cannot be read is answered as such, and the others are done; where none can, nothing is.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"atomic": false, "items": [
    {"op": "create", "ref": "row-1", "data": {"name": "Example Ltd", "display_name": "Example"}}
]}))]
pub struct Batch {
    /// all or nothing
    #[serde(default)]
    pub atomic: bool,
    #[validate(length(min = 1, max = 1000))]
    #[schema(value_type = Vec<BatchItem>, min_items = 1, max_items = 1000)]
    pub items: Vec<Box<RawValue>>,
}

impl Tidy for Batch {}

/// What became of an item.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchResult {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#ref: Option<String>,
    /// 201 created, 200 changed, 204 archived, 424 undone because another item of an atomic batch failed, or a fault
    #[schema(minimum = 200, maximum = 599, example = 201)]
    pub status: u16,
    /// the record as it is now
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, required = false)]
    pub data: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub problem: Option<Problem>,
    /// becomes the problem when it is known who reads it
    #[serde(skip)]
    #[schema(ignore)]
    error: Option<Error>,
    /// what was to be changed, where something else has changed meanwhile
    #[serde(skip)]
    #[schema(ignore)]
    yours: Option<Map<String, Value>>,
}

impl BatchResult {
    fn new(named: Option<String>, status: u16, data: Option<Value>) -> Self {
        Self { r#ref: named, status, data, problem: None, error: None, yours: None }
    }

    fn failed(named: Option<String>, error: Error) -> Self {
        let status = problem::status(error.kind()).as_u16();
        Self { error: Some(error), ..Self::new(named, status, None) }
    }
}

/// What an item has done.
pub enum Done<R> {
    Made(R),
    Changed(R),
    Gone,
}

impl<R> From<Upserted<R>> for Done<R> {
    fn from(put: Upserted<R>) -> Self {
        match put {
            Upserted::Created(record) => Self::Made(record),
            Upserted::Updated(record) => Self::Changed(record),
        }
    }
}

/// The results, in the order of the items.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchResults {
    pub results: Vec<BatchResult>,
}

/// 200 where all went well, else 207.
impl Responder for BatchResults {
    type Body = BoxBody;
    fn respond_to(mut self, req: &HttpRequest) -> HttpResponse {
        if self.results.iter().all(|result| result.status < 300) {
            return HttpResponse::Ok().json(self);
        }
        let (id, language) = (request_id(req).to_string(), language::of(req));
        for result in &mut self.results {
            let yours = result.yours.take();
            result.problem = result.error.as_ref().map(|error| {
                let mut problem = problem::of(error, language, req.path(), &id);
                problem.conflicts = problem::conflicts(error, || yours);
                sight::hush_for(req, language, &mut problem);
                problem
            });
        }
        let mut answer = HttpResponse::MultiStatus().json(self);
        language::tell(answer.headers_mut(), language);
        answer
    }
}

/// Does each item in a savepoint of one transaction; an atomic batch is undone as a whole where one item fails. `one`
/// answers the record, or nothing where it is gone.
pub fn run<R: Record + Serialize>(
    conn: &mut Conn,
    ctx: &Ctx,
    batch: &Many,
    one: impl Fn(&mut Conn, &Ctx, &BatchItem) -> Result<Done<R>>,
) -> Result<BatchResults> {
    if !batch.atomic {
        return each(conn, ctx, batch, one);
    }
    let mut kept = None;
    let done = conn.transaction(|conn| {
        let all = each(conn, ctx, batch, &one)?;
        if all.results.iter().all(|result| result.status < 300) {
            return Ok(all);
        }
        kept = Some(all);
        Err(Error::from(error::INVALID))
    });
    match (done, kept) {
        (_, Some(mut all)) => {
            for undone in all.results.iter_mut().filter(|result| result.status < 300) {
                *undone = BatchResult::new(undone.r#ref.take(), 424, None);
            }
            Ok(all)
        }
        (done, None) => done,
    }
}

/// A fault of the server ends the batch: nothing of it is written.
fn each<R: Record + Serialize>(
    conn: &mut Conn,
    ctx: &Ctx,
    batch: &Many,
    one: impl Fn(&mut Conn, &Ctx, &BatchItem) -> Result<Done<R>>,
) -> Result<BatchResults> {
    let mut results = Vec::with_capacity(batch.items.len());
    for item in &batch.items {
        let item = match item {
            Ok(item) => item,
            Err(unread) => {
                results.push(BatchResult::failed(unread.r#ref.clone(), unread.error()));
                continue;
            }
        };
        let done = match item.lacks_version(ctx) {
            true => Err(Error::from(error::PRECONDITION_REQUIRED).fault(Fault::new(
                "/if_match",
                "required",
                shape::missing("if_match"),
            ))),
            false => conn.transaction(|conn| one(conn, ctx, item)),
        };
        if let Err(error) = &done
            && matches!(error.kind(), kernel::Kind::Busy | kernel::Kind::Internal | kernel::Kind::Full)
        {
            return done.map(|_| BatchResults { results: Vec::new() });
        }
        results.push(result(ctx, item, done)?);
    }
    Ok(BatchResults { results })
}

fn result<R: Record + Serialize>(ctx: &Ctx, item: &BatchItem, done: Result<Done<R>>) -> Result<BatchResult> {
    let (named, status) = (item.r#ref.clone(), if matches!(done, Ok(Done::Made(_))) { 201 } else { 200 });
    Ok(match done {
        Ok(Done::Gone) => BatchResult::new(named, 204, None),
        Ok(Done::Made(record) | Done::Changed(record)) => {
            let mut data = serde_json::to_value(record).map_err(Error::internal)?;
            ctx.grants.trim(R::NAME, &mut data);
            BatchResult::new(named, status, Some(data))
        }
        Err(error) => {
            let yours = item.data.as_ref().filter(|_| error.code == error::STALE && item.op != BatchOp::Delete);
            BatchResult { yours: yours.cloned(), ..BatchResult::failed(named, error) }
        }
    })
}
