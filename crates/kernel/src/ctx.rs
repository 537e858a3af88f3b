//! Who is asking, on whose behalf, and what they may do. Every deed and every query gets one.
mod fields;

use crate::custom::{Fields, Known};
use crate::{Action, ApiKeyId, Noun, Region, RequestId, SessionId, TeamId, TenantId, UserId};
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

impl Ctx {
    /// Of somebody who may do nothing, in whose name the house writes down what it has done.
    pub fn powerless(tenant: TenantId, user: UserId, now: DateTime<Utc>) -> Self {
        Self {
            tenant,
            actor: Actor { user, key: None },
            grants: Arc::default(),
            request: RequestId::new(),
            origin: Origin::default(),
            now,
        }
    }
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
    /// records that the user owns, or a queue that the user serves
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
    /// object → column → the field that stands in it, of those fields, where it is called otherwise
    columns: BTreeMap<String, BTreeMap<String, String>>,
    teams: Vec<TeamId>,
    subtree: Vec<TeamId>,
    queues: Vec<UserId>,
    has_many_shares: bool,
    requires_versions: bool,
    phone_region: Option<Region>,
    own: Known,
}

impl Grants {
    pub fn new(teams: Vec<TeamId>, subtree: Vec<TeamId>) -> Self {
        Self { teams, subtree, ..Self::default() }
    }

    /// What these queues own counts as the actor's own.
    #[must_use]
    pub fn serving(self, queues: Vec<UserId>) -> Self {
        Self { queues, ..self }
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

    /// The teams of the actor.
    pub fn teams(&self) -> &[TeamId] {
        &self.teams
    }

    /// The teams of the actor and all those below them.
    pub fn subtree(&self) -> &[TeamId] {
        &self.subtree
    }

    /// More is shared with the actor than a query had better begin with. What is shared is not kept here: this says how
    /// to ask for it, and whatever it says, the answer is the same.
    #[must_use]
    pub fn with_many_shares(self, has_many_shares: bool) -> Self {
        Self { has_many_shares, ..self }
    }

    pub fn has_many_shares(&self) -> bool {
        self.has_many_shares
    }

    /// The tenant requires that whoever comes by a door says which version a change was made on.
    #[must_use]
    pub fn requiring_versions(self, requires_versions: bool) -> Self {
        Self { requires_versions, ..self }
    }

    pub fn requires_versions(&self) -> bool {
        self.requires_versions
    }

    /// Numbers that do not say their country are of this region: of the tenant, or of the form that is filled in.
    #[must_use]
    pub fn dialling_in(self, phone_region: Option<Region>) -> Self {
        Self { phone_region, ..self }
    }

    pub fn phone_region(&self) -> Option<Region> {
        self.phone_region
    }

    /// With what is known of the tenant's own fields.
    #[must_use]
    pub fn knowing(self, own: Known) -> Self {
        Self { own, ..self }
    }

    /// The tenant's own fields, as far as they are known here.
    pub fn own(&self) -> Arc<Fields> {
        self.own.now()
    }

    /// Where that is known.
    pub fn known(&self) -> &Known {
        &self.own
    }

    /// The queues that the actor serves.
    pub fn queues(&self) -> &[UserId] {
        &self.queues
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
