//! Coming in by an identity provider instead of a password. While the provider is asked, nothing of the database is held.
use super::Identity;
use super::login::{Tokens, acting, open};
use super::second::enter;
use crate::session::Session;
use crate::sso::identity::{self, SsoIdentity, in_person};
use crate::sso::oidc::Vouched;
use crate::sso::pending::{self, Kept};
use crate::sso::provider::{self, ButtonsOf, ClientSecret, SsoButton, SsoProvider};
use crate::sso::{Begun, Finish, STATE_INVALID, Start};
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{Ctx, Error, Kind, Myself, Permit, RequestId, Result, SsoProviderId, TenantId, UserId, error, text};
use platform::outbound::Outbound;
use platform::{Conn, Vault};
use std::net::IpAddr;

/// Two who come in for the first time at once find each other's work the second time.
const TRIES: usize = 3;

/// What is asked of a provider, and by whom it was begun.
type Taken = (Kept, SsoProvider, Option<ClientSecret>);

impl Identity {
    pub fn outbound(&self) -> &Outbound {
        self.oidc.outbound()
    }

    /// What a page for logging in draws.
    pub async fn sso_buttons(&self, of: ButtonsOf) -> Result<Vec<SsoButton>> {
        self.db.unpermitted(move |conn| Ok(provider::buttons(conn, &of)?)).await
    }

    /// Sends somebody to a provider; `page` is where they come back to, unless they say otherwise.
    pub async fn start_sso(&self, id: SsoProviderId, ask: Start, page: String, now: DateTime<Utc>) -> Result<Begun> {
        let found = self.db.unpermitted(move |conn| Ok(provider::open(conn, id)?)).await?;
        let (tenant, provider) = found.ok_or(error::NOT_FOUND)?;
        self.begin(tenant, &provider, None, (ask, page), now).await
    }

    /// The tokens of whoever comes back. The `state` is used up, whatever comes of it.
    pub async fn finish_sso(
        &self,
        ask: Finish,
        address: IpAddr,
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<Tokens> {
        let state = ask.state.clone();
        let vault = self.vault.clone();
        let (kept, provider, secret) = self.db.unpermitted(move |conn| take(conn, &vault, &state, None, now)).await?;
        let answer = (ask.code.as_str(), ask.iss.as_deref());
        let vouched = self.oidc.exchange(&provider, secret.as_ref(), &kept, answer, now).await?;
        let tenant = kept.tenant;
        let came = self.db.unpermitted(move |conn| {
            let acting = |user: UserId| acting(tenant, user, address, request, now);
            come(conn, tenant, &provider, &vouched, &acting, ask.device.as_deref())
        });
        let (session, refresh_token) = came.await?;
        self.tokens(tenant, &session, refresh_token, now)
    }

    /// Sends the caller to a provider, to be linked with who they are there.
    pub async fn start_link(&self, can: Permit<Myself>, id: SsoProviderId, ask: Start, page: String) -> Result<Begun> {
        let ctx = can.ctx().clone();
        in_person(&ctx)?;
        let found = self.db.read(can, move |conn, ctx| Ok(provider::open_in(conn, ctx.tenant, id)?)).await?;
        let provider = found.ok_or(error::NOT_FOUND)?;
        self.begin(ctx.tenant, &provider, Some(ctx.actor.user), (ask, page), ctx.now).await
    }

    /// Links the caller, who comes back. The e-mail address is no matter: they have shown that they are both.
    pub async fn finish_link(&self, can: Permit<Myself>, ask: Finish) -> Result<SsoIdentity> {
        let ctx = can.ctx().clone();
        in_person(&ctx)?;
        let state = ask.state.clone();
        let vault = self.vault.clone();
        let taken = self.db.change(can, move |conn, ctx| take(conn, &vault, &state, Some(ctx.actor.user), ctx.now));
        let (kept, provider, secret) = taken.await?;
        let answer = (ask.code.as_str(), ask.iss.as_deref());
        let vouched = self.oidc.exchange(&provider, secret.as_ref(), &kept, answer, ctx.now).await?;
        let can = Permit::<Myself>::check(ctx)?;
        self.db.change(can, move |conn, ctx| identity::link(conn, ctx, &provider, &vouched)).await
    }

    async fn begin(
        &self,
        tenant: TenantId,
        provider: &SsoProvider,
        user: Option<UserId>,
        (ask, page): (Start, String),
        now: DateTime<Utc>,
    ) -> Result<Begun> {
        let redirect_uri = ask.redirect_uri.unwrap_or_else(|| page.clone());
        if redirect_uri != page && !provider.redirect_uris.contains(&redirect_uri) {
            let message = text!("is none of the provider's `redirect_uris`");
            return Err(Error::invalid("/redirect_uri", "not_registered", message));
        }
        let (kept, state, hash) = Kept::fresh(tenant, provider.id, user, redirect_uri, now);
        let authorization_url = self.oidc.authorization_url(provider, &kept, now).await?;
        let expires_at = kept.expires_at;
        self.db.unpermitted(move |conn| Ok(pending::insert(conn, &kept, &hash)?)).await?;
        Ok(Begun { authorization_url, state, expires_at })
    }
}

/// What was begun by this user, or by nobody who was known, with a provider that still lets people in.
fn take(conn: &mut Conn, vault: &Vault, state: &str, user: Option<UserId>, now: DateTime<Utc>) -> Result<Taken> {
    let of = pending::read(state).ok_or(STATE_INVALID)?;
    let kept = pending::take(conn, of, user, now)?.ok_or(STATE_INVALID)?;
    let provider = provider::open_in(conn, kept.tenant, kept.provider)?.ok_or(STATE_INVALID)?;
    let secret = conn.transaction(|conn| provider::secret(conn, vault, kept.tenant, kept.provider))?;
    Ok((kept, provider, secret))
}

/// A session for whom the provider vouches; a challenge, where they have a factor here that the provider's does not stand
/// in for. Whoever was linked is linked, even if they do not meet the challenge.
fn come(
    conn: &mut Conn,
    tenant: TenantId,
    provider: &SsoProvider,
    vouched: &Vouched,
    acting: &dyn Fn(UserId) -> Ctx,
    device: Option<&str>,
) -> Result<(Session, String)> {
    let mut tries = 1;
    let user = loop {
        match conn.transaction(|conn| identity::admit(conn, tenant, provider, vouched, acting)) {
            Err(error) if error.kind() == Kind::Conflict && tries < TRIES => tries += 1,
            done => break done?,
        }
    };
    let ctx = acting(user);
    if vouched.has_second_factor { open(conn, &ctx, device, true) } else { enter(conn, &ctx, device) }
}
