//! The doors of the analytics wing.
mod account_labels;
mod account_scores;
mod associations;
mod labels;
mod segmentation_runs;
mod segmentations;

use crate::routes::Routes;

pub fn routes(cfg: &mut Routes) {
    cfg.configure(labels::routes)
        .configure(account_labels::routes)
        .configure(segmentations::routes)
        .configure(segmentation_runs::routes)
        .configure(account_scores::routes)
        .configure(associations::routes);
}
