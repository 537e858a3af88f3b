//! What a contact is known by: see [`crate::identifier`]. Whatever changes here is a change of the contact, with its
//! version, event and audit row.
mod store;

use super::{Contact, changeable, touch};
use crate::identifier::{
    IdentifierPatch, IdentifierQuery, KINDS, Kept, NewIdentifier, Revealed, check_days, number, score,
};
use crate::schema::contact_identifiers;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::existing::conflict;
use kernel::{ContactId, ContactIdentifierId, Ctx, Existing, Noun, Record, Result, error};
use platform::deed::{Duplicates, unmoved};
use platform::filter::Listed;
use platform::vault::Place;
use platform::{Conn, Vault, audit};
use serde::Serialize;
use utoipa::ToSchema;

/// Where the values stand.
pub const PLACE: Place = Place::new("contact_identifiers", "sealed", "id").index("fingerprint", "kind");

/// A number that a contact is known by, but for the number itself.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = contact_identifiers, check_for_backend(diesel::pg::Pg))]
pub struct ContactIdentifier {
    pub id: ContactIdentifierId,
    pub contact_id: ContactId,
    #[schema(example = "cn_resident_id")]
    pub kind: String,
    /// the end of the number
    #[schema(example = "002X")]
    pub hint: String,
    pub label: Option<String>,
    pub issued_on: Option<NaiveDate>,
    pub expires_on: Option<NaiveDate>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "contact_identifier",
    table: "contact_identifiers",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("contact_id", Holds::Id),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("hint", Holds::Text),
        Field::new("label", Holds::Text).nullable(),
        Field::new("issued_on", Holds::Date).nullable(),
        Field::new("expires_on", Holds::Date).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[Relation::one("contact", "contact", "contact_id")],
    custom: None,
    owned: Owned::Part { of: "contact", column: "contact_id" },
};

impl Noun for ContactIdentifier {
    const NAME: &'static str = "contact_identifier";
}
impl Record for ContactIdentifier {
    type Id = ContactIdentifierId;
    fn id(&self) -> ContactIdentifierId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for contact_identifiers::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// The identifiers of a contact that the caller may see.
pub fn of(conn: &mut Conn, ctx: &Ctx, contact: ContactId) -> Result<Vec<ContactIdentifier>> {
    super::find(conn, ctx, contact)?;
    of_all(conn, ctx, &[contact])
}

/// The identifiers of many contacts, which the caller may see.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, contacts: &[ContactId]) -> Result<Vec<ContactIdentifier>> {
    Ok(store::of(conn, ctx, contacts)?)
}

/// An identifier of a contact that the caller may see.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: ContactIdentifierId) -> Result<ContactIdentifier> {
    let one = store::find(conn, ctx, id)?.ok_or(error::NOT_FOUND)?;
    super::find(conn, ctx, one.contact_id)?;
    Ok(one)
}

/// Adds an identifier. The same value a second time is refused, and so is one that another contact has, as far as the
/// caller sees it, unless duplicates are allowed.
pub fn add(
    conn: &mut Conn,
    ctx: &Ctx,
    vault: &Vault,
    contact: ContactId,
    new: &NewIdentifier,
    allowed: Duplicates,
) -> Result<ContactIdentifier> {
    changeable(conn, ctx, contact)?;
    let value = new.value.expose();
    let prints = vault.fingerprints(conn, ctx.tenant, &PLACE, &new.kind, value)?;
    let known = store::holders(conn, ctx, prints)?;
    if let Some((own, _)) = known.iter().find(|(_, holder)| *holder == contact) {
        return Err(conflict(error::ALREADY_EXISTS, &[Existing::new(*own, &new.kind, 100)]));
    }
    let others: Vec<ContactId> = known.iter().map(|(_, holder)| *holder).collect();
    let score = score(&new.kind);
    if allowed == Duplicates::Reject && score >= Existing::PROBABLE && !others.is_empty() {
        let seen = super::many(conn, ctx, &others)?;
        let existing: Vec<_> = seen.iter().map(|one| Existing::new(one.id, &new.kind, score)).collect();
        if !existing.is_empty() {
            return Err(conflict(error::DUPLICATE, &existing));
        }
    }
    let id = ContactIdentifierId::new();
    let kept = Kept {
        sealed: vault.seal(conn, ctx.tenant, &PLACE, id, value.as_bytes())?,
        fingerprint: vault.fingerprint(conn, ctx.tenant, &PLACE, &new.kind, value)?,
        hint: number::hint(value),
    };
    let added = store::insert(conn, ctx, id, contact, new, kept)?;
    touch(conn, ctx, contact)?;
    Ok(added)
}

/// Changes what is said of an identifier. With a `base`, only if it is still at that version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContactIdentifierId,
    base: Option<i32>,
    patch: &IdentifierPatch,
) -> Result<ContactIdentifier> {
    let before = locked(conn, ctx, id, base)?;
    check_days(patch, before.issued_on, before.expires_on)?;
    let after = store::update(conn, ctx, id, patch)?.ok_or(error::NOT_FOUND)?;
    touch(conn, ctx, before.contact_id)?;
    Ok(after)
}

pub fn remove(conn: &mut Conn, ctx: &Ctx, id: ContactIdentifierId, base: Option<i32>) -> Result<()> {
    let contact = locked(conn, ctx, id, base)?.contact_id;
    store::remove(conn, ctx, id)?;
    touch(conn, ctx, contact).map(drop)
}

/// The identifier as it is while its contact is held: nobody else changes one of theirs meanwhile.
fn locked(conn: &mut Conn, ctx: &Ctx, id: ContactIdentifierId, base: Option<i32>) -> Result<ContactIdentifier> {
    let contact = find(conn, ctx, id)?.contact_id;
    changeable(conn, ctx, contact)?;
    let now = find(conn, ctx, id)?;
    unmoved(conn, ctx, &now, base)?;
    Ok(now)
}

/// The value, for those who may see what is sealed of the contact; that it was seen is written down with it.
pub fn reveal(conn: &mut Conn, ctx: &Ctx, vault: &Vault, id: ContactIdentifierId) -> Result<Revealed> {
    let one = find(conn, ctx, id)?;
    if !store::may_reveal(conn, ctx, one.contact_id)? {
        return Err(error::FORBIDDEN.into());
    }
    let sealed = store::sealed(conn, ctx, id)?;
    let plain = vault.open(conn, ctx.tenant, &PLACE, id, &sealed)?;
    let about = serde_json::json!({"contact_id": one.contact_id, "kind": one.kind});
    audit::note(conn, ctx, "identifier.revealed", ContactIdentifier::NAME, id, about)?;
    Ok(Revealed { kind: one.kind, value: plain.text().to_owned() })
}

/// The contacts that are known by a number, as far as the caller sees them.
pub fn holders(conn: &mut Conn, ctx: &Ctx, vault: &Vault, ask: &IdentifierQuery) -> Result<Vec<Contact>> {
    let prints = vault.fingerprints(conn, ctx.tenant, &PLACE, &ask.kind, ask.value.expose())?;
    let known: Vec<ContactId> = store::holders(conn, ctx, prints)?.into_iter().map(|(_, holder)| holder).collect();
    super::many(conn, ctx, &known)
}
