//! How a tenant begins: itself, its built-in roles, and its owner. The first one is made when the program first starts,
//! by one node, however many start at once.
use crate::api_key::{self, NewApiKey};
use crate::builtin::Builtin;
use crate::password::{self, Password};
use crate::schema::tenants;
use crate::tenant::{self, is_currency, is_locale, is_time_zone};
use crate::user::{self, NewUser};
use crate::{base62, random, role};
use chrono::{DateTime, Utc};
use diesel::Connection;
use diesel::prelude::*;
use kernel::{Actor, Ctx, Error, Grants, Origin, RequestId, Result, TenantId, Tidy, UserId, error, rules, tidy};
use platform::Conn;
use std::sync::Arc;
use validator::Validate;

/// One founder at a time, over all nodes: any number that nobody else uses.
const TURN: i64 = 0x666f_756e_6465;

diesel::define_sql_function! { fn pg_advisory_xact_lock(key: diesel::sql_types::BigInt); }

/// What a new tenant is made of.
#[derive(Clone, Validate)]
pub struct NewTenant {
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    pub name: String,
    #[validate(custom(function = "is_locale"))]
    pub locale: String,
    #[validate(custom(function = "is_time_zone"))]
    pub time_zone: String,
    #[validate(custom(function = "is_currency"))]
    pub base_currency: String,
    #[validate(email, length(max = 254))]
    pub owner_email: String,
    pub owner_password: String,
}

/// What the first start has made.
#[derive(Clone)]
pub struct Founded {
    pub tenant: TenantId,
    pub owner: UserId,
    /// the text of an API key of the owner, with all that the owner may do
    pub key: String,
}

/// Whether there is no tenant yet.
pub fn is_empty(conn: &mut Conn) -> Result<bool> {
    let any: Option<TenantId> = tenants::table.select(tenants::tenant_id).first(conn).optional()?;
    Ok(any.is_none())
}

/// The first tenant with its owner and a key of theirs; nothing where there is a tenant already.
pub fn first(conn: &mut Conn, new: &NewTenant, now: DateTime<Utc>) -> Result<Option<Founded>> {
    if !is_empty(conn)? {
        return Ok(None);
    }
    conn.transaction(|conn| {
        diesel::select(pg_advisory_xact_lock(TURN)).execute(conn)?;
        if !is_empty(conn)? {
            return Ok(None);
        }
        let (tenant, owner) = tenant(conn, new, now)?;
        let key = key(conn, tenant, owner, "first start", now)?;
        Ok(Some(Founded { tenant, owner, key }))
    })
}

/// A tenant with its built-in roles and its owner.
pub fn tenant(conn: &mut Conn, new: &NewTenant, now: DateTime<Utc>) -> Result<(TenantId, UserId)> {
    let (mut new, password) = (new.clone(), Password::new(&new.owner_password));
    new.tidy();
    check(&new, &password)?;
    let hash = password::hash(&password)?;
    let (tenant, user) = (TenantId::new(), UserId::new());
    let ctx = acting(tenant, user, now);
    conn.transaction(|conn| {
        tenant::insert(conn, &ctx, &new)?;
        user::founder(conn, &ctx, &owner(&new, user), &hash)?;
        for made in role::found(conn, &ctx)? {
            if made.builtin.as_deref() == Some(Builtin::Owner.key()) {
                role::appoint(conn, &ctx, user, made.id)?;
            }
        }
        Ok((tenant, user))
    })
}

/// The text of a key with which its user may do all that they may do.
pub fn key(conn: &mut Conn, tenant: TenantId, user: UserId, name: &str, now: DateTime<Utc>) -> Result<String> {
    let new = NewApiKey { name: name.to_owned(), scopes: vec!["*".to_owned()], ..NewApiKey::default() };
    Ok(api_key::issue(conn, &acting(tenant, user, now), &new)?.key)
}

/// A password that nobody can guess, for an owner who was given none.
pub fn password() -> String {
    base62::encode(&random::bytes::<15>(), 21)
}

fn owner(new: &NewTenant, id: UserId) -> NewUser {
    let name = new.owner_email.split('@').next().unwrap_or_default();
    NewUser {
        id: Some(id),
        email: new.owner_email.clone(),
        display_name: if name.is_empty() { new.owner_email.clone() } else { name.to_owned() },
        locale: None,
        time_zone: None,
        kind: user::PERSON.to_owned(),
        password: None,
        role_ids: Vec::new(),
        team_ids: Vec::new(),
    }
}

fn check(new: &NewTenant, password: &Password) -> Result<()> {
    let faults = rules::faults(new);
    if !faults.is_empty() {
        return Err(Error::from(error::INVALID).faults(faults));
    }
    password.checked(&new.owner_email, &new.name, "/owner_password")
}

/// The owner acts, before anybody could let them in.
fn acting(tenant: TenantId, user: UserId, now: DateTime<Utc>) -> Ctx {
    Ctx {
        tenant,
        actor: Actor { user, key: None },
        grants: Arc::new(Grants::default()),
        request: RequestId::new(),
        origin: Origin::default(),
        now,
    }
}

impl Tidy for NewTenant {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
        tidy::email(&mut self.owner_email);
    }
}
