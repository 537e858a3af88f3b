//! The price list of the software vendor: plans by the seat and year, add-ons, services.

use super::super::product::Ware;
use super::super::random::Rng;

#[rustfmt::skip]
pub static WARES: &[Ware] = &[
    ware("Plans", "PLN-STARTER", "Starter plan, seat per year", 14_400),
    ware("Plans", "PLN-TEAM", "Team plan, seat per year", 34_800),
    ware("Plans", "PLN-BUSINESS", "Business plan, seat per year", 58_800),
    ware("Plans", "PLN-ENTERPRISE", "Enterprise plan, seat per year", 94_800),
    ware("Add-ons", "ADD-STORAGE-1TB", "Extra storage, 1 TB per year", 36_000),
    ware("Add-ons", "ADD-API-1M", "API package, 1 million calls per month", 118_800),
    ware("Add-ons", "ADD-SANDBOX", "Sandbox environment, per year", 180_000),
    ware("Add-ons", "ADD-SSO", "Single sign-on and SCIM, per year", 240_000),
    ware("Add-ons", "ADD-AUDIT", "Audit log export, per year", 96_000),
    ware("Add-ons", "ADD-MAIL-100K", "Email package, 100,000 messages", 21_900),
    ware("Add-ons", "ADD-SMS-10K", "SMS package, 10,000 messages", 54_900),
    ware("Add-ons", "ADD-FORECAST", "Forecasting, seat per year", 15_600),
    ware("Add-ons", "ADD-DIALER", "Phone dialer, seat per year", 30_000),
    ware("Add-ons", "ADD-BACKUP", "Daily off-site backup, per year", 78_000),
    ware("Add-ons", "ADD-EUHOST", "EU data residency, per year", 150_000),
    ware("Support", "SUP-PREMIUM", "Premium support, per year", 480_000),
    ware("Support", "SUP-24X7", "24/7 support with named engineer, per year", 1_450_000),
    ware("Services", "SRV-ONBOARD", "Guided onboarding", 250_000),
    ware("Services", "SRV-MIGRATION", "Data migration, per day", 135_000),
    ware("Services", "SRV-CONSULT", "Consulting, per day", 148_000),
    ware("Services", "SRV-TRAIN-ADMIN", "Administrator training, per participant", 69_000),
    ware("Services", "SRV-TRAIN-USER", "User training, per group", 120_000),
    ware("Services", "SRV-INTEGRATION", "Custom integration", 780_000),
    Ware { retired: true, ..ware("Add-ons", "ADD-FAX", "Fax gateway, per year", 18_000) },
];

/// The plan of a company of that size.
pub fn plan(staff: u32) -> usize {
    match staff {
        ..=25 => 0,
        26..=180 => 1,
        181..=1_200 => 2,
        _ => 3,
    }
}

/// Something beside the plan, and how many of it at most.
pub fn extra(seats: u32, rng: &mut Rng) -> (usize, u32) {
    let at = rng.weigh(&[
        (12, 4),
        (10, 5),
        (8, 6),
        (8, 7),
        (6, 8),
        (9, 9),
        (6, 10),
        (6, 11),
        (4, 12),
        (5, 13),
        (4, 14),
        (6, 15),
        (1, 16),
        (7, 17),
        (4, 18),
        (5, 19),
        (4, 20),
        (4, 21),
        (2, 22),
        (1, 23),
    ]);
    let most = match at {
        4 | 9 | 10 | 18..=20 => 8,
        11 | 12 => seats,
        5 => 3,
        _ => 1,
    };
    (at, most)
}

const fn ware(category: &'static str, sku: &'static str, name: &'static str, cents: u32) -> Ware {
    Ware { category, sku, name, cents, tax: None, retired: false }
}
