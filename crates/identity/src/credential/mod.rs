//! How a caller proves who they are: by an access token or an API key, `Authorization: Bearer …`.
//!
//! Who was let in a moment ago is known without waiting. What they may do is asked anew after four seconds, so that a
//! revoked session or key, a taken role or a deactivated user is out within five seconds on every node.
mod acting;
mod attempts;
mod links;
mod login;
mod noted;
mod second;
mod sso;
mod staying;
mod store;

pub use login::{Login, Refresh, Tokens};
pub use staying::{Staying, is_refusal};

use crate::digest::{self, Digest};
use crate::password::{Hash, Hasher, Password};
use crate::permission::Objects;
use crate::sso::oidc::Oidc;
use crate::{api_key, factor, queue, role, session, team, token};
use attempts::Attempts;
use chrono::{DateTime, Duration as Span, Utc};
use kernel::custom::Known;
use kernel::net::Nets;
use kernel::{
    Actor, ApiKeyId, Code, Ctx, Error, Grants, Kind, Language, Origin, Region, RequestId, Result, SessionId, TenantId,
    UserId, error,
};
use moka::sync::Cache;
use platform::custom::{self, Registry};
use platform::outbound::Outbound;
use platform::{Conn, Db, Vault, share};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

pub const INVALID_CREDENTIALS: Code =
    Code::new("invalid_credentials", Kind::Unauthenticated, "There is no active user with this e-mail and password.");
pub const TENANT_AMBIGUOUS: Code = Code::new(
    "tenant_ambiguous",
    Kind::Conflict,
    "This e-mail and password are good in several tenants: `errors` lists them; log in with `tenant_id`.",
);
pub const TOO_MANY_LOGINS: Code =
    Code::new("too_many_logins", Kind::TooMany, "Too many failed logins: come back after `Retry-After` seconds.");
pub const CODES: &[Code] = &[INVALID_CREDENTIALS, TENANT_AMBIGUOUS, TOO_MANY_LOGINS];

/// A proof that was checked is taken for good so long.
const SEEN: Duration = Duration::from_secs(60);
/// What somebody may do is taken for granted so long.
const GRANTED: Duration = Duration::from_secs(4);
const ROOM: u64 = 10_000;

/// Lets callers in. One a program, shared by all threads.
#[derive(Clone)]
pub struct Identity {
    db: Db,
    vault: Vault,
    objects: Objects,
    keys: Arc<token::Keys>,
    hasher: Hasher,
    attempts: Attempts,
    oidc: Oidc,
    seen: Cache<Digest, Proof>,
    granted: Cache<Who, Granted>,
    /// keys whose use from elsewhere was noted a moment ago
    noted: Cache<Digest, ()>,
    /// what is known of the tenants' own fields
    own: Registry,
}

/// Who it is, and how long that is proved.
#[derive(Clone, Copy)]
struct Proof {
    who: Who,
    until: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Who {
    tenant: TenantId,
    user: UserId,
    through: Through,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Through {
    Session(SessionId),
    /// and which of its texts, of which each ends by itself
    Key(ApiKeyId, Digest),
}

/// What somebody may do, and from where; anywhere, where no net is named.
#[derive(Clone)]
struct Granted {
    grants: Arc<Grants>,
    bound: Option<Arc<Nets>>,
    /// what they read, as far as they or their tenant say
    language: Option<Language>,
}

impl Identity {
    /// Reads the keys that tokens are signed with; the first start makes one.
    pub async fn open(db: Db, vault: Vault, objects: Objects, outbound: Outbound) -> Result<Self> {
        let keys = Arc::new(token::Keys::open(&db, &vault).await?);
        Ok(Self {
            attempts: Attempts::new(db.clone()),
            oidc: Oidc::new(outbound),
            db,
            vault,
            objects,
            keys,
            hasher: Hasher::default(),
            seen: Cache::builder().max_capacity(ROOM).time_to_live(SEEN).build(),
            granted: Cache::builder().max_capacity(ROOM).time_to_live(GRANTED).build(),
            noted: Cache::builder().max_capacity(ROOM).time_to_live(SEEN).build(),
            own: Registry::default(),
        })
    }

    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// What permissions are about, for the deeds that ask.
    pub fn objects(&self) -> Objects {
        self.objects
    }

    /// The caller, where that can be told at once; neither waits nor asks the database.
    pub fn known(&self, bearer: &str, from: IpAddr, request: RequestId, now: DateTime<Utc>) -> Option<Result<Ctx>> {
        if !token::is_likely(bearer) && !api_key::text::is_likely(bearer) {
            return Some(Err(error::UNAUTHENTICATED.into()));
        }
        let proof = self.proof(&digest::of(bearer), now)?;
        let granted = self.granted.get(&proof.who)?;
        Some(granted.to(proof.who, from, request, now))
    }

    /// The caller, by asking.
    pub async fn authenticate(
        &self,
        bearer: &str,
        from: IpAddr,
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<Ctx> {
        let seen = digest::of(bearer);
        let (proof, granted) = if api_key::text::is_likely(bearer) {
            self.by_key(bearer, now).await?
        } else {
            let proof = match self.proof(&seen, now) {
                Some(proof) => proof,
                None => Proof::from(self.keys.check(&self.db, &self.vault, bearer, now).await?),
            };
            (proof, self.by_session(proof.who, now).await?)
        };
        self.seen.insert(seen, proof);
        self.granted.insert(proof.who, granted.clone());
        granted.to(proof.who, from, request, now)
    }

    /// The session of a caller who was let in a moment ago; none for an API key.
    pub fn session(&self, bearer: &str) -> Option<SessionId> {
        match self.seen.get(&digest::of(bearer))?.who.through {
            Through::Session(id) => Some(id),
            Through::Key(..) => None,
        }
    }

    /// The language of a caller who was let in a moment ago: their own, else their tenant's.
    pub fn language(&self, bearer: &str) -> Option<Language> {
        let who = self.seen.get(&digest::of(bearer))?.who;
        self.granted.get(&who)?.language
    }

    /// Asks everybody's rights anew: called after a change of them, so that it holds here at once.
    pub fn forget(&self) {
        let granted = self.granted.clone();
        platform::once::afterwards(move || granted.invalidate_all());
    }

    /// From now on a new key signs the tokens.
    pub async fn rotate_keys(&self) -> Result<()> {
        self.keys.rotate(&self.db, &self.vault).await
    }

    /// What is kept of a password, if there is one.
    pub async fn hash(&self, password: Option<&Password>) -> Result<Option<Hash>> {
        match password {
            Some(password) => Ok(Some(self.hasher.hash(password).await?)),
            None => Ok(None),
        }
    }

    fn proof(&self, seen: &Digest, now: DateTime<Utc>) -> Option<Proof> {
        self.seen.get(seen).filter(|proof| proof.until > now.timestamp())
    }

    async fn by_session(&self, who: Who, now: DateTime<Utc>) -> Result<Granted> {
        let (objects, own) = (self.objects, self.own.of(who.tenant));
        let granted = self.db.unpermitted(move |conn| {
            let Through::Session(id) = who.through else { return Ok(None) };
            let Some(admitted) = session::admitted(conn, who.tenant, who.user, id, now)? else { return Ok(None) };
            // all that needs no permission, such as to add a second factor
            let held_back = admitted.needs_factor && !factor::has(conn, who.tenant, who.user)?;
            let grants = if held_back { Grants::default() } else { gather(conn, who.tenant, who.user, objects, own)? };
            let grants = grants.requiring_versions(admitted.requires_versions);
            let grants = grants.dialling_in(admitted.phone_region.as_deref().and_then(Region::of));
            let language = spoken(admitted.locale.as_deref(), &admitted.tenant_locale);
            Ok(Some(Granted { grants: Arc::new(grants), bound: None, language }))
        });
        granted.await?.ok_or_else(|| error::UNAUTHENTICATED.into())
    }

    async fn by_key(&self, bearer: &str, now: DateTime<Utc>) -> Result<(Proof, Granted)> {
        let key = api_key::text::read(bearer).ok_or(error::UNAUTHENTICATED)?;
        self.by_hash(key.tenant, key.id, key.hash, now).await
    }

    async fn by_hash(
        &self,
        tenant: TenantId,
        id: ApiKeyId,
        hash: Digest,
        now: DateTime<Utc>,
    ) -> Result<(Proof, Granted)> {
        let (objects, own) = (self.objects, self.own.of(tenant));
        let found = self.db.unpermitted(move |conn| {
            let Some(entry) = api_key::entry(conn, tenant, id, now)? else { return Ok(None) };
            let Some(until) = entry.good(&hash, now) else { return Ok(None) };
            let who = Who { tenant, user: entry.user, through: Through::Key(id, hash) };
            let mut grants = gather(conn, tenant, who.user, objects, own)?;
            grants.narrow(&api_key::keep(&entry.scopes, objects));
            Ok(Some((Proof { who, until: until.timestamp() }, grants, entry)))
        });
        let (proof, grants, entry) = found.await?.ok_or(error::UNAUTHENTICATED)?;
        if entry.last_used_at.is_none_or(|at| at < now - Span::minutes(1)) {
            self.note_use(tenant, id, now);
        }
        let bound = (!entry.addresses.is_empty()).then(|| Arc::new(entry.nets()));
        let grants = grants.requiring_versions(entry.requires_versions);
        let grants = grants.dialling_in(entry.phone_region.as_deref().and_then(Region::of));
        let language = spoken(entry.locale.as_deref(), &entry.tenant_locale);
        Ok((proof, Granted { grants: Arc::new(grants), bound, language }))
    }

    /// Beside the request, which does not wait for it.
    fn note_use(&self, tenant: TenantId, id: ApiKeyId, now: DateTime<Utc>) {
        let db = self.db.clone();
        tokio::spawn(async move {
            let noted = db.unpermitted(move |conn| Ok(api_key::used(conn, tenant, id, now)?)).await;
            if let Err(error) = noted {
                tracing::debug!(%error, "the use of an API key was not noted");
            }
        });
    }
}

impl Who {
    fn ctx(self, grants: Arc<Grants>, from: IpAddr, request: RequestId, now: DateTime<Utc>) -> Ctx {
        let (key, session) = match self.through {
            Through::Session(id) => (None, Some(id)),
            Through::Key(id, _) => (Some(id), None),
        };
        let origin = Origin { address: Some(from), session };
        Ctx { tenant: self.tenant, actor: Actor { user: self.user, key }, grants, request, origin, now }
    }
}

impl Granted {
    /// The caller, unless they come from where the key is not good.
    fn to(&self, who: Who, from: IpAddr, request: RequestId, now: DateTime<Utc>) -> Result<Ctx> {
        match &self.bound {
            Some(nets) if !nets.hold(from) => Err(api_key::ADDRESS_NOT_ALLOWED.into()),
            _ => Ok(who.ctx(self.grants.clone(), from, request, now)),
        }
    }
}

impl From<token::Claims> for Proof {
    fn from(claims: token::Claims) -> Self {
        let who = Who { tenant: claims.tid, user: claims.sub, through: Through::Session(claims.sid) };
        Self { who, until: claims.exp }
    }
}

/// All that a user may do, and where.
pub(crate) fn gather(conn: &mut Conn, tenant: TenantId, user: UserId, objects: Objects, own: Known) -> Result<Grants> {
    let (teams, subtree) = team::reach(conn, tenant, user)?;
    let queues = queue::of_user(conn, tenant, user, &teams)?;
    let shown = [user].into_iter().chain(queues.iter().copied()).map(Uuid::from);
    let shown: Vec<Uuid> = shown.chain(teams.iter().copied().map(Uuid::from)).collect();
    let many = share::are_many(conn, tenant, &shown)?;
    custom::refresh(conn, tenant, &own)?;
    let mut grants = Grants::new(teams, subtree).serving(queues).with_many_shares(many).knowing(own);
    role::allow(&role::many(conn, tenant, user)?, objects, &mut grants);
    Ok(grants)
}

/// The first of the two that is a language spoken here.
fn spoken(own: Option<&str>, tenant: &str) -> Option<Language> {
    own.and_then(Language::of).or_else(|| Language::of(tenant))
}

/// Nobody is known yet who could be told by an error why.
fn unknown() -> Error {
    INVALID_CREDENTIALS.into()
}
