//! Logging in, staying in, and leaving.
use super::second::enter;
use super::{Identity, TENANT_AMBIGUOUS, store, unknown};
use crate::me::PasswordChange;
use crate::password::Password;
use crate::session::{self, Session, text::RefreshToken};
use crate::{digest, token, user};
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{
    Actor, Ctx, Error, Fault, Grants, Myself, Origin, Permit, RequestId, Result, SessionId, TenantId, Tidy, UserId,
    clock, error, text, tidy,
};
use platform::{Conn, audit};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::net::IpAddr;
use std::sync::Arc;
use store::Candidate;
use utoipa::ToSchema;
use validator::Validate;

/// Who wants to come in.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "email": "li.na@example.cn", "password": "a long walk by the lake", "device": "Chrome, Windows"
}))]
pub struct Login {
    #[validate(length(min = 1, max = 254))]
    #[schema(format = "email", min_length = 1, max_length = 254)]
    pub email: String,
    pub password: Password,
    /// what the device is called in the list of sessions
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub device: Option<String>,
    /// needed only where the e-mail and the password are good in several tenants
    pub tenant_id: Option<TenantId>,
}

/// Asks for the next tokens.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"refresh_token": "gxr_05h3KpQZ7…"}))]
pub struct Refresh {
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub refresh_token: String,
}

/// What lets a device in, and what it asks for the next with.
#[derive(Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "access_token": "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9…", "refresh_token": "gxr_05h3KpQZ7…", "token_type": "Bearer",
    "expires_in": 600
}))]
pub struct Tokens {
    /// `Authorization: Bearer …`
    pub access_token: String,
    /// good once: each use gives a new one, and the use of an old one ends the session
    pub refresh_token: String,
    #[schema(value_type = String)]
    pub token_type: &'static str,
    /// seconds that the access token is good for
    pub expires_in: i64,
}

impl Identity {
    /// `address` is where the request comes from: failures are counted by it.
    pub async fn login(&self, ask: Login, address: IpAddr, request: RequestId, now: DateTime<Utc>) -> Result<Tokens> {
        let attempt = self.attempts.begin(&ask.email, &address.to_string(), now).await?;
        let (email, tenant) = (ask.email.clone(), ask.tenant_id);
        let candidates = self.db.unpermitted(move |conn| Ok(store::candidates(conn, &email, tenant)?)).await?;
        let meant: Vec<_> = candidates.iter().map(|one| (one.tenant, one.user)).collect();
        let mut fitting = self.fitting(candidates, &ask.password).await?;
        if fitting.len() > 1 {
            let tenants: Vec<_> =
                fitting.iter().map(|one| json!({"id": one.tenant, "name": one.tenant_name})).collect();
            let fault =
                Fault::new("/tenant_id", "required", text!("says which of these tenants")).param("tenants", tenants);
            return Err(Error::from(TENANT_AMBIGUOUS).fault(fault));
        }
        let Some(user) = fitting.pop() else {
            attempt.failed(now).await?;
            self.note_failure(meant, address, request, now);
            return Err(unknown());
        };
        attempt.right().await?;
        let ctx = acting(user.tenant, user.user, address, request, now);
        let opened = self.db.unpermitted(move |conn| enter(conn, &ctx, ask.device.as_deref()));
        let (session, refresh_token) = opened.await?;
        self.tokens(user.tenant, &session, refresh_token, now)
    }

    /// Those whose password it is. Where there is nobody, it takes as long as with somebody.
    async fn fitting(&self, candidates: Vec<Candidate>, password: &Password) -> Result<Vec<Candidate>> {
        if candidates.is_empty() {
            self.hasher.fits(password, None).await?;
        }
        let mut fitting = Vec::new();
        for one in candidates {
            if self.hasher.fits(password, one.hash.as_ref()).await? {
                fitting.push(one);
            }
        }
        Ok(fitting)
    }

    /// The next tokens of a session. Whoever shows a token that was used before ends the session.
    pub async fn refresh(
        &self,
        ask: &Refresh,
        address: IpAddr,
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<Tokens> {
        let shown = session::text::read(&ask.refresh_token).ok_or(error::UNAUTHENTICATED)?;
        let tenant = shown.tenant;
        let turned =
            self.db.unpermitted(move |conn| conn.transaction(|conn| turn(conn, &shown, address, request, now)));
        let turned = turned.await?;
        match turned {
            Turned::Next(session, refresh_token) => self.tokens(tenant, &session, refresh_token, now),
            Turned::Refused => Err(error::UNAUTHENTICATED.into()),
            Turned::Ended(session) => {
                tracing::warn!(%tenant, %session, "a refresh token was used twice: its session has ended");
                self.forget();
                Err(error::UNAUTHENTICATED.into())
            }
        }
    }

    /// Ends the session that the caller came with.
    pub async fn logout(&self, can: Permit<Myself>, bearer: &str) -> Result<()> {
        let no_session = || Error::from(error::FORBIDDEN).detail(text!("an API key has no session: revoke it instead"));
        let id = self.session(bearer).ok_or_else(no_session)?;
        self.db.change(can, move |conn, ctx| session::revoke(conn, ctx, id)).await?;
        self.forget();
        Ok(())
    }

    /// A new password for the caller, who has to know the old one; all other sessions end. Not for an API key, which
    /// would come by more than it holds.
    pub async fn change_password(&self, can: Permit<Myself>, bearer: &str, change: PasswordChange) -> Result<()> {
        let (ctx, kept) = (can.ctx().clone(), self.session(bearer));
        if ctx.actor.key.is_some() {
            return Err(Error::from(error::FORBIDDEN).detail(text!("an API key cannot change a password")));
        }
        let (me, hash) = self
            .db
            .read(can, |conn, ctx| Ok((user::myself(conn, ctx)?, user::password(conn, ctx.tenant, ctx.actor.user)?)))
            .await?;
        let place = format!("{}/password", ctx.tenant);
        let attempt = self.attempts.begin(&me.email, &place, ctx.now).await?;
        if !self.hasher.fits(&change.current_password, hash.as_ref()).await? {
            attempt.failed(ctx.now).await?;
            return Err(Error::invalid("/current_password", "wrong", text!("is not the current password")));
        }
        attempt.right().await?;
        change.new_password.checked(&me.email, &me.display_name, "/new_password")?;
        let hash = self.hasher.hash(&change.new_password).await?;
        self.db
            .change(Permit::<Myself>::check(ctx)?, move |conn, ctx| user::set_password(conn, ctx, &hash, kept))
            .await?;
        self.forget();
        Ok(())
    }

    pub(super) fn tokens(
        &self,
        tenant: TenantId,
        session: &Session,
        refresh_token: String,
        now: DateTime<Utc>,
    ) -> Result<Tokens> {
        let access_token = self.keys.issue(tenant, session.user_id, session.id, now)?;
        Ok(Tokens { access_token, refresh_token, token_type: "Bearer", expires_in: token::LIFETIME })
    }
}

/// What came of a refresh token.
enum Turned {
    Next(Session, String),
    Refused,
    Ended(SessionId),
}

fn turn(
    conn: &mut Conn,
    shown: &RefreshToken,
    address: IpAddr,
    request: RequestId,
    now: DateTime<Utc>,
) -> Result<Turned> {
    let Some(standing) = session::lock(conn, shown.tenant, shown.session, now)? else { return Ok(Turned::Refused) };
    let acting = acting(shown.tenant, standing.session.user_id, address, request, now);
    let ctx = Ctx { origin: Origin { session: Some(shown.session), ..acting.origin }, ..acting };
    if digest::same(&standing.hash, &shown.hash) {
        let (text, hash) = session::text::fresh(shown.tenant, shown.session);
        // the moment of the turn, not of the request: see below
        let session = session::rotate(conn, &ctx, &standing.session, &hash, now.max(clock::now()))?;
        return Ok(Turned::Next(session, text));
    }
    // two requests of one device at once: this one was on its way when the other was served, and is no theft
    if now <= standing.session.last_used_at {
        return Ok(Turned::Refused);
    }
    session::end(conn, &ctx, shown.session)?;
    audit::note(conn, &ctx, "session.token_reused", "session", shown.session, None)?;
    Ok(Turned::Ended(shown.session))
}

/// `is_vouched` where an identity provider stands in for the second factor.
pub(super) fn open(conn: &mut Conn, ctx: &Ctx, device: Option<&str>, is_vouched: bool) -> Result<(Session, String)> {
    let id = SessionId::new();
    let (text, hash) = session::text::fresh(ctx.tenant, id);
    Ok((session::insert(conn, ctx, id, &hash, (device, is_vouched))?, text))
}

/// Somebody who has just proved who they are, and needs no rights for it.
pub(super) fn acting(tenant: TenantId, user: UserId, from: IpAddr, request: RequestId, now: DateTime<Utc>) -> Ctx {
    let (actor, origin) = (Actor { user, key: None }, Origin::at(from));
    Ctx { tenant, actor, grants: Arc::new(Grants::default()), request, origin, now }
}

impl Tidy for Login {
    fn tidy(&mut self) {
        tidy::email(&mut self.email);
    }
}
impl Tidy for Refresh {
    fn tidy(&mut self) {
        tidy::trim(&mut self.refresh_token);
    }
}
