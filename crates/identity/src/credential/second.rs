//! The second step of a login, for who has a second factor.
use super::login::{Tokens, acting, open};
use super::{Identity, TOO_MANY_LOGINS};
use crate::factor::{self, Passed, SecondFactor};
use crate::session::Session;
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{Ctx, Error, RequestId, Result, TenantId};
use platform::{Conn, Vault};
use std::net::IpAddr;

/// Who came in.
type Entered = (TenantId, Session, String);

impl Identity {
    /// The tokens of somebody who has shown their password, and shows their second factor now.
    pub async fn second_factor(
        &self,
        ask: SecondFactor,
        address: IpAddr,
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<Tokens> {
        let vault = self.vault.clone();
        let come = move |conn: &mut Conn| conn.transaction(|conn| come(conn, &vault, &ask, address, request, now));
        let came = self.db.unpermitted(come).await?;
        let (tenant, session, refresh_token) = came?;
        self.tokens(tenant, &session, refresh_token, now)
    }
}

/// A session for whoever has shown their password, or whom a provider vouches for; a challenge, where they have a factor to show.
pub(super) fn enter(conn: &mut Conn, ctx: &Ctx, device: Option<&str>) -> Result<(Session, String)> {
    match factor::challenge(conn, ctx, device)? {
        None => open(conn, ctx, device, false),
        Some(challenge) => Err(Error::from(factor::REQUIRED).member("challenge", challenge)),
    }
}

/// A refusal is an outcome, not an error: what it has written is kept.
fn come(
    conn: &mut Conn,
    vault: &Vault,
    ask: &SecondFactor,
    address: IpAddr,
    request: RequestId,
    now: DateTime<Utc>,
) -> Result<Result<Entered>> {
    match factor::pass(conn, vault, ask, now, |tenant, user| acting(tenant, user, address, request, now))? {
        Passed::In(tenant, user, device) => {
            let (session, text) = open(conn, &acting(tenant, user, address, request, now), device.as_deref(), false)?;
            Ok(Ok((tenant, session, text)))
        }
        Passed::Later(seconds) => Ok(Err(Error::from(TOO_MANY_LOGINS).member("retry_after", seconds))),
        Passed::Refused => Ok(Err(factor::REFUSED.into())),
    }
}
