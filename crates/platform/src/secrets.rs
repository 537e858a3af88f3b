//! The server's own secrets: kept in the database, so that every node has the same, and made by the first that starts.
use crate::Conn;
use crate::schema::server_secrets;
use diesel::prelude::*;
use kernel::Result;
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
pub fn all(conn: &mut Conn, purpose: Purpose, fresh: impl FnOnce() -> Vec<u8>) -> Result<Vec<(Uuid, Vec<u8>)>> {
    let known = load(conn, purpose)?;
    if !known.is_empty() {
        return Ok(known);
    }
    add(conn, purpose, &fresh())?;
    load(conn, purpose)
}

/// Adds a secret, which from now on is the newest.
pub fn add(conn: &mut Conn, purpose: Purpose, secret: &[u8]) -> Result<()> {
    let row = (
        server_secrets::name.eq(purpose.name()),
        server_secrets::kid.eq(kernel::EventId::new().0),
        server_secrets::secret.eq(secret),
        server_secrets::created_at.eq(kernel::clock::now()),
    );
    diesel::insert_into(server_secrets::table).values(row).execute(conn)?;
    Ok(())
}

fn load(conn: &mut Conn, purpose: Purpose) -> Result<Vec<(Uuid, Vec<u8>)>> {
    Ok(server_secrets::table
        .filter(server_secrets::name.eq(purpose.name()))
        .order(server_secrets::kid.desc())
        .select((server_secrets::kid, server_secrets::secret))
        .load(conn)?)
}
