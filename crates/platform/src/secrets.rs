//! The server's own secrets: kept sealed in the database, so that every node has the same, and made by the first that
//! starts. Where the vault is locked, a node makes do with secrets of its own until it ends: whoever has logged in logs
//! in again, and nobody is kept out.
use crate::Conn;
use crate::schema::server_secrets;
use crate::vault::{self, Place, Sealed, Vault};
use diesel::Connection;
use diesel::prelude::*;
use kernel::{EventId, Result};
use uuid::Uuid;

/// What a secret is for.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// signs access tokens
    Token,
    /// signs cursors
    Cursor,
    /// signs checkpoints of the audit trail
    AuditSign,
    /// makes digests of what may be erased
    AuditDigest,
}

/// Where they stand.
pub const PLACE: Place = Place::new("server_secrets", "sealed", "kid").servers().bare("secret");

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Cursor => "cursor",
            Self::AuditSign => "audit_sign",
            Self::AuditDigest => "audit_digest",
        }
    }
}

/// All secrets of a purpose, the newest first; where there is none, `fresh` becomes the first.
pub fn all(
    conn: &mut Conn,
    vault: &Vault,
    purpose: Purpose,
    fresh: impl Fn() -> Vec<u8>,
) -> Result<Vec<(Uuid, Vec<u8>)>> {
    let known = load(conn, vault, purpose, false)?;
    if !known.is_empty() {
        return Ok(known);
    }
    match add(conn, vault, purpose, &fresh()) {
        Err(error) if error.code == vault::LOCKED => {
            tracing::error!(
                purpose = purpose.name(),
                "the vault is locked: a secret is made up until this process ends"
            );
            Ok(vec![vault.makeshift(purpose.name(), fresh)])
        }
        Err(error) => Err(error),
        Ok(()) => load(conn, vault, purpose, false),
    }
}

/// The same, where what they make is kept for good: none is made up, and one that cannot be opened is not passed over.
pub fn lasting(
    conn: &mut Conn,
    vault: &Vault,
    purpose: Purpose,
    fresh: impl Fn() -> Vec<u8>,
) -> Result<Vec<(Uuid, Vec<u8>)>> {
    let known = load(conn, vault, purpose, true)?;
    if !known.is_empty() {
        return Ok(known);
    }
    add(conn, vault, purpose, &fresh())?;
    load(conn, vault, purpose, true)
}

/// Adds a secret, which from now on is the newest.
pub fn add(conn: &mut Conn, vault: &Vault, purpose: Purpose, secret: &[u8]) -> Result<()> {
    conn.transaction(|conn| {
        let kid = EventId::new().0;
        let sealed = vault.seal(conn, vault::SERVER, &PLACE, kid, secret)?;
        let row = (
            server_secrets::name.eq(purpose.name()),
            server_secrets::kid.eq(kid),
            server_secrets::sealed.eq(sealed),
            server_secrets::created_at.eq(kernel::clock::now()),
        );
        diesel::insert_into(server_secrets::table).values(row).execute(conn)?;
        Ok(())
    })
}

/// Those that can be opened, and those that are not sealed yet; with `whole`, all or an error.
fn load(conn: &mut Conn, vault: &Vault, purpose: Purpose, whole: bool) -> Result<Vec<(Uuid, Vec<u8>)>> {
    conn.transaction(|conn| {
        let kept: Vec<(Uuid, Option<Vec<u8>>, Option<Sealed>)> = server_secrets::table
            .filter(server_secrets::name.eq(purpose.name()))
            .order(server_secrets::kid.desc())
            .for_share()
            .select((server_secrets::kid, server_secrets::secret, server_secrets::sealed))
            .load(conn)?;
        let mut known = Vec::new();
        for (kid, bare, sealed) in kept {
            match sealed.map(|sealed| vault.open(conn, vault::SERVER, &PLACE, kid, &sealed)) {
                Some(Ok(plain)) => known.push((kid, plain.expose().to_vec())),
                Some(Err(error)) if whole => return Err(error),
                Some(Err(error)) => tracing::error!(%error, %kid, "a secret of the server cannot be opened"),
                None => known.extend(bare.map(|bare| (kid, bare))),
            }
        }
        Ok(known)
    })
}
