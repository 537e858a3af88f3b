//! Customers sorted by filters: the first that finds an account counts. What a filter finds is what the house sees, so it
//! is the same whoever asks.
use crate::accounts;
use crate::segmentation::RuleSettings;
use crate::segmentation::run::fit::{Sorter, Verdict};
use kernel::{Ctx, Result};
use platform::Conn;
use platform::filter::rule;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Accounts of which one question is asked.
const AT_ONCE: usize = 5_000;

/// The filters with the numbers of their classes, and the classes.
pub(crate) fn sorter(settings: &RuleSettings) -> (Sorter, Vec<String>) {
    let mut classes: Vec<String> = Vec::new();
    let mut number = |name: &str| {
        let at = classes.iter().position(|one| one == name).unwrap_or_else(|| {
            classes.push(name.to_owned());
            classes.len() - 1
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    };
    let rules = settings.rules.iter().map(|one| (number(&one.class), one.filter.clone())).collect();
    let rest = settings.rest.as_ref().map(|name| number(name));
    (Sorter::Rules { rules, rest }, classes)
}

/// What each of these accounts is; nothing where a filter cannot be read any more.
pub(crate) fn sort(conn: &mut Conn, ctx: &Ctx, sorter: &Sorter, ids: &[Uuid]) -> Result<Option<Vec<Verdict>>> {
    let Sorter::Rules { rules, rest } = sorter else { return Ok(None) };
    let mut verdicts = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let mut left: Vec<Uuid> = some.to_vec();
        let mut found: HashMap<Uuid, u16> = HashMap::new();
        for (class, filter) in rules {
            let Some(those) = rule::among(conn, ctx, accounts::noun()?, filter, &left)? else { return Ok(None) };
            let those: HashSet<Uuid> = those.into_iter().collect();
            left.retain(|id| !those.contains(id));
            found.extend(those.into_iter().map(|id| (id, *class)));
        }
        let verdict = |id: &Uuid| Verdict { class: found.get(id).copied().or(*rest), scores: None };
        verdicts.extend(some.iter().map(verdict));
    }
    Ok(Some(verdicts))
}
