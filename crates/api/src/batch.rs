//! Many writes in one request, answered item by item: bad ones never sink the good, unless all must agree.
use crate::extract::body::{Body, read};
use crate::extract::request_id;
use crate::language;
use crate::problem::{self, Problem};
use crate::sight;
use actix_web::body::BoxBody;
use actix_web::{HttpRequest, HttpResponse, Responder};
use diesel::Connection;
use kernel::{Ctx, Error, Grants, Record, Result, Tidy, error, text};
use platform::Conn;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What to do with one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchOp {
    Create,
    Update,
    Delete,
}

/// One write of a batch.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchItem {
    pub op: BatchOp,
    /// the caller's name for the item, given back with its result
    pub r#ref: Option<String>,
    /// which record, unless it is new
    pub id: Option<Uuid>,
    /// the version that the change was made on
    pub if_match: Option<i32>,
    /// the new record, or the merge patch
    #[serde(default)]
    #[schema(value_type = Object)]
    pub data: Value,
    /// of whoever sends the batch
    #[serde(skip)]
    pub grants: Arc<Grants>,
}

/// Up to 1,000 writes.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"atomic": false, "items": [
    {"op": "create", "ref": "row-1", "data": {"name": "Example Ltd", "display_name": "Example"}}
]}))]
pub struct Batch {
    /// all or nothing
    #[serde(default)]
    pub atomic: bool,
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000)]
    pub items: Vec<BatchItem>,
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
}

impl BatchResult {
    fn new(item: &BatchItem, status: u16, data: Option<Value>) -> Self {
        Self { r#ref: item.r#ref.clone(), status, data, problem: None, error: None }
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
            result.problem = result.error.as_ref().map(|error| {
                let mut problem = problem::of(error, language, req.path(), &id);
                sight::hush_for(req, language, &mut problem);
                problem
            });
        }
        let mut answer = HttpResponse::MultiStatus().json(self);
        language::tell(answer.headers_mut(), language);
        answer
    }
}

impl BatchItem {
    /// Its data as a body of this shape, or all that is wrong with it.
    pub fn read<T: Body>(&self) -> Result<T> {
        read(&serde_json::to_vec(&self.data).map_err(Error::internal)?, &self.grants)
    }

    /// Which record is meant.
    pub fn id<I: From<Uuid>>(&self) -> Result<I> {
        self.id.map(I::from).ok_or_else(|| Error::invalid("/id", "required", text!("says which record")))
    }
}

/// Does each item in a savepoint of one transaction; an atomic batch is undone as a whole where one item fails. `one`
/// answers the record, or nothing where it is gone.
pub fn run<R: Record + Serialize>(
    conn: &mut Conn,
    ctx: &Ctx,
    batch: &Batch,
    one: impl Fn(&mut Conn, &Ctx, &BatchItem) -> Result<Option<R>>,
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
                *undone =
                    BatchResult { r#ref: undone.r#ref.take(), status: 424, data: None, problem: None, error: None };
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
    batch: &Batch,
    one: impl Fn(&mut Conn, &Ctx, &BatchItem) -> Result<Option<R>>,
) -> Result<BatchResults> {
    let mut results = Vec::with_capacity(batch.items.len());
    for item in &batch.items {
        let item = &BatchItem { grants: Arc::clone(&ctx.grants), ..item.clone() };
        let done = conn.transaction(|conn| one(conn, ctx, item));
        if let Err(error) = &done
            && matches!(error.kind(), kernel::Kind::Busy | kernel::Kind::Internal | kernel::Kind::Full)
        {
            return done.map(|_| BatchResults { results: Vec::new() });
        }
        results.push(result(ctx, item, done)?);
    }
    Ok(BatchResults { results })
}

fn result<R: Record + Serialize>(ctx: &Ctx, item: &BatchItem, done: Result<Option<R>>) -> Result<BatchResult> {
    Ok(match done {
        Ok(None) => BatchResult::new(item, 204, None),
        Ok(Some(record)) => {
            let status = if item.op == BatchOp::Create { 201 } else { 200 };
            let mut data = serde_json::to_value(record).map_err(Error::internal)?;
            ctx.grants.trim(R::NAME, &mut data);
            BatchResult::new(item, status, Some(data))
        }
        Err(error) => {
            let status = problem::status(error.kind()).as_u16();
            BatchResult { error: Some(error), ..BatchResult::new(item, status, None) }
        }
    })
}
