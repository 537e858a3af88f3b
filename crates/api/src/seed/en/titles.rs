//! What people are on their cards.

use super::super::account::Firm;
use super::super::random::Rng;

/// The job of the `ordinal`th contact of a company: in a small one the founders, in a large one who decides or buys.
pub fn title(firm: &Firm, ordinal: u32, rng: &mut Rng) -> &'static str {
    match (ordinal, firm.staff) {
        (0, ..=60) => rng.weigh(FOUNDERS),
        (0..=2, staff) => leader(staff + ordinal),
        _ => rng.weigh(STAFF),
    }
}

/// Neighbours in the list are different jobs: no company has two heads of one thing.
fn leader(turn: u32) -> &'static str {
    LEADERS.iter().cycle().nth(usize::try_from(turn % 13).unwrap_or_default()).copied().unwrap_or_default()
}

#[rustfmt::skip]
const FOUNDERS: &[(u32, &str)] = &[
    (32, "CEO"), (18, "Founder"), (16, "Managing Director"), (14, "CTO"), (10, "Operations Manager"), (6, "COO"),
    (4, "Owner"),
];
#[rustfmt::skip]
const LEADERS: &[&str] = &[
    "CTO", "Head of Operations", "VP Sales", "CIO", "Procurement Manager", "CFO", "Head of IT",
    "Director of Customer Success", "Head of Marketing", "VP Engineering", "Chief Revenue Officer", "IT Director",
    "Head of Purchasing",
];
#[rustfmt::skip]
const STAFF: &[(u32, &str)] = &[
    (9, "Account Executive"), (9, "Sales Operations Manager"), (8, "IT Administrator"),
    (8, "Customer Success Manager"), (8, "Marketing Manager"), (7, "Project Manager"), (7, "Systems Engineer"),
    (6, "Finance Manager"), (6, "Business Analyst"), (6, "Office Manager"), (5, "Product Manager"),
    (5, "Support Team Lead"), (5, "Buyer"), (4, "Data Analyst"), (4, "HR Manager"),
    (3, "Accounts Payable Specialist"),
];
