//! An export takes a list out: what a filter, a search and a sort give, as a file.
//!
//! It is one snapshot: all its rows are read in one transaction that only looks, and written as they come, so memory does
//! not grow with the list. A snapshot cannot be gone on with: whoever takes over from a worker that died begins anew.
//! What its maker may see, now and when they asked, is what is in it, and the file is its maker's alone. It knows no noun:
//! an [`Exporter`] is a list of a wing, and the catalogue says what its columns are.
mod column;
mod deeds;
pub mod mapping;
mod query;
mod run;
mod store;

pub use crate::schema::exports::table as Table;
pub use column::Column;
pub use deeds::{NO_FILE, begun_with, cancelled_with, downloadable, remove, start};
pub use query::{DELETED, FORMATS, NewExport, Query};
pub use run::{Asked, Progress, Written, begin, end, run};
pub use store::{expire, find, give_up, kept, list};

use crate::Conn;
use crate::filter::Listed;
use crate::listing::{Listing, Params, Taken};
use crate::schema::exports;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Catalogues, Field, Kind as Is, Owned, Relation, Searched};
use kernel::page::Seal;
use kernel::{Code, Ctx, Error, ExportId, JobId, Noun, Page, Record, Result, UserId};
use serde::Serialize;
use serde_json::Value;
use std::marker::PhantomData;
use utoipa::ToSchema;

pub const CODES: &[Code] = &[NO_FILE];

pub const STATUSES: &[&str] = &["queued", "running", "succeeded", "failed", "cancelled", "expired"];

/// A list taken out.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = exports, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-7777-7000-8000-000000000008", "resource": "contacts", "format": "csv",
    "query": {"filter": "lifecycle_stage == \"customer\"", "sort": "display_name",
        "fields": ["id", "display_name", "email"], "deleted": "exclude", "has_mark": true},
    "status": "succeeded", "rows_written": 57, "file_size": 4711,
    "file_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "error": null,
    "job_id": "0192f0c1-5555-7000-8000-000000000009", "expires_at": "2026-12-03T08:00:00Z", "version": 3,
    "created_at": "2026-11-26T08:00:00Z", "updated_at": "2026-11-26T08:00:01Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "finished_at": "2026-11-26T08:00:01Z"
}))]
pub struct Export {
    pub id: ExportId,
    /// what the rows are
    #[schema(example = "contacts")]
    pub resource: String,
    /// `csv`, `xlsx` or `ndjson`
    #[schema(example = "csv")]
    pub format: String,
    /// what was asked for: `filter`, `q`, `sort`, `deleted`, `fields`, `source_system`, `has_mark`
    #[schema(value_type = Object)]
    pub query: Value,
    #[schema(example = "succeeded")]
    pub status: String,
    /// in bytes
    pub file_size: Option<i64>,
    pub file_sha256: Option<String>,
    pub rows_written: i64,
    /// why it failed
    pub error: Option<String>,
    /// the job that works on it, which tells how far it is
    pub job_id: Option<JobId>,
    /// when its file is gone
    pub expires_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub finished_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "export",
    table: "exports",
    fields: &[
        Field::new("id", Is::Id),
        Field::new("resource", Is::Text).searched(Searched::Text),
        Field::new("format", Is::Choice(FORMATS)),
        Field::new("query", Is::Text).unfilterable().unsortable(),
        Field::new("status", Is::Choice(STATUSES)),
        Field::new("file_size", Is::Int).nullable(),
        Field::new("file_sha256", Is::Text).nullable(),
        Field::new("rows_written", Is::Int),
        Field::new("error", Is::Text).nullable().unsortable(),
        Field::new("job_id", Is::Id).nullable(),
        Field::new("expires_at", Is::Instant).nullable(),
        Field::new("version", Is::Int),
        Field::new("created_at", Is::Instant),
        Field::new("updated_at", Is::Instant),
        Field::new("created_by", Is::Id),
        Field::new("finished_at", Is::Instant).nullable(),
    ],
    relations: &[Relation::one("creator", "user", "created_by"), Relation::one("job", "job", "job_id")],
    custom: None,
    owned: Owned::Rows { owner: "created_by", team: "team_id" },
};

impl Noun for Export {
    const NAME: &'static str = "export";
}
impl Record for Export {
    type Id = ExportId;
    fn id(&self) -> ExportId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for exports::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// What the house is, as far as a list needs it.
#[derive(Clone, Debug)]
pub struct Grounds {
    pub catalogues: &'static Catalogues,
    pub seal: Seal,
}

/// Takes a page of records; goes on where it says `true`.
pub type Take<'a> = dyn FnMut(&mut Conn, Taken<Value>) -> Result<bool> + 'a;

/// A list that can be taken out.
pub trait Exporter: Send + Sync {
    /// as the API names it: `order_lines`
    fn resource(&self) -> &'static str;
    fn catalogue(&self) -> &'static Catalogue;
    /// What is wrong with a query, for the actor.
    fn check(&self, ctx: &Ctx, grounds: &Grounds, params: &Params) -> Result<()>;
    /// All of it, page after page, as the API writes it.
    fn walk(&self, conn: &mut Conn, ctx: &Ctx, grounds: &Grounds, params: &Params, take: &mut Take) -> Result<()>;
}

/// The list of a room.
pub struct Of<T: Listed, R> {
    resource: &'static str,
    list: fn(&mut Conn, &Ctx, &Listing<T>) -> Result<Page<R>>,
    rows: PhantomData<fn() -> R>,
}

impl<T: Listed, R> Of<T, R> {
    pub const fn new(resource: &'static str, list: fn(&mut Conn, &Ctx, &Listing<T>) -> Result<Page<R>>) -> Self {
        Self { resource, list, rows: PhantomData }
    }

    fn listing(&self, ctx: &Ctx, grounds: &Grounds, params: &Params) -> Result<Listing<T>> {
        Listing::read(params, ctx, self.resource, grounds.catalogues, &grounds.seal)
    }
}

impl<T: Listed, R: Serialize> Exporter for Of<T, R> {
    fn resource(&self) -> &'static str {
        self.resource
    }
    fn catalogue(&self) -> &'static Catalogue {
        T::CATALOGUE
    }
    fn check(&self, ctx: &Ctx, grounds: &Grounds, params: &Params) -> Result<()> {
        self.listing(ctx, grounds, params).map(drop)
    }
    fn walk(&self, conn: &mut Conn, ctx: &Ctx, grounds: &Grounds, params: &Params, take: &mut Take) -> Result<()> {
        let listing = self.listing(ctx, grounds, params)?;
        listing.take_out(conn, ctx, self.list, &mut |conn, Taken { rows, all }| {
            let rows: std::result::Result<Vec<Value>, _> = rows.iter().map(serde_json::to_value).collect();
            take(conn, Taken { rows: rows.map_err(Error::internal)?, all })
        })
    }
}
