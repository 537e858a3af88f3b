//! Callers who stay, such as at a stream of events: they were let in once, and are asked for again as long as they are
//! there. What proved them counts until it ends; what they may do is as old as anybody's, four seconds at most.
use super::{Identity, Through, Who};
use crate::{digest, session};
use chrono::{DateTime, Utc};
use kernel::{Ctx, RequestId, Result, SessionId, TenantId, UserId, error};
use std::collections::{BTreeSet, HashSet};
use std::net::IpAddr;

/// Somebody who was let in, and from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Staying {
    who: Who,
    from: IpAddr,
    /// when what proved them ends
    until: i64,
}

impl Staying {
    pub fn tenant(&self) -> TenantId {
        self.who.tenant
    }

    pub fn user(&self) -> UserId {
        self.who.user
    }

    /// Whether the token or key with which they came is good no more.
    pub fn has_ended(&self, now: DateTime<Utc>) -> bool {
        self.until <= now.timestamp()
    }

    fn session(&self) -> Option<SessionId> {
        match self.who.through {
            Through::Session(id) => Some(id),
            Through::Key(..) => None,
        }
    }
}

impl Identity {
    /// A caller who was let in a moment ago by this token or key.
    pub fn staying(&self, bearer: &str, from: IpAddr, now: DateTime<Utc>) -> Option<Staying> {
        let proof = self.proof(&digest::of(bearer), now)?;
        Some(Staying { who: proof.who, from, until: proof.until })
    }

    /// What they may do now, unless they may no longer come in.
    pub async fn again(&self, one: &Staying, request: RequestId, now: DateTime<Utc>) -> Result<Ctx> {
        if one.has_ended(now) {
            return Err(error::UNAUTHENTICATED.into());
        }
        let granted = match self.granted.get(&one.who) {
            Some(granted) => granted,
            None => {
                let granted = match one.who.through {
                    Through::Session(_) => self.by_session(one.who, now).await?,
                    Through::Key(id, hash) => self.by_hash(one.who.tenant, id, hash, now).await?.1,
                };
                self.granted.insert(one.who, granted.clone());
                granted
            }
        };
        granted.to(one.who, one.from, request, now)
    }

    /// Those who may no longer come in. Sessions, of which there may be thousands, are asked for at once.
    pub async fn left(&self, all: Vec<Staying>, now: DateTime<Utc>) -> Result<Vec<Staying>> {
        let (by_session, by_key): (Vec<Staying>, Vec<Staying>) =
            all.into_iter().partition(|one| one.session().is_some());
        let tenants: BTreeSet<TenantId> = by_session.iter().map(Staying::tenant).collect();
        let sessions: BTreeSet<SessionId> = by_session.iter().filter_map(Staying::session).collect();
        let living: HashSet<SessionId> = if sessions.is_empty() {
            HashSet::new()
        } else {
            let (tenants, sessions) =
                (tenants.into_iter().collect::<Vec<_>>(), sessions.into_iter().collect::<Vec<_>>());
            let living = self.db.unpermitted(move |conn| Ok(session::admitted_of(conn, &tenants, &sessions, now)?));
            living.await?.into_iter().collect()
        };
        let is_gone = |one: &Staying| one.session().is_some_and(|id| !living.contains(&id)) || one.has_ended(now);
        let mut left: Vec<Staying> = by_session.into_iter().filter(is_gone).collect();
        for one in by_key {
            self.granted.invalidate(&one.who);
            match self.again(&one, RequestId::new(), now).await {
                Err(error) if is_refusal(&error) => left.push(one),
                _ => {} // a database that is busy puts nobody out
            }
        }
        Ok(left)
    }
}

/// Not to be let in, by an answer and not for want of one.
pub fn is_refusal(error: &kernel::Error) -> bool {
    matches!(error.kind(), kernel::Kind::Unauthenticated | kernel::Kind::Forbidden)
}
