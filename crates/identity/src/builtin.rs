//! The roles that every tenant has. What they may do comes with the program and grows with it: a noun that a later
//! version adds is an ordinary record to them (account, contact, order …), unless it stands in one of the lists here.
use crate::permission::{Objects, Permission};
use kernel::{Action, Grants, Reach};

/// What the business has in common; sellers read it and do not change it.
const SHARED: [&str; 11] = [
    "coupon",
    "kb_category",
    "macro",
    "marketing_plan",
    "price_book",
    "product",
    "promotion",
    "suppression",
    "survey",
    "tag",
    "template",
];
/// What records are made of: who works with them has to know it.
const FORM: [&str; 22] = [
    "agent",
    "assignment_rule",
    "association_run",
    "auto_reply_rule",
    "business_calendar",
    "case_category",
    "case_inbox",
    "escalation_rule",
    "exchange_rate",
    "field_def",
    "kb_portal",
    "label",
    "lead_score_rule",
    "option_set",
    "pipeline",
    "pool",
    "qa_scorecard",
    "routing_rule",
    "segmentation",
    "skill",
    "sla_policy",
    "territory",
];
/// What others are to reach: who sells knows it, and does not set it.
const AIMS: [&str; 1] = ["quota"];
/// What was said of somebody's work: for those who lead, and for whom it is about, who may answer it.
const JUDGED: [&str; 1] = ["qa_evaluation"];
/// Who there is, and what they may do.
const ADMINISTRATION: [&str; 5] = ["queue", "role", "team", "tenant", "user"];
/// Who and what is let in, and by whom: for those alone who look after that.
const ENTRANCE: [&str; 4] = ["connection", "form", "inbound_delivery", "sso_provider"];
/// The privacy office: what it knows of people is for owners and administrators, and whom else a role of the tenant lets in.
const OFFICE: [&str; 3] = ["legal_hold", "privacy_request", "retention_policy"];
/// Who else is told what happens, and how that goes.
const ABROAD: [&str; 2] = ["webhook_delivery", "webhook_endpoint"];
/// What all have done: for those who look after the tenant.
const OVERSIGHT: [&str; 1] = ["audit_log"];
/// Everybody's own.
const PERSONAL: [&str; 1] = ["api_key"];

/// A built-in role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builtin {
    Owner,
    Admin,
    Manager,
    Representative,
    ReadOnly,
}

impl Builtin {
    pub const ALL: [Self; 5] = [Self::Owner, Self::Admin, Self::Manager, Self::Representative, Self::ReadOnly];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Representative => "representative",
            Self::ReadOnly => "read_only",
        }
    }

    pub fn named(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }

    /// What it is called in a new tenant.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Admin => "Administrator",
            Self::Manager => "Manager",
            Self::Representative => "Representative",
            Self::ReadOnly => "Read only",
        }
    }

    pub const fn description(self) -> &'static str {
        match self {
            Self::Owner => "May do everything; there is always at least one.",
            Self::Admin => "May do everything but delete for good.",
            Self::Manager => "Leads teams: works with the records of their teams and those below, exports and assigns.",
            Self::Representative => "Sells: sees the records of their teams, works with their own.",
            Self::ReadOnly => "Sees everything, changes nothing.",
        }
    }

    /// How far it reaches.
    pub fn reach(self, object: &str, action: Action) -> Reach {
        match self {
            Self::Owner => Reach::All,
            Self::Admin if action == Action::Purge => Reach::None,
            Self::Admin => Reach::All,
            _ if ENTRANCE.contains(&object) || OFFICE.contains(&object) || OVERSIGHT.contains(&object) => Reach::None,
            _ if ABROAD.contains(&object) => Reach::None,
            Self::Manager | Self::Representative if PERSONAL.contains(&object) => personal(action),
            Self::ReadOnly if PERSONAL.contains(&object) => Reach::None,
            Self::Manager | Self::Representative if FORM.contains(&object) => form(action),
            Self::Representative if AIMS.contains(&object) => aim(action),
            Self::Representative if JUDGED.contains(&object) => judged(action),
            Self::Manager if matches!(action, Action::Purge | Action::Reveal) => Reach::None,
            Self::Manager if SHARED.contains(&object) => Reach::All,
            Self::Manager if !ADMINISTRATION.contains(&object) => Reach::Subtree,
            Self::Representative if !ADMINISTRATION.contains(&object) && !SHARED.contains(&object) => seller(action),
            Self::Manager | Self::Representative | Self::ReadOnly if action == Action::Read => Reach::All,
            Self::Manager | Self::Representative | Self::ReadOnly => Reach::None,
        }
    }

    /// All that it may do.
    pub fn permissions(self, objects: Objects) -> Vec<Permission> {
        grants(self.key(), objects).map(|(object, action, reach)| Permission::new(object, action, reach)).collect()
    }
}

/// What the built-in role of this key may do; nothing, where there is none.
pub fn grants(key: &str, objects: Objects) -> impl Iterator<Item = (&'static str, Action, Reach)> {
    let role = Builtin::named(key);
    objects
        .iter()
        .flat_map(|object| Action::ALL.into_iter().map(move |action| (object, action)))
        .map(move |(object, action)| (object, action, role.map_or(Reach::None, |role| role.reach(object, action))))
        .filter(|(.., reach)| *reach > Reach::None)
}

/// Adds them to the grants of an actor.
pub fn allow(key: &str, objects: Objects, to: &mut Grants) {
    grants(key, objects).for_each(|(object, action, reach)| to.allow(object, action, reach));
}

fn form(action: Action) -> Reach {
    if action == Action::Read { Reach::All } else { Reach::None }
}

fn aim(action: Action) -> Reach {
    if action == Action::Read { Reach::Team } else { Reach::None }
}

fn judged(action: Action) -> Reach {
    if matches!(action, Action::Read | Action::Update) { Reach::Own } else { Reach::None }
}

fn personal(action: Action) -> Reach {
    match action {
        Action::Create | Action::Read | Action::Update | Action::Delete => Reach::Own,
        _ => Reach::None,
    }
}

fn seller(action: Action) -> Reach {
    match action {
        Action::Read => Reach::Team,
        Action::Create | Action::Update | Action::Delete | Action::Merge | Action::Share => Reach::Own,
        Action::Export | Action::Import | Action::Assign | Action::Approve | Action::Purge | Action::Reveal => {
            Reach::None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_holds_what_the_next_holds() {
        let objects = Objects::new(["account", "contact", "product", "order", "import", "something_new"]);
        let held = |role: Builtin| {
            let mut all = Grants::default();
            allow(role.key(), objects, &mut all);
            all
        };
        for pair in [
            (Builtin::Owner, Builtin::Admin),
            (Builtin::Admin, Builtin::Manager),
            (Builtin::Manager, Builtin::Representative),
            (Builtin::Admin, Builtin::ReadOnly),
        ] {
            let covers = |one, other| crate::permission::covered(&held(one), &held(other), objects).is_ok();
            assert!(covers(pair.0, pair.1), "{pair:?}");
            assert!(!covers(pair.1, pair.0), "{pair:?}");
        }
        assert_eq!(grants("nobody", objects).count(), 0);
    }

    #[test]
    fn a_seller_works_with_their_own() {
        let reach = |object, action| Builtin::Representative.reach(object, action);
        assert_eq!(reach("contact", Action::Read), Reach::Team);
        assert_eq!(reach("contact", Action::Update), Reach::Own);
        assert_eq!(reach("contact", Action::Export), Reach::None);
        assert_eq!(reach("product", Action::Read), Reach::All);
        assert_eq!(reach("product", Action::Create), Reach::None);
        assert_eq!(reach("user", Action::Update), Reach::None);
        assert_eq!(reach("api_key", Action::Create), Reach::Own);
        assert_eq!(Builtin::ReadOnly.reach("sso_provider", Action::Read), Reach::None);
        assert_eq!(Builtin::ReadOnly.reach("something_new", Action::Read), Reach::All);
        assert_eq!(Builtin::ReadOnly.reach("something_new", Action::Create), Reach::None);
    }
}
