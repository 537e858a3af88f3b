//! Named classes: a table of rules, each a range of every score and the class it leads to. The first rule that holds
//! counts.
use super::Scores;
use crate::{Error, Result};

/// A range of scores, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    pub from: u8,
    pub to: u8,
}

impl Band {
    pub fn holds(self, score: u8) -> bool {
        (self.from..=self.to).contains(&score)
    }
}

/// Who is in a class: those whose three scores lie in the three bands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// the key of the class; several rules may lead to one
    pub class: String,
    pub recency: Band,
    pub frequency: Band,
    pub monetary: Band,
}

impl Rule {
    pub fn holds(&self, scores: Scores) -> bool {
        self.recency.holds(scores.recency)
            && self.frequency.holds(scores.frequency)
            && self.monetary.holds(scores.monetary)
    }
}

/// Rules in the order in which they are asked, and the classes of those whom none of them is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    rules: Vec<Rule>,
    rest: Option<String>,
    prospect: Option<String>,
}

/// Class, then from and to of recency, frequency and monetary: the intervals that the documentation of `rfm_segment` in
/// R's package `rfm` 0.3 gives, in its order.
const TEN: [(&str, [u8; 6]); 10] = [
    ("champion", [5, 5, 5, 5, 5, 5]),
    ("potential_loyalist", [3, 5, 3, 5, 2, 5]),
    ("loyal", [2, 4, 2, 4, 2, 4]),
    ("promising", [3, 4, 1, 3, 3, 5]),
    ("new_customer", [4, 5, 1, 3, 1, 5]),
    ("cannot_lose", [1, 2, 3, 4, 4, 5]),
    ("at_risk", [1, 2, 2, 5, 4, 5]),
    ("need_attention", [1, 3, 3, 5, 3, 5]),
    ("about_to_sleep", [2, 3, 1, 3, 1, 4]),
    ("lost", [1, 1, 1, 5, 1, 5]),
];

impl Table {
    /// A table of one's own. `rest` is the class of scores for which no rule holds, `prospect` of those who have never
    /// ordered; without a class they have none.
    ///
    /// # Errors
    /// [`Error::Setting`] where a class has no name, or a band is empty or leaves 1 to 5.
    pub fn new(rules: Vec<Rule>, rest: Option<String>, prospect: Option<String>) -> Result<Self> {
        let names = rules.iter().map(|rule| &rule.class).chain(&rest).chain(&prospect);
        if names.into_iter().any(|name| name.trim().is_empty()) {
            return Err(Error::Setting { name: "class", why: "needs a name" });
        }
        let sound = |band: Band| 1 <= band.from && band.from <= band.to && band.to <= 5;
        if rules.iter().flat_map(|rule| [rule.recency, rule.frequency, rule.monetary]).all(sound) {
            return Ok(Self { rules, rest, prospect });
        }
        Err(Error::Setting { name: "band", why: "has to lie within 1 and 5 and hold something" })
    }

    /// The ten classes of R's package `rfm`, and `other` for the few scores that none of them is about, as 541.
    pub fn ten() -> Self {
        let rules = TEN.map(|(class, [r, r_to, f, f_to, m, m_to])| Rule {
            class: class.to_owned(),
            recency: Band { from: r, to: r_to },
            frequency: Band { from: f, to: f_to },
            monetary: Band { from: m, to: m_to },
        });
        Self { rules: rules.into(), rest: Some("other".to_owned()), prospect: None }
    }

    /// The ten, and `prospect` for whoever has never ordered.
    pub fn eleven() -> Self {
        Self { prospect: Some("prospect".to_owned()), ..Self::ten() }
    }

    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Which rule holds first, from 0.
    pub fn rule(&self, scores: Scores) -> Option<usize> {
        self.rules.iter().position(|rule| rule.holds(scores))
    }

    pub(super) fn class(&self, bought: bool, rule: Option<usize>) -> Option<&str> {
        match rule.and_then(|at| self.rules.get(at)) {
            Some(rule) => Some(&rule.class),
            None if bought => self.rest.as_deref(),
            None => self.prospect.as_deref(),
        }
    }
}
