//! What a segment says: its filter, read and looked through. Whose answer changes with what, what has to be seen by whoever
//! says it or sees who is in it, and which other segments it is made of.
use super::{HOURLY, NEVER, RELATION, Segment};
use crate::event::is_silent;
use crate::filter::{Customs, Examined, FILTER_UNSUPPORTED, Refusal, Step};
use crate::visible;
use kernel::catalogue::{Catalogue, Catalogues, Link, Owned};
use kernel::{Error, Noun, Result, Text, text};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Parts that another record than their whole leads to, and whose going is marked for it (`segment_mark`).
const MARKED: [(&str, &str); 2] = [("account", "membership"), ("contact", "opportunity_contact")];
/// What changes by the clock.
const BY_THE_CLOCK: [&str; 1] = ["effective_consent"];

pub(super) struct Says {
    /// with what it excludes
    pub filter: Examined,
    pub refresh: &'static str,
    /// fields (`account.industry`), and nouns of which all (`order`)
    pub needs: BTreeSet<String>,
    /// the segments that it is made of
    pub uses: BTreeSet<Uuid>,
}

/// A noun whose records may be in segments.
pub(super) fn noun(all: &'static Catalogues, resource: &str) -> Result<&'static Catalogue> {
    let noun = visible::ordinary(all, resource).filter(|noun| all.relation(noun.noun, RELATION).is_some());
    noun.ok_or_else(|| Error::invalid("/resource", "choice", text!("is no noun whose records are in segments")))
}

pub(super) fn read(
    all: &'static Catalogues,
    noun: &'static Catalogue,
    text: &str,
    excludes: &[Uuid],
    customs: &dyn Customs,
) -> std::result::Result<Says, Refusal> {
    let filter = Examined::of(text, noun, all, customs)?;
    if filter.is_personal() {
        return Err(unsupported(text!("a segment is everybody's: it cannot ask who asks")));
    }
    let Some(mut uses) = filter.named(Segment::NAME) else {
        return Err(unsupported(text!("other segments are named by their ids: segments.exists(s, s.id == \"…\")")));
    };
    uses.extend(excludes);
    let ways = filter.ways();
    let is_volatile = filter.is_timed() || ways.iter().flatten().any(|step| is_volatile(all, step));
    let fields = filter.fields.iter().map(|(noun, field)| format!("{noun}.{field}"));
    let needs = fields.chain(ways.iter().flatten().filter_map(|step| crossed(all, step))).collect();
    let filter = match all.relation(noun.noun, RELATION).zip(all.get(Segment::NAME)) {
        Some((relation, segment)) => filter.outside(segment, relation.link, excludes.to_vec()),
        None => filter,
    };
    Ok(Says { filter, refresh: if is_volatile { HOURLY } else { NEVER }, needs, uses })
}

fn unsupported(detail: Text) -> Refusal {
    Refusal { code: FILTER_UNSUPPORTED, detail, pointer: "/filter".into(), at: None }
}

/// A part that is reached from its whole is seen with it.
pub(super) fn is_own_part(step: &Step) -> bool {
    match (step.target.owned, step.link) {
        (Owned::Part { of, column }, Link::Many { column: by }) => of == step.source.noun && column == by,
        _ => false,
    }
}

/// The noun of which all has to be seen. Other segments say themselves what has to be.
fn crossed(all: &Catalogues, step: &Step) -> Option<String> {
    let root = all.permission(step.target.noun).filter(|root| *root != Segment::NAME && !is_own_part(step))?;
    Some(root.to_owned())
}

/// Whether something over there may change and no event says for whom.
fn is_volatile(all: &Catalogues, step: &Step) -> bool {
    let target = step.target;
    if is_silent(target) || BY_THE_CLOCK.contains(&target.noun) {
        return true;
    }
    match (target.owned, step.link) {
        (Owned::Part { of, .. }, Link::Many { .. }) => {
            let is_told = all.get(of).is_some_and(|whole| !is_silent(whole));
            !is_told || !(is_own_part(step) || MARKED.contains(&(step.source.noun, target.noun)))
        }
        _ => false,
    }
}
