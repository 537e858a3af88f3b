//! A contact point is one way to reach a contact: an address, a number, an account elsewhere.
//!
//! Of each kind one may be primary; the primary e-mail and phone are the contact's `email` and `phone`. A point is part
//! of its contact: whatever changes here is a change of the contact, with its version, event and audit row.
pub use super::store::list_points as list;
pub use crate::schema::contact_points::table as Table;

use super::{ContactPatch, deeds, store};
use crate::schema::contact_points;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{
    ContactId, ContactPointId, Ctx, Error, Noun, Record, Region, Result, Tidy, error, patch, rule, text, tidy,
};
use platform::Conn;
use platform::deed::unmoved;
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const KINDS: &[&str] = &["email", "phone", "wechat", "address", "social"];
const STATUSES: &[&str] = &["valid", "invalid", "bounced"];

/// One way to reach a contact.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = contact_points, check_for_backend(diesel::pg::Pg))]
pub struct ContactPoint {
    pub id: ContactPointId,
    pub contact_id: ContactId,
    #[schema(example = "email")]
    pub kind: String,
    /// as it was given
    #[schema(example = "Wang.Wei@example.cn")]
    pub value: String,
    /// as it is compared
    #[schema(example = "wang.wei@example.cn")]
    pub value_norm: String,
    #[schema(example = "work")]
    pub label: Option<String>,
    pub is_primary: bool,
    #[schema(example = "valid")]
    pub status: String,
    pub verified_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A further way to reach a contact.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "fits_kind"))]
#[schema(example = json!({"kind": "wechat", "value": "wangwei_88", "label": "work"}))]
pub struct NewContactPoint {
    #[validate(custom(function = "is_kind"))]
    #[schema(example = "wechat")]
    pub kind: String,
    #[validate(length(min = 1, max = 500), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 500)]
    pub value: String,
    #[validate(length(max = 50))]
    #[schema(max_length = 50)]
    pub label: Option<String>,
    /// takes the place of the primary point of its kind
    #[serde(default)]
    pub is_primary: bool,
    #[serde(skip)]
    pub value_norm: Option<String>,
}

/// A merge patch of a contact point. Its kind and value stay: another value is another point.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = contact_points)]
#[schema(example = json!({"is_primary": true}))]
pub struct ContactPointPatch {
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 50))]
    #[schema(value_type = Option<String>, max_length = 50)]
    pub label: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_status"))]
    #[schema(value_type = String, required = false, example = "bounced")]
    pub status: Option<String>,
    /// `true` makes it the primary point of its kind
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[schema(value_type = bool, required = false)]
    pub is_primary: Option<bool>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "contact_point",
    table: "contact_points",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("contact_id", Holds::Id),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("value", Holds::Text),
        Field::new("value_norm", Holds::Text).searched(Searched::Whole),
        Field::new("label", Holds::Text).nullable(),
        Field::new("is_primary", Holds::Bool),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("verified_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[Relation::one("contact", "contact", "contact_id")],
    custom: None,
    owned: Owned::Part { of: "contact", column: "contact_id" },
};

impl Noun for ContactPoint {
    const NAME: &'static str = "contact_point";
}
impl Record for ContactPoint {
    type Id = ContactPointId;
    fn id(&self) -> ContactPointId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for contact_points::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}

/// The points of a contact that the caller may see, the primary ones first.
pub fn of(conn: &mut Conn, ctx: &Ctx, contact: ContactId) -> Result<Vec<ContactPoint>> {
    store::find(conn, ctx, contact)?;
    Ok(store::points(conn, ctx, &[contact])?)
}

/// A point of a contact that the caller may see.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: ContactPointId) -> Result<ContactPoint> {
    let point = store::point(conn, ctx, id)?.ok_or(error::NOT_FOUND)?;
    store::find(conn, ctx, point.contact_id)?;
    Ok(point)
}

/// The points of many contacts, which the caller may see.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, contacts: &[ContactId]) -> Result<Vec<ContactPoint>> {
    Ok(store::points(conn, ctx, contacts)?)
}

/// Adds a point; the same value of the same kind a second time is the point that is there.
pub fn add(conn: &mut Conn, ctx: &Ctx, contact: ContactId, new: &NewContactPoint) -> Result<ContactPoint> {
    deeds::changeable(conn, ctx, contact)?;
    let added = store::add_point(conn, ctx, contact, new)?;
    let added = store::respell(conn, ctx, added, &new.value)?;
    // the number of the contact may be written otherwise now
    if new.is_primary || added.is_primary && added.kind == "phone" {
        return promote(conn, ctx, &added);
    }
    deeds::touch(conn, ctx, contact)?;
    Ok(added)
}

/// Changes a point. With a `base`, only if it is still at that version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContactPointId,
    base: Option<i32>,
    patch: &ContactPointPatch,
) -> Result<ContactPoint> {
    let contact = locked(conn, ctx, id, base)?.contact_id;
    let point = store::update_point(conn, ctx, id, patch)?.ok_or(error::NOT_FOUND)?;
    match patch.is_primary {
        Some(true) if !point.is_primary => promote(conn, ctx, &point),
        Some(false) if point.is_primary => {
            Err(Error::invalid("/is_primary", "primary", text!("make another point primary instead")))
        }
        _ => {
            deeds::touch(conn, ctx, contact)?;
            Ok(point)
        }
    }
}

/// Removes a point; with a primary e-mail or phone goes the contact's.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: ContactPointId, base: Option<i32>) -> Result<()> {
    let point = locked(conn, ctx, id, base)?;
    ctx.may_write::<ContactPoint>("value")?;
    let contact = point.contact_id;
    let mut patch = ContactPatch::default();
    match point.kind.as_str() {
        "email" if point.is_primary => patch.email = Some(None),
        "phone" if point.is_primary => (patch.phone, patch.phone_text) = (Some(None), Some(None)),
        _ => {
            store::remove_point(conn, ctx, id)?;
            return deeds::touch(conn, ctx, contact).map(drop);
        }
    }
    deeds::update(conn, ctx, contact, None, &patch).map(drop)
}

/// The point as it is while its contact is held: nobody else changes one of theirs meanwhile.
fn locked(conn: &mut Conn, ctx: &Ctx, id: ContactPointId, base: Option<i32>) -> Result<ContactPoint> {
    let contact = find(conn, ctx, id)?.contact_id;
    deeds::changeable(conn, ctx, contact)?;
    let now = find(conn, ctx, id)?;
    unmoved(conn, ctx, &now, base)?;
    Ok(now)
}

/// Somebody has shown that they read what is sent there.
pub(crate) fn verified(conn: &mut Conn, ctx: &Ctx, point: &ContactPoint) -> Result<()> {
    deeds::changeable(conn, ctx, point.contact_id)?;
    store::verify_point(conn, ctx, point.id)?;
    deeds::touch(conn, ctx, point.contact_id).map(drop)
}

/// Makes a point the primary one of its kind: for e-mail and phone by way of the contact.
fn promote(conn: &mut Conn, ctx: &Ctx, point: &ContactPoint) -> Result<ContactPoint> {
    let mut patch = ContactPatch::default();
    match point.kind.as_str() {
        "email" => patch.email = Some(Some(point.value_norm.clone())),
        "phone" => {
            patch.phone = Some(Some(point.value_norm.clone()));
            patch.phone_text = Some(Some(point.value.clone()));
        }
        kind => {
            store::demote(conn, ctx, point.contact_id, kind)?;
            store::promote(conn, ctx, point.contact_id, kind, &point.value_norm)?;
            deeds::touch(conn, ctx, point.contact_id)?;
        }
    }
    if patch.email.is_some() || patch.phone.is_some() {
        deeds::update(conn, ctx, point.contact_id, None, &patch)?;
    }
    find(conn, ctx, point.id)
}

/// How values of a kind are compared.
pub fn norm(kind: &str, value: &str) -> String {
    let mut norm = value.to_owned();
    match kind {
        "email" => tidy::email(&mut norm),
        "phone" => tidy::phone(&mut norm, None),
        _ => norm = norm.trim().to_lowercase(),
    }
    norm
}

impl NewContactPoint {
    /// As it is compared.
    pub fn norm(&self) -> String {
        self.value_norm.clone().unwrap_or_else(|| norm(&self.kind, &self.value))
    }
}
impl Tidy for NewContactPoint {
    fn tidy(&mut self) {
        tidy::trim(&mut self.value);
    }
    fn dial(&mut self, region: Option<Region>) {
        if self.kind == "phone" {
            let mut number = self.value.clone();
            tidy::phone(&mut number, region);
            self.value_norm = Some(number);
        }
    }
}
impl Tidy for ContactPointPatch {}

fn is_kind(text: &str) -> std::result::Result<(), ValidationError> {
    crate::choices::one_of(text, KINDS)
}
fn is_status(text: &str) -> std::result::Result<(), ValidationError> {
    crate::choices::one_of(text, STATUSES)
}
fn fits_kind(new: &NewContactPoint) -> std::result::Result<(), ValidationError> {
    use validator::ValidateEmail;
    match new.kind.as_str() {
        "email" if !new.value.validate_email() => Err(rule!("email", "is not an e-mail address")),
        "phone" => tidy::is_phone(&new.norm()),
        _ => Ok(()),
    }
}
