//! Coming in by a link instead of a password.
use super::login::acting;
use super::{Identity, attempts};
use crate::link::{self, EmailProof, PasswordByLink, Purpose, ResetRequest};
use crate::sso::pending;
use crate::user;
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{RequestId, Result};
use platform::Conn;
use std::net::IpAddr;

impl Identity {
    /// Does the same whether there is such a user or not.
    pub async fn request_password_reset(
        &self,
        ask: ResetRequest,
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.db.unpermitted(move |conn| link::ask(conn, &ask.email, request, now)).await
    }

    /// The password that was chosen by a link; all sessions of the user end.
    pub async fn choose_password(
        &self,
        ask: PasswordByLink,
        purpose: Purpose,
        from: IpAddr,
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let token = ask.token.clone();
        let holder = self.db.unpermitted(move |conn| link::holder(conn, &token, purpose, now)).await?;
        ask.password.checked(&holder.email, &holder.name, "/password")?;
        let hash = self.hasher.hash(&ask.password).await?;
        let ctx = acting(holder.tenant, holder.user, from, request, now);
        let chosen = self.db.unpermitted(move |conn| {
            conn.transaction(|conn| {
                let (_, is_proof) = link::consume(conn, &ask.token, purpose, now)?;
                user::set_password(conn, &ctx, &hash, None)?;
                if is_proof { user::verified(conn, &ctx) } else { Ok(()) }
            })
        });
        chosen.await?;
        self.forget();
        Ok(())
    }

    /// The address of the link is its user's.
    pub async fn verify_email(
        &self,
        ask: EmailProof,
        from: IpAddr,
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let proved = self.db.unpermitted(move |conn| {
            conn.transaction(|conn| {
                let (holder, _) = link::consume(conn, &ask.token, Purpose::Verification, now)?;
                user::verified(conn, &acting(holder.tenant, holder.user, from, request, now))
            })
        });
        proved.await
    }

    /// Clears away the failed logins that are long ago, and the links and logins under way that have expired.
    pub fn clear_away(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize> {
        Ok(attempts::clear(conn, now)? + link::clear(conn, now)? + pending::clear(conn, now)?)
    }
}
