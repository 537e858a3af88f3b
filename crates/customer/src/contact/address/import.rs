//! Where a contact is found by post, as the rows of contacts say it.
use super::{CATALOGUE, ContactAddress, store};
use crate::address::import::{Kept, Standing};
use crate::address::{AddressPatch, NewAddress, check};
use crate::contact::{self, import::each_gone};
use kernel::catalogue::Catalogue;
use kernel::{ContactAddressId, ContactId, Ctx, Error, Result, error};
use platform::Conn;
use platform::import::Remover;
use uuid::Uuid;

/// What came to contacts that were there before.
pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Kept for ContactAddress {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const WHOLE: &'static Catalogue = &contact::CATALOGUE;

    fn standing(conn: &mut Conn, ctx: &Ctx, whole: &[Uuid]) -> Result<Vec<Standing>> {
        let ids: Vec<ContactId> = whole.iter().copied().map(ContactId).collect();
        let standing = |one: ContactAddress| {
            let says = serde_json::to_value(&one).map_err(Error::internal)?;
            Ok(Standing { id: one.id.0, whose: one.contact_id.0, kind: one.kind, says })
        };
        store::of(conn, ctx, &ids)?.into_iter().map(standing).collect()
    }
    fn insert(conn: &mut Conn, ctx: &Ctx, whole: Uuid, new: &NewAddress) -> Result<Uuid> {
        Ok(store::insert(conn, ctx, ContactId(whole), new)?.id.0)
    }
    fn update(conn: &mut Conn, ctx: &Ctx, id: Uuid, patch: &AddressPatch) -> Result<()> {
        let after = store::update(conn, ctx, ContactAddressId(id), patch)?.ok_or(error::NOT_FOUND)?;
        check(&after.formatted, after.division_code.as_deref())
    }
}

fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    each_gone(ids, |id| super::remove(conn, ctx, ContactAddressId(id), None))
}
