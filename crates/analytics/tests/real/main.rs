//! The wing on real data, held against what others have reckoned from it: R's `rfm` and `arules`, scikit-learn.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::as_conversions)]
mod baskets;
mod clusters;
mod rfm;

use std::path::{Path, PathBuf};

/// A file of real data that is no part of the project: where there is none, the test says so and passes.
fn real(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = std::env::var("GUANXI_TEST_DATA").map_or_else(|_| beside(), PathBuf::from).join(name);
    if path.is_file() {
        return Some(path);
    }
    println!("skipped: there is no {}; GUANXI_TEST_DATA says where real data is", path.display());
    None
}
