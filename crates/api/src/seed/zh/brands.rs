//! Trade names of two lucky characters, with the letters a host name writes them in.

/// How many trade names a city of the least weight has for each trade; a city has as many times that as it weighs.
pub const SHARE: u32 = 3_600 / LARGEST;
/// The greatest weight a city may have.
pub const LARGEST: u32 = 12;

/// The trade name of a position: `turn` below the city's weight, `share` below `SHARE`. All differ.
pub fn brand(turn: u32, share: u32) -> (String, String) {
    // a step without a common divisor with 3,600 scatters them
    let at = (share * LARGEST + turn) * 1_777 % 3_600;
    let pick = |words: &[(&'static str, &'static str)], at: u32| {
        usize::try_from(at).ok().and_then(|at| words.get(at)).copied().unwrap_or_default()
    };
    let (first, second) = (pick(&FIRST, at / 60), pick(&SECOND, at % 60));
    (format!("{}{}", first.0, second.0), format!("{}{}", first.1, second.1))
}

#[rustfmt::skip]
pub const FIRST: [(&str, &str); 60] = [
    ("恒", "heng"), ("鑫", "xin"), ("华", "hua"), ("瑞", "rui"), ("嘉", "jia"), ("永", "yong"), ("福", "fu"), ("金", "jin"),
    ("广", "guang"), ("盛", "sheng"), ("鸿", "hong"), ("聚", "ju"), ("德", "de"), ("泰", "tai"), ("万", "wan"), ("康", "kang"),
    ("益", "yi"), ("美", "mei"), ("隆", "long"), ("昌", "chang"), ("顺", "shun"), ("兴", "xing"), ("和", "he"), ("诚", "cheng"),
    ("众", "zhong"), ("润", "run"), ("海", "hai"), ("天", "tian"), ("东", "dong"), ("茂", "mao"), ("百", "bai"), ("千", "qian"),
    ("好", "hao"), ("乐", "le"), ("惠", "hui"), ("利", "li"), ("联", "lian"), ("通", "tong"), ("源", "yuan"), ("凯", "kai"),
    ("荣", "rong"), ("安", "an"), ("平", "ping"), ("正", "zheng"), ("明", "ming"), ("丰", "feng"), ("玉", "yu"), ("宝", "bao"),
    ("腾", "teng"), ("吉", "ji"), ("祥", "xiang"), ("如", "ru"), ("喜", "xi"), ("鼎", "ding"), ("旺", "wang"), ("卓", "zhuo"),
    ("优", "you"), ("悦", "yue"), ("尚", "shang"), ("博", "bo"),
];

#[rustfmt::skip]
pub const SECOND: [(&str, &str); 60] = [
    ("泰", "tai"), ("源", "yuan"), ("盛", "sheng"), ("达", "da"), ("隆", "long"), ("丰", "feng"), ("和", "he"),
    ("兴", "xing"), ("发", "fa"), ("利", "li"), ("昌", "chang"), ("顺", "shun"), ("祥", "xiang"), ("福", "fu"),
    ("康", "kang"), ("瑞", "rui"), ("佳", "jia"), ("美", "mei"), ("鑫", "xin"), ("荣", "rong"), ("通", "tong"), ("润", "run"),
    ("诚", "cheng"), ("安", "an"), ("宝", "bao"), ("华", "hua"), ("宇", "yu"), ("航", "hang"), ("辰", "chen"), ("腾", "teng"),
    ("汇", "hui"), ("森", "sen"), ("海", "hai"), ("洋", "yang"), ("岳", "yue"), ("江", "jiang"), ("川", "chuan"),
    ("光", "guang"), ("明", "ming"), ("德", "de"), ("义", "yi"), ("仁", "ren"), ("道", "dao"), ("正", "zheng"),
    ("方", "fang"), ("旺", "wang"), ("乐", "le"), ("优", "you"), ("品", "pin"), ("味", "wei"), ("鲜", "xian"), ("客", "ke"),
    ("邦", "bang"), ("盟", "meng"), ("创", "chuang"), ("奇", "qi"), ("特", "te"), ("朗", "lang"), ("诺", "nuo"),
    ("驰", "chi"),
];
