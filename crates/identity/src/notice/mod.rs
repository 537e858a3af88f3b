//! Whom the house writes to of its own accord.
mod store;

use crate::link::Holder;
use kernel::{Language, Result, TenantId, UserId};
use platform::Conn;

/// The active owners of the tenant, and somebody whom it is about.
pub fn readers(conn: &mut Conn, tenant: TenantId, also: UserId) -> Result<Vec<UserId>> {
    let mut all = store::owners(conn, tenant)?;
    if !all.contains(&also) {
        all.push(also);
    }
    Ok(all)
}

/// Somebody who gets a letter.
#[derive(Clone, Debug)]
pub struct Reader {
    pub email: String,
    pub name: String,
    /// what the tenant is called
    pub house: String,
    pub language: Language,
}

/// An active person, and how they are written to.
pub fn reader(conn: &mut Conn, tenant: TenantId, user: UserId) -> Result<Option<Reader>> {
    let Some(Holder { email, name, tenant_name, locale, .. }) = crate::link::reader(conn, tenant, user)? else {
        return Ok(None);
    };
    let language = Language::of(&locale).unwrap_or_default();
    Ok(Some(Reader { email, name, house: tenant_name, language }))
}

/// What a tenant is called.
pub fn house(conn: &mut Conn, tenant: TenantId) -> Result<Option<String>> {
    Ok(store::house(conn, tenant)?)
}
