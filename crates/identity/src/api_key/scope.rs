//! What a key may do of what its user may: `contact:read`, `contacts:read`, `contacts:*`, `*:read`, `*`.
use crate::permission::{BEYOND_OWN_RIGHTS, Objects};
use kernel::{Action, Ctx, Error, Fault, Reach, Result, error, text};
use std::collections::BTreeSet;

/// A scope that could be read; `None` is every one.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Scope {
    object: Option<&'static str>,
    action: Option<Action>,
}

/// All that the scopes name. What a later version no longer knows names nothing.
pub(crate) fn keep(scopes: &[String], objects: Objects) -> BTreeSet<(String, Action)> {
    let read: Vec<Scope> = scopes.iter().filter_map(|text| Scope::read(text, objects)).collect();
    let pairs = objects.iter().flat_map(|object| Action::ALL.into_iter().map(move |action| (object, action)));
    let named = pairs.filter(|(object, action)| read.iter().any(|scope| scope.names(object, *action)));
    named.map(|(object, action)| (object.to_owned(), action)).collect()
}

/// Refused where a scope names nothing, or more than the maker holds. A person may give `*`: it follows what they hold;
/// a key may not, for it holds less than its user.
pub(super) fn check(ctx: &Ctx, scopes: &[String], objects: Objects) -> Result<()> {
    let (mut read, mut faults) = (Vec::new(), Vec::new());
    for (at, text) in scopes.iter().enumerate() {
        match Scope::read(text, objects) {
            Some(scope) => read.push(scope),
            None => {
                let message = text!("is no scope, such as contacts:read, contacts:* or *");
                faults.push(Fault::new(format!("/scopes/{at}"), "scope", message));
            }
        }
    }
    if !faults.is_empty() {
        return Err(Error::from(error::INVALID).faults(faults));
    }
    let lacking = |scope: &Scope| match (scope.object, scope.action) {
        (Some(object), Some(action)) => ctx.grants.reach(object, action) == Reach::None,
        _ => ctx.actor.key.is_some(),
    };
    match read.iter().any(lacking) {
        true => Err(Error::from(BEYOND_OWN_RIGHTS).detail(text!("a key holds no more than its maker"))),
        false => Ok(()),
    }
}

impl Scope {
    fn read(text: &str, objects: Objects) -> Option<Self> {
        if text == "*" {
            return Some(Self { object: None, action: None });
        }
        let (object, action) = text.split_once(':')?;
        let object = if object == "*" { None } else { Some(objects.named(object)?) };
        let action = if action == "*" { None } else { Some(Action::named(action)?) };
        Some(Self { object, action })
    }

    fn names(self, object: &str, action: Action) -> bool {
        self.object.is_none_or(|one| one == object) && self.action.is_none_or(|one| one == action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(scopes: &[&str]) -> Vec<String> {
        let scopes: Vec<String> = scopes.iter().map(|text| (*text).to_owned()).collect();
        let all = keep(&scopes, Objects::new(["contact", "order"]));
        all.into_iter().map(|(object, action)| format!("{object}:{}", action.name())).collect()
    }

    #[test]
    fn a_scope_names_pairs() {
        assert_eq!(kept(&["contacts:read", "contact:read"]), ["contact:read"]);
        assert_eq!(kept(&["contacts:write", "nothing:read", "contacts", "", ":", "**"]), Vec::<String>::new());
        assert_eq!(kept(&["contacts:*"]).len(), Action::COUNT);
        assert!(kept(&["*:read"]).iter().all(|pair| pair.ends_with(":read")));
        assert_eq!(kept(&["*"]).len(), kept(&["*:*"]).len());
    }
}
