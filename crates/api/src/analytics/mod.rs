//! The doors of the analytics wing.
mod dashboards;
mod figures;
mod packs;
pub mod printed;
mod report_schedules;
mod reports;

use crate::routes::Routes;

pub fn routes(cfg: &mut Routes) {
    cfg.configure(figures::routes)
        .configure(packs::routes)
        .configure(reports::routes)
        .configure(dashboards::routes)
        .configure(report_schedules::routes);
}
