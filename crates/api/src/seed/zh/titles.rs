//! What people are on their cards.

use super::super::account::Firm;
use super::super::random::Rng;
use super::trades::TRADES;

/// The job of the `ordinal`th contact of a company: those who decide or buy come first.
pub fn title(firm: &Firm, ordinal: u32, rng: &mut Rng) -> &'static str {
    let kitchen = TRADES.get(firm.trade).is_some_and(|trade| trade.kitchen);
    match (ordinal, firm.staff) {
        (0, ..=12) => rng.weigh(OWNERS),
        (0, _) => rng.weigh(HEADS),
        _ if kitchen && rng.percent(25) => rng.weigh(COOKS),
        (1..=3, _) => rng.weigh(BUYERS),
        _ => rng.weigh(STAFF),
    }
}

#[rustfmt::skip]
const OWNERS: &[(u32, &str)] = &[(34, "店长"), (30, "总经理"), (22, "负责人"), (8, "法定代表人"), (6, "采购")];
#[rustfmt::skip]
const HEADS: &[(u32, &str)] = &[
    (32, "采购经理"), (18, "总经理"), (14, "采购总监"), (12, "采购主管"), (10, "商品部经理"), (8, "副总经理"), (4, "董事长"), (2, "供应链总监"),
];
#[rustfmt::skip]
const BUYERS: &[(u32, &str)] = &[
    (30, "采购专员"), (20, "采购主管"), (14, "采购助理"), (12, "运营经理"), (10, "品类经理"), (8, "商品专员"), (6, "门店经理"),
];
#[rustfmt::skip]
const COOKS: &[(u32, &str)] = &[(60, "厨师长"), (25, "行政总厨"), (15, "后厨主管")];
#[rustfmt::skip]
const STAFF: &[(u32, &str)] = &[
    (14, "店长"), (12, "会计"), (10, "仓库主管"), (9, "财务经理"), (9, "销售经理"), (8, "行政主管"), (7, "区域经理"), (6, "仓管员"),
    (6, "出纳"), (5, "门店主管"), (5, "市场专员"), (4, "电商运营"), (3, "信息部主管"), (2, "人事经理"),
];
