//! Frequent itemsets, depth first, each found from the places where the one that it extends occurs.
//!
//! Items are ranked by how seldom they are, and each basket is written as the ranks of its items, ascending, with a
//! mark at its end. An occurrence of an itemset is the place behind its last item; what follows, up to the mark, is
//! all that can extend it. So one pass over the occurrences counts all extensions, and one more says where the
//! frequent ones occur.
use super::{Baskets, Limits, Settings};
use crate::number::wide;
use crate::{Error, Result};
use std::collections::HashMap;
use std::hash::Hash;

/// In how many baskets each frequent itemset is; items are numbers in ascending order.
pub(super) type Counts = HashMap<Box<[u32]>, u32>;

/// The end of a basket.
const END: u32 = u32::MAX;

struct Search {
    /// the ranks of each basket, ascending, and [`END`]
    flat: Vec<u32>,
    /// the item of each rank
    items: Vec<u32>,
    least: u32,
    longest: usize,
    limits: Limits,
    candidates: u64,
    steps: u64,
    /// how often each rank follows; zero between two passes
    follows: Vec<u32>,
    counts: Counts,
}

/// All itemsets in `least` baskets or more, up to the longest wanted.
pub(super) fn find<K: Ord + Hash>(baskets: &Baskets<K>, least: u32, settings: &Settings) -> Result<Counts> {
    let mut search = Search::new(baskets, least, settings);
    let mut begins = Vec::new();
    let mut begin = true;
    for (place, rank) in search.flat.iter().enumerate() {
        if begin {
            begins.push(place);
        }
        begin = *rank == END;
    }
    search.extend(&mut Vec::new(), &begins)?;
    Ok(search.counts)
}

impl Search {
    fn new<K: Ord + Hash>(baskets: &Baskets<K>, least: u32, settings: &Settings) -> Self {
        let counts = counts(baskets);
        let mut seldom: Vec<(u32, u32)> =
            counts.iter().copied().zip(0..).filter(|(count, _)| *count >= least).collect();
        seldom.sort_unstable();
        let items: Vec<u32> = seldom.into_iter().map(|(_, item)| item).collect();
        let mut ranks = vec![END; baskets.items.len()];
        for (rank, item) in (0..).zip(&items) {
            if let Some(slot) = ranks.get_mut(wide(*item)) {
                *slot = rank;
            }
        }
        Self {
            flat: ranked(baskets, &ranks),
            follows: vec![0; items.len()],
            items,
            least,
            longest: settings.max_length,
            limits: settings.limits,
            candidates: 0,
            steps: 0,
            counts: Counts::new(),
        }
    }

    /// Keeps what extends `prefix`, which occurs at `places`, and goes on from there.
    fn extend(&mut self, prefix: &mut Vec<u32>, places: &[usize]) -> Result<()> {
        let followers = self.count(places)?;
        let deeper = prefix.len() + 1 < self.longest;
        let occurs = if deeper { self.occurrences(places, &followers) } else { Vec::new() };
        for (rank, _) in &followers {
            if let Some(slot) = self.follows.get_mut(wide(*rank)) {
                *slot = 0;
            }
        }
        let mut rest = occurs.as_slice();
        let least = self.least;
        for (rank, count) in followers.into_iter().filter(|(_, count)| *count >= least) {
            prefix.push(rank);
            self.keep(prefix, count)?;
            if deeper {
                let (here, behind) = rest.split_at(wide(count).min(rest.len()));
                rest = behind;
                self.extend(prefix, here)?;
            }
            prefix.pop();
        }
        Ok(())
    }

    /// Each rank that follows one of `places`, ascending, and behind how many of them it does.
    fn count(&mut self, places: &[usize]) -> Result<Vec<(u32, u32)>> {
        let mut followers = Vec::new();
        let mut steps = 0;
        for place in places {
            let behind = self.flat.get(*place..).unwrap_or_default();
            for rank in behind.iter().take_while(|rank| **rank != END) {
                if let Some(count) = self.follows.get_mut(wide(*rank)) {
                    if *count == 0 {
                        followers.push((*rank, 0));
                    }
                    *count += 1;
                    steps += 1;
                }
            }
        }
        self.steps = within("steps", self.steps + steps, self.limits.steps)?;
        let counted = u64::try_from(followers.len()).unwrap_or(u64::MAX);
        self.candidates = within("candidates", self.candidates + counted, self.limits.candidates)?;
        followers.sort_unstable();
        for (rank, count) in &mut followers {
            *count = self.follows.get(wide(*rank)).copied().unwrap_or_default();
        }
        Ok(followers)
    }

    /// Where the frequent followers occur, one after the other in the order of their ranks, each as often as it
    /// follows. Takes the counts for the places to write at, and leaves them otherwise than they were.
    fn occurrences(&mut self, places: &[usize], followers: &[(u32, u32)]) -> Vec<usize> {
        let mut next = 0;
        for (rank, count) in followers {
            let frequent = *count >= self.least;
            if let Some(slot) = self.follows.get_mut(wide(*rank)) {
                *slot = if frequent { next } else { END };
            }
            next += if frequent { *count } else { 0 };
        }
        let mut occurs = vec![0; wide(next)];
        for place in places {
            let behind = self.flat.get(*place..).unwrap_or_default();
            for (at, rank) in (place + 1..).zip(behind.iter().take_while(|rank| **rank != END)) {
                let Some(slot) = self.follows.get_mut(wide(*rank)).filter(|slot| **slot != END) else { continue };
                if let Some(occurrence) = occurs.get_mut(wide(*slot)) {
                    *occurrence = at;
                    *slot += 1;
                }
            }
        }
        occurs
    }

    fn keep(&mut self, ranks: &[u32], count: u32) -> Result<()> {
        let mut items: Box<[u32]> = ranks.iter().filter_map(|rank| self.items.get(wide(*rank)).copied()).collect();
        items.sort_unstable();
        self.counts.insert(items, count);
        let kept = u64::try_from(self.counts.len()).unwrap_or(u64::MAX);
        within("itemsets", kept, self.limits.itemsets).map(drop)
    }
}

pub(super) fn within(of: &'static str, count: u64, limit: u64) -> Result<u64> {
    if count > limit { Err(Error::TooMany { of, limit }) } else { Ok(count) }
}

/// In how many baskets each item is.
fn counts<K: Ord + Hash>(baskets: &Baskets<K>) -> Vec<u32> {
    // and the last of them, from 1, so that an item that is twice in one counts once
    let mut counts = vec![(0, 0_u32); baskets.items.len()];
    for (number, basket) in (1..).zip(baskets.iter()) {
        for item in basket {
            if let Some((count, last)) = counts.get_mut(wide(*item)).filter(|(_, last)| *last != number) {
                (*count, *last) = (*count + 1, number);
            }
        }
    }
    counts.into_iter().map(|(count, _)| count).collect()
}

/// Baskets of items as baskets of ranks, ascending, each once, without those that have none.
fn ranked<K: Ord + Hash>(baskets: &Baskets<K>, ranks: &[u32]) -> Vec<u32> {
    let mut ranked = Vec::with_capacity(baskets.flat.len() + baskets.len());
    let mut known = Vec::new();
    for basket in baskets.iter() {
        known.clear();
        known.extend(basket.iter().filter_map(|item| ranks.get(wide(*item)).copied()).filter(|rank| *rank != END));
        known.sort_unstable();
        known.dedup();
        ranked.extend_from_slice(&known);
        ranked.push(END);
    }
    ranked
}
