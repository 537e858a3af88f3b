//! The doors of the analytics wing.
mod account_labels;
mod account_scores;
mod associations;
mod dashboards;
mod figures;
mod labels;
mod packs;
pub mod printed;
mod report_schedules;
mod reports;
mod segmentation_runs;
mod segmentations;

use crate::routes::Routes;

pub fn routes(cfg: &mut Routes) {
    cfg.configure(figures::routes)
        .configure(packs::routes)
        .configure(reports::routes)
        .configure(dashboards::routes)
        .configure(report_schedules::routes)
        .configure(labels::routes)
        .configure(account_labels::routes)
        .configure(segmentations::routes)
        .configure(segmentation_runs::routes)
        .configure(account_scores::routes)
        .configure(associations::routes);
}
