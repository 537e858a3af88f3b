//! Chinese names: family names about as frequent as in life, given names of one or two characters.

use super::super::contact::Name;
use super::super::random::Rng;

/// A name, and how it is displayed.
pub fn name(rng: &mut Rng) -> (Name, String) {
    let (family, latin_family) = rng.weigh(FAMILIES);
    let (gender, first, second) = match rng.percent(47) {
        true => ("female", FEMALE_FIRST, FEMALE_SECOND),
        false => ("male", MALE_FIRST, MALE_SECOND),
    };
    let (last, latin_last) = rng.pick(second);
    let (lead, latin_lead) = if rng.percent(17) { ("", "") } else { rng.pick(first) };
    let given = format!("{lead}{last}");
    let display = format!("{family}{given}");
    let latin_given = format!("{latin_lead}{latin_last}");
    (Name { given, family, latin_given, latin_family: latin_family.to_owned(), gender }, display)
}

type Character = (&'static str, &'static str);

#[rustfmt::skip]
const FAMILIES: &[(u32, Character)] = &[
    (726, ("王", "wang")), (719, ("李", "li")), (683, ("张", "zhang")), (538, ("刘", "liu")), (451, ("陈", "chen")),
    (308, ("杨", "yang")), (227, ("黄", "huang")), (229, ("赵", "zhao")), (199, ("吴", "wu")), (205, ("周", "zhou")),
    (177, ("徐", "xu")), (154, ("孙", "sun")), (145, ("马", "ma")), (142, ("朱", "zhu")), (139, ("胡", "hu")),
    (133, ("林", "lin")), (131, ("郭", "guo")), (127, ("何", "he")), (119, ("高", "gao")), (117, ("罗", "luo")),
    (106, ("郑", "zheng")), (103, ("梁", "liang")), (101, ("谢", "xie")), (97, ("宋", "song")), (95, ("唐", "tang")),
    (90, ("许", "xu")), (86, ("邓", "deng")), (82, ("韩", "han")), (80, ("冯", "feng")), (78, ("曹", "cao")),
    (76, ("彭", "peng")), (74, ("曾", "zeng")), (68, ("肖", "xiao")), (66, ("田", "tian")), (64, ("董", "dong")),
    (62, ("潘", "pan")), (60, ("袁", "yuan")), (57, ("蔡", "cai")), (56, ("蒋", "jiang")), (55, ("余", "yu")),
    (54, ("于", "yu")), (52, ("杜", "du")), (51, ("叶", "ye")), (50, ("程", "cheng")), (49, ("魏", "wei")),
    (48, ("苏", "su")), (47, ("吕", "lv")), (46, ("丁", "ding")), (44, ("任", "ren")), (43, ("卢", "lu")),
    (42, ("姚", "yao")), (41, ("沈", "shen")), (40, ("钟", "zhong")), (39, ("姜", "jiang")), (38, ("崔", "cui")),
    (37, ("谭", "tan")), (36, ("陆", "lu")), (34, ("范", "fan")), (33, ("汪", "wang")), (32, ("廖", "liao")),
    (31, ("石", "shi")), (30, ("金", "jin")), (29, ("韦", "wei")), (28, ("贾", "jia")), (27, ("夏", "xia")),
    (26, ("付", "fu")), (26, ("方", "fang")), (25, ("邹", "zou")), (24, ("熊", "xiong")), (23, ("白", "bai")),
    (23, ("孟", "meng")), (22, ("秦", "qin")), (22, ("邱", "qiu")), (21, ("侯", "hou")), (21, ("江", "jiang")),
    (20, ("尹", "yin")), (20, ("薛", "xue")), (19, ("闫", "yan")), (18, ("段", "duan")), (18, ("雷", "lei")),
    (17, ("龙", "long")), (16, ("黎", "li")), (15, ("史", "shi")), (15, ("陶", "tao")), (14, ("贺", "he")),
    (13, ("毛", "mao")), (13, ("郝", "hao")), (12, ("顾", "gu")), (12, ("龚", "gong")), (11, ("邵", "shao")),
    (10, ("万", "wan")), (9, ("覃", "qin")), (9, ("严", "yan")), (8, ("武", "wu")), (7, ("戴", "dai")), (6, ("莫", "mo")),
    (5, ("孔", "kong")), (4, ("向", "xiang")), (4, ("汤", "tang")), (3, ("温", "wen")), (2, ("欧阳", "ouyang")),
    (1, ("上官", "shangguan")),
];

#[rustfmt::skip]
const MALE_FIRST: &[Character] = &[
    ("建", "jian"), ("志", "zhi"), ("文", "wen"), ("国", "guo"), ("明", "ming"), ("海", "hai"), ("俊", "jun"), ("家", "jia"),
    ("子", "zi"), ("宇", "yu"), ("浩", "hao"), ("天", "tian"), ("永", "yong"), ("晓", "xiao"), ("小", "xiao"), ("振", "zhen"),
    ("德", "de"), ("立", "li"), ("世", "shi"), ("金", "jin"), ("玉", "yu"), ("正", "zheng"), ("启", "qi"), ("伟", "wei"),
    ("少", "shao"), ("新", "xin"), ("春", "chun"), ("东", "dong"), ("嘉", "jia"), ("泽", "ze"), ("思", "si"), ("鹏", "peng"),
    ("学", "xue"), ("中", "zhong"), ("向", "xiang"), ("光", "guang"),
];

#[rustfmt::skip]
const MALE_SECOND: &[Character] = &[
    ("伟", "wei"), ("强", "qiang"), ("军", "jun"), ("平", "ping"), ("杰", "jie"), ("涛", "tao"), ("辉", "hui"),
    ("峰", "feng"), ("鹏", "peng"), ("超", "chao"), ("勇", "yong"), ("刚", "gang"), ("斌", "bin"), ("磊", "lei"),
    ("波", "bo"), ("华", "hua"), ("林", "lin"), ("飞", "fei"), ("明", "ming"), ("宁", "ning"), ("龙", "long"),
    ("亮", "liang"), ("毅", "yi"), ("凯", "kai"), ("旭", "xu"), ("轩", "xuan"), ("阳", "yang"), ("鑫", "xin"), ("帆", "fan"),
    ("豪", "hao"), ("成", "cheng"), ("生", "sheng"), ("良", "liang"), ("航", "hang"), ("洋", "yang"), ("东", "dong"),
];

#[rustfmt::skip]
const FEMALE_FIRST: &[Character] = &[
    ("晓", "xiao"), ("雨", "yu"), ("丽", "li"), ("秀", "xiu"), ("玉", "yu"), ("美", "mei"), ("慧", "hui"), ("佳", "jia"),
    ("雅", "ya"), ("梦", "meng"), ("思", "si"), ("诗", "shi"), ("欣", "xin"), ("淑", "shu"), ("桂", "gui"), ("春", "chun"),
    ("小", "xiao"), ("海", "hai"), ("金", "jin"), ("文", "wen"), ("嘉", "jia"), ("子", "zi"), ("婉", "wan"), ("静", "jing"),
    ("红", "hong"), ("凤", "feng"), ("艳", "yan"), ("依", "yi"), ("语", "yu"), ("可", "ke"), ("若", "ruo"), ("紫", "zi"),
    ("心", "xin"), ("爱", "ai"), ("月", "yue"), ("冬", "dong"),
];

#[rustfmt::skip]
const FEMALE_SECOND: &[Character] = &[
    ("芳", "fang"), ("娟", "juan"), ("敏", "min"), ("静", "jing"), ("燕", "yan"), ("丽", "li"), ("霞", "xia"), ("萍", "ping"),
    ("玲", "ling"), ("婷", "ting"), ("雪", "xue"), ("梅", "mei"), ("琴", "qin"), ("洁", "jie"), ("莉", "li"), ("倩", "qian"),
    ("颖", "ying"), ("琳", "lin"), ("怡", "yi"), ("娜", "na"), ("英", "ying"), ("华", "hua"), ("兰", "lan"), ("云", "yun"),
    ("蓉", "rong"), ("涵", "han"), ("悦", "yue"), ("妍", "yan"), ("薇", "wei"), ("珍", "zhen"), ("菲", "fei"), ("璐", "lu"),
    ("瑶", "yao"), ("萱", "xuan"), ("瑛", "ying"), ("媛", "yuan"),
];
