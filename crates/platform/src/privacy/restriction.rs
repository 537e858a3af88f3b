//! Whose data is kept and not worked with. A restriction stands beside the record, by its id, whatever noun it is of;
//! every change of a record looks there ([`crate::Visible`]), but for those who deal with privacy requests.
use crate::Conn;
use crate::filter::Listed;
use crate::schema::restrictions;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{Action, Code, Ctx, Kind, Noun, PrivacyRequestId, Reach, RestrictionId, Result};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub const RESTRICTED: Code = Code::new(
    "processing_restricted",
    Kind::Forbidden,
    "Whom the record is about has had its processing restricted: it is kept, and changed by nobody but those who deal with privacy requests.",
);
pub const CODES: &[Code] = &[RESTRICTED];

/// The nouns whose records may be restricted, each with its way to the restrictions.
pub const RELATIONS: &[(&str, Relation)] = &[
    ("account", Relation::many("restrictions", "restriction", "record_id")),
    ("contact", Relation::many("restrictions", "restriction", "record_id")),
    ("lead", Relation::many("restrictions", "restriction", "record_id")),
    ("user", Relation::many("restrictions", "restriction", "record_id")),
];

/// A record that is not to be worked with.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = restrictions, check_for_backend(diesel::pg::Pg))]
pub struct Restriction {
    pub id: RestrictionId,
    /// the record so kept
    pub record_id: Uuid,
    /// the request that brought it
    pub request_id: PrivacyRequestId,
    pub restricted_at: DateTime<Utc>,
}

impl Noun for Restriction {
    const NAME: &'static str = "restriction";
}

impl Listed for restrictions::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "restriction",
    table: "restrictions",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("record_id", Holds::Id),
        Field::new("request_id", Holds::Id),
        Field::new("restricted_at", Holds::Instant),
    ],
    relations: &[],
    custom: None,
    owned: Owned::Shared,
};

/// The restrictions of many records.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, records: &[Uuid]) -> Result<Vec<Restriction>> {
    Ok(restrictions::table
        .filter(restrictions::tenant_id.eq(ctx.tenant))
        .filter(restrictions::record_id.eq_any(records))
        .order(restrictions::restricted_at)
        .select(Restriction::as_select())
        .load(conn)?)
}

/// Whether a record is not to be worked with: for whatever processes people beyond reading.
pub fn restricted(conn: &mut Conn, ctx: &Ctx, record: impl Into<Uuid>) -> Result<bool> {
    Ok(!of_all(conn, ctx, &[record.into()])?.is_empty())
}

/// Whether the restricted records of a noun are out of reach for this action. To take lists out is refused to
/// everybody.
pub(crate) fn out_of_reach(ctx: &Ctx, noun: &str, action: Action) -> bool {
    let is_of_people = super::plan::ROOTS.iter().any(|(name, ..)| *name == noun);
    let is_office = ctx.grants.reach("privacy_request", Action::Update) > Reach::None;
    is_of_people
        && match action {
            Action::Read => false,
            Action::Export => true,
            _ => !is_office,
        }
}
