//! What the customers of a distributor do.

/// A line of business.
pub struct Trade {
    pub industry: &'static str,
    /// Its word in a company name, and in a host name.
    pub word: &'static str,
    pub latin: &'static str,
    /// Endings of the company name, with weights.
    pub forms: &'static [(u32, &'static str)],
    /// The shelves it orders from.
    pub shelves: &'static [u32],
    /// Whether it cooks.
    pub kitchen: bool,
}

pub const MARKET: Trade = trade("连锁超市", "超市", "mart", CHAIN, &[0, 1, 2, 3, 4, 6, 7, 8, 9], false);

#[rustfmt::skip]
pub static TRADES: &[Trade] = &[
    MARKET,
    trade("食品批发", "食品", "food", WHOLESALE, &[0, 1, 3, 4, 6], false),
    trade("粮油批发", "粮油", "grain", WHOLESALE, &[0, 0, 1], false),
    trade("酒水经销", "酒业", "wine", WHOLESALE, &[5, 5, 2], false),
    trade("饮料经销", "饮品", "drinks", WHOLESALE, &[2, 2, 3], false),
    trade("便利店", "便利店", "bld", SHOP, &[2, 4, 5, 6, 9], false),
    trade("百货零售", "百货", "baihuo", RETAIL, &[7, 8, 9, 10, 11, 14], false),
    trade("日化批发", "日化", "rihua", WHOLESALE, &[7, 8, 9], false),
    trade("家电零售", "电器", "dianqi", RETAIL, &[12, 12, 13], false),
    trade("数码零售", "数码", "shuma", RETAIL, &[13, 13, 12], false),
    trade("餐饮", "餐饮", "canyin", CATERING, &[0, 1, 2, 9, 10], true),
    trade("火锅连锁", "火锅", "hotpot", HOTPOT, &[0, 1, 2, 5, 9], true),
    trade("酒店", "酒店", "hotel", CATERING, &[2, 7, 8, 9, 11], true),
    trade("团餐配送", "膳食", "shanshi", CATERING, &[0, 0, 1, 3], true),
    trade("母婴零售", "母婴", "muying", RETAIL, &[3, 7, 9, 11], false),
    trade("生鲜零售", "生鲜", "fresh", RETAIL, &[0, 1, 3], false),
    trade("烘焙", "烘焙", "bake", BAKERY, &[0, 3, 10], true),
    trade("供应链", "供应链", "scm", MANAGED, &[0, 1, 2, 4, 6, 9], false),
    trade("电子商务", "电子商务", "ec", COMPANY, &[4, 6, 7, 11, 12, 13], false),
    trade("物业管理", "物业", "wuye", SERVICE, &[2, 8, 9, 14], false),
    trade("办公用品", "办公用品", "office", RETAIL, &[14, 14, 13, 9], false),
    trade("医药零售", "大药房", "yaofang", PHARMACY, &[7, 3, 9], false),
    trade("家居零售", "家居", "home", RETAIL, &[11, 10, 8], false),
    trade("厨具经销", "厨具", "chuju", RETAIL, &[10, 10, 12], false),
    trade("茶叶零售", "茶业", "tea", RETAIL, &[2, 4, 10], false),
    trade("综合贸易", "商贸", "trade", COMPANY, &[0, 2, 4, 5, 7, 8], false),
    trade("礼品定制", "礼品", "gift", RETAIL, &[5, 11, 12, 13], false),
    trade("教育", "教育", "edu", TUITION, &[14, 2, 9], false),
    trade("物流", "物流", "wuliu", COMPANY, &[2, 6, 14], false),
    trade("农产品", "农产品", "nong", WHOLESALE, &[0, 0, 1], false),
];

type Forms = &'static [(u32, &'static str)];
const COMPANY: Forms = &[(100, "有限公司")];
const CHAIN: Forms = &[(50, "有限公司"), (30, "连锁有限公司"), (20, "管理有限公司")];
const WHOLESALE: Forms = &[(50, "有限公司"), (20, "贸易有限公司"), (20, "批发部"), (10, "商行")];
const RETAIL: Forms = &[(60, "有限公司"), (18, "商贸有限公司"), (12, "经营部"), (10, "商行")];
const SHOP: Forms = &[(70, ""), (30, "管理有限公司")];
const CATERING: Forms = &[(40, "有限公司"), (60, "管理有限公司")];
const HOTPOT: Forms = &[(45, "餐饮有限公司"), (35, "餐饮管理有限公司"), (20, "店")];
const BAKERY: Forms = &[(50, "食品有限公司"), (30, "坊"), (20, "餐饮管理有限公司")];
const MANAGED: Forms = &[(60, "管理有限公司"), (40, "有限公司")];
const SERVICE: Forms = &[(60, "服务有限公司"), (40, "管理有限公司")];
const TUITION: Forms = &[(55, "咨询有限公司"), (45, "科技有限公司")];
const PHARMACY: Forms = &[(60, "连锁有限公司"), (40, "有限公司")];

const fn trade(
    industry: &'static str,
    word: &'static str,
    latin: &'static str,
    forms: Forms,
    shelves: &'static [u32],
    kitchen: bool,
) -> Trade {
    Trade { industry, word, latin, forms, shelves, kitchen }
}
