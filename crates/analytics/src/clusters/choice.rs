//! How many groups: the number whose groups are told apart best.
use super::{Clustering, Points, Settings, Silhouette, group, silhouettes};
use crate::{Error, Result};
use std::ops::RangeInclusive;

/// Groups that were tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// how many were asked for
    pub k: usize,
    pub clustering: Clustering,
    /// nothing where there is a single group
    pub silhouette: Option<Silhouette>,
}

/// All that were tried, and the best of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// by their number of groups, ascending; without those that would have more groups than there are different points,
    /// but for the first
    pub candidates: Vec<Candidate>,
    /// which of them, from 0: the one with the largest mean silhouette, of equals the one with fewer groups; the first
    /// where none has a silhouette
    pub best: usize,
}

/// Makes groups of each number in `ks`, and says which are told apart best.
///
/// # Errors
/// Those of [`group`], and [`Error::Setting`] for an empty range.
pub fn choose(points: &Points, ks: RangeInclusive<usize>, settings: &Settings) -> Result<Choice> {
    if ks.is_empty() {
        return Err(Error::Setting { name: "groups", why: "have to be of some number" });
    }
    let mut found: Vec<(usize, Clustering)> = Vec::new();
    for k in ks {
        let clustering = group(points, k, settings)?;
        let fewer = clustering.centres.len() < k;
        if !fewer || found.is_empty() {
            found.push((k, clustering));
        }
        if fewer {
            break;
        }
    }
    let labelings: Vec<&[u32]> = found.iter().map(|(_, clustering)| clustering.labels.as_slice()).collect();
    let silhouettes = silhouettes(points, &labelings, settings.silhouette_points, settings.seed)?;
    let candidates: Vec<Candidate> = (found.into_iter().zip(silhouettes))
        .map(|((k, clustering), silhouette)| Candidate { k, clustering, silhouette })
        .collect();
    let means = candidates.iter().map(|candidate| candidate.silhouette.as_ref().map(|silhouette| silhouette.mean));
    let most = means.enumerate().fold((0, f64::NEG_INFINITY), |most, (at, mean)| match mean {
        Some(mean) if mean > most.1 => (at, mean),
        _ => most,
    });
    Ok(Choice { candidates, best: most.0 })
}
