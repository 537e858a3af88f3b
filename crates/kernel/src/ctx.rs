//! Who is asking, on whose behalf, and what they may do. Every deed and every query gets one.
use crate::{Action, ApiKeyId, Noun, RequestId, SessionId, TeamId, TenantId, UserId};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct Ctx {
    pub tenant: TenantId,
    pub actor: Actor,
    pub grants: Arc<Grants>,
    pub request: RequestId,
    pub origin: Origin,
    /// The one clock of the request: rows, events and audit written by it agree, and tests hold it.
    pub now: DateTime<Utc>,
}

/// The user who acts, and the API key through which, if one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    pub user: UserId,
    pub key: Option<ApiKeyId>,
}

/// Where a request comes from; nowhere, where the house acts by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    pub address: Option<IpAddr>,
    /// the session, where the actor has logged in
    pub session: Option<SessionId>,
}

impl Origin {
    /// Somebody at this address who has no session yet.
    pub fn at(address: IpAddr) -> Self {
        Self { address: Some(address), session: None }
    }
}

impl Ctx {
    /// How far the actor's permission to do `action` on `N` reaches.
    pub fn reach<N: Noun>(&self, action: Action) -> Reach {
        self.grants.reach(N::NAME, action)
    }
}

/// How far a permission reaches, least first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    #[default]
    None,
    /// records that the user owns
    Own,
    /// and those of the user's teams
    Team,
    /// and those of the teams below them
    Subtree,
    All,
}

impl Reach {
    pub const ALL: [Self; 5] = [Self::None, Self::Own, Self::Team, Self::Subtree, Self::All];

    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Own => "own",
            Self::Team => "team",
            Self::Subtree => "subtree",
            Self::All => "all",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reach| reach.name() == name)
    }
}

/// What may be done with one field of the records that are seen, least first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// as if the field were not there
    Hidden,
    Read,
    #[default]
    Write,
}

/// The permissions of an actor: object × action → reach, object × field → access; and the teams that `team` and
/// `subtree` mean.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    reaches: BTreeMap<String, [Reach; Action::COUNT]>,
    /// only what is less than `write`
    fields: BTreeMap<String, BTreeMap<String, Access>>,
    teams: Vec<TeamId>,
    subtree: Vec<TeamId>,
}

impl Grants {
    pub fn new(teams: Vec<TeamId>, subtree: Vec<TeamId>) -> Self {
        Self { reaches: BTreeMap::new(), fields: BTreeMap::new(), teams, subtree }
    }

    /// Adds a permission; of two, the farther reach counts.
    pub fn allow(&mut self, object: impl Into<String>, action: Action, reach: Reach) {
        if let Some(slot) = self.reaches.entry(object.into()).or_default().get_mut(action.index()) {
            *slot = reach.max(*slot);
        }
    }

    /// Takes away all that `keep` does not name: an API key holds no more than its scopes, nor more than its maker.
    pub fn narrow(&mut self, keep: &BTreeSet<(String, Action)>) {
        for (object, row) in &mut self.reaches {
            for action in Action::ALL {
                if let Some(slot) = row.get_mut(action.index())
                    && !keep.contains(&(object.clone(), action))
                {
                    *slot = Reach::None;
                }
            }
        }
    }

    pub fn reach(&self, object: &str, action: Action) -> Reach {
        self.reaches.get(object).and_then(|row| row.get(action.index())).copied().unwrap_or_default()
    }

    /// Holds a field back.
    pub fn restrict(&mut self, object: impl Into<String>, field: impl Into<String>, access: Access) {
        let fields = self.fields.entry(object.into()).or_default();
        match access {
            Access::Write => drop(fields.remove(&field.into())),
            less => drop(fields.insert(field.into(), less)),
        }
    }

    /// What may be done with a field, where the record may be read.
    pub fn access(&self, object: &str, field: &str) -> Access {
        self.fields.get(object).and_then(|fields| fields.get(field)).copied().unwrap_or_default()
    }

    /// The fields of an object that may not be written, and what is left of them.
    pub fn fields(&self, object: &str) -> impl Iterator<Item = (&str, Access)> {
        self.fields.get(object).into_iter().flatten().map(|(field, access)| (field.as_str(), *access))
    }

    /// Takes what may not be seen out of a record as it goes out.
    pub fn trim(&self, object: &str, record: &mut serde_json::Value) {
        if let (Some(fields), Some(members)) = (self.fields.get(object), record.as_object_mut()) {
            members.retain(|name, _| fields.get(name).is_none_or(|access| *access > Access::Hidden));
        }
    }

    /// The teams of the actor.
    pub fn teams(&self) -> &[TeamId] {
        &self.teams
    }

    /// The teams of the actor and all those below them.
    pub fn subtree(&self) -> &[TeamId] {
        &self.subtree
    }

    /// Object × action × reach, in order, those with reach `none` left out.
    pub fn all(&self) -> impl Iterator<Item = (&str, Action, Reach)> {
        self.reaches.iter().flat_map(|(object, row)| {
            Action::ALL
                .into_iter()
                .zip(row)
                .filter(|(_, reach)| **reach > Reach::None)
                .map(move |(action, reach)| (object.as_str(), action, *reach))
        })
    }
}
