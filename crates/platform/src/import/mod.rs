//! An import brings a file in: its rows become records, and every row ends as created, updated, unchanged or failed.
//!
//! It goes in chunks, each one transaction with its records, their events, its errors, its counts and its checkpoint: so
//! whatever stops it, it goes on as if nothing had happened. Memory does not grow with the file. What it made it can take
//! back ([`revert`]). It knows no noun: an [`Importer`] of a wing says what rows become.
mod chunk;
mod deeds;
pub mod direct;
mod links;
pub mod many;
mod mapping;
mod plan;
pub mod records;
mod revert;
mod run;
mod store;
mod target;
#[cfg(test)]
mod tests;
mod written;

pub use crate::schema::imports::table as Table;
pub use deeds::{
    NOT_ENDED, NOT_REVERTIBLE, NewImport, begun_with, cancel, cancelled_with, payload, resume, revert, start,
};
pub use mapping::{Column, Mapping};
pub use plan::{At, Plan, Row};
pub use revert::revert as take_back;
pub use run::{Go, Progress, is_final, run};
pub use store::{Failure, errors, find, give_up, list};
pub(crate) use target::custom;
pub use target::{Holds, Target, Value, access, own};
pub use written::{Outcome, Waiting, Written};

use crate::Conn;
use crate::deed::Mode;
use crate::filter::Listed;
use crate::schema::imports;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Is, Owned, Relation, Searched};
use kernel::{Code, Ctx, Fault, ImportId, JobId, Noun, Record, Result, UserId};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// The codes of imports.
pub const CODES: &[Code] = &[NOT_ENDED, NOT_REVERTIBLE];

pub const STATUSES: &[&str] =
    &["queued", "running", "succeeded", "partially_succeeded", "failed", "cancelled", "reverting", "reverted"];
pub const MODES: &[&str] = &["upsert", "create_only", "update_only"];
pub const DUPLICATES: &[&str] = &["reject", "allow", "update"];

/// A file brought in.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = imports, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-6666-7000-8000-000000000007", "resource": "accounts", "file_name": "customers.csv",
    "file_size": 11816, "file_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "mapping": {"resource": "accounts", "source_system": "shop", "columns": {"No": "external_id", "Company": "name"}},
    "mode": "upsert", "duplicates": "reject", "is_dry_run": false, "status": "succeeded", "header": ["No", "Company"],
    "rows_read": 91, "rows_created": 91, "rows_updated": 0, "rows_unchanged": 0, "rows_failed": 0, "records_kept": 0,
    "error": null, "job_id": "0192f0c1-5555-7000-8000-000000000006", "version": 3,
    "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:02Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "finished_at": "2026-11-21T08:00:02Z"
}))]
pub struct Import {
    pub id: ImportId,
    /// what the rows are
    #[schema(example = "accounts")]
    pub resource: String,
    pub file_name: String,
    #[serde(skip)]
    pub file_key: String,
    /// in bytes
    pub file_size: i64,
    pub file_sha256: String,
    /// how its columns become fields
    #[schema(value_type = Object)]
    pub mapping: serde_json::Value,
    /// `upsert`, `create_only` or `update_only`
    pub mode: String,
    /// what is done about probable duplicates: `reject`, `allow` or `update`
    pub duplicates: String,
    /// whether nothing is kept
    pub is_dry_run: bool,
    pub status: String,
    /// the columns of the file
    pub header: Vec<String>,
    #[serde(skip)]
    pub checkpoint: i64,
    /// rows that are done: the sum of the four below
    pub rows_read: i64,
    pub rows_created: i64,
    pub rows_updated: i64,
    /// that said what was there already
    pub rows_unchanged: i64,
    /// that `…/errors` lists
    pub rows_failed: i64,
    /// records that a revert had to leave, for others refer to them
    pub records_kept: i64,
    /// why it failed as a whole
    pub error: Option<String>,
    /// the job that works on it
    pub job_id: Option<JobId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub finished_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "import",
    table: "imports",
    fields: &[
        Field::new("id", Is::Id),
        Field::new("resource", Is::Text).searched(Searched::Text),
        Field::new("file_name", Is::Text).searched(Searched::Whole),
        Field::new("file_size", Is::Int),
        Field::new("file_sha256", Is::Text),
        Field::new("mapping", Is::Text).unfilterable().unsortable(),
        Field::new("mode", Is::Choice(MODES)),
        Field::new("duplicates", Is::Choice(DUPLICATES)),
        Field::new("is_dry_run", Is::Bool),
        Field::new("status", Is::Choice(STATUSES)),
        Field::new("header", Is::Text).unfilterable().unsortable(),
        Field::new("rows_read", Is::Int),
        Field::new("rows_created", Is::Int),
        Field::new("rows_updated", Is::Int),
        Field::new("rows_unchanged", Is::Int),
        Field::new("rows_failed", Is::Int),
        Field::new("records_kept", Is::Int),
        Field::new("error", Is::Text).nullable().unsortable(),
        Field::new("job_id", Is::Id).nullable(),
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

impl Noun for Import {
    const NAME: &'static str = "import";
}
impl Record for Import {
    type Id = ImportId;
    fn id(&self) -> ImportId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for imports::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// What the rows of a resource become. A wing has one for each resource that can be imported.
pub trait Importer: Send + Sync {
    /// as the API names it: `order_lines`
    fn resource(&self) -> &'static str;
    /// whose fields its targets are, but for those of other nouns: `account.name`
    fn noun(&self) -> &'static str;
    /// where a column may go
    fn targets(&self) -> &'static [Target];
    /// what a row may make besides its own record
    fn makes(&self) -> &'static [&'static str];
    /// What is missing in a plan.
    fn check(&self, plan: &Plan) -> Vec<Fault>;
    /// Whether the actor may do all that the import may come to.
    fn may(&self, ctx: &Ctx, mode: Mode, makes: &dyn Fn(&str) -> bool) -> Result<()>;
    /// Writes the rows of a chunk. What fails here fails the chunk, which is then written row by row.
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written>;
    /// By what others may name the record of a row, as [`Waiting`] names one.
    fn names(&self, _: &Plan, _: &Row) -> Vec<Named> {
        Vec::new()
    }
    /// When the file has ended: leads records to those that they wait for. What is wrong with each, if anything.
    fn link(&self, _: &mut Conn, _: &Ctx, _: &Work, waiting: &[Waiting]) -> Result<Vec<Vec<Fault>>> {
        Ok(waiting.iter().map(|_| Vec::new()).collect())
    }
}

/// A record as a row names it: by which field, and what that says.
pub type Named = (&'static str, String);

/// Takes records of a noun back that an import made; what others refer to stays, or fails with a foreign key.
pub struct Remover {
    pub noun: &'static str,
    pub remove: fn(&mut Conn, &Ctx, &[Uuid]) -> Result<Vec<Uuid>>,
}

/// What is done about a record that is probably there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    Reject,
    Allow,
    Update,
}

impl Duplicates {
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "reject" => Some(Self::Reject),
            "allow" => Some(Self::Allow),
            "update" => Some(Self::Update),
            _ => None,
        }
    }
}

/// The mode of this name.
pub fn mode(name: &str) -> Option<Mode> {
    match name {
        "upsert" => Some(Mode::Upsert),
        "create_only" => Some(Mode::CreateOnly),
        "update_only" => Some(Mode::UpdateOnly),
        _ => None,
    }
}

/// How rows are written.
#[derive(Clone, Debug)]
pub struct Work {
    pub plan: Arc<Plan>,
    pub mode: Mode,
    pub duplicates: Duplicates,
}

impl Work {
    /// How what rows refer to is made where it is missing.
    #[must_use]
    pub fn making(&self) -> Self {
        Self { plan: Arc::clone(&self.plan), mode: Mode::Upsert, duplicates: Duplicates::Allow }
    }
}
