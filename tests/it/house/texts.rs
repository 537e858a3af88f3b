//! What callers read is there in every language. A text stands in the sources in English, by `text!` or `rule!`, or is the
//! meaning of a code; the other languages stand in the `texts.txt` of its crate.
use super::laws::{is_test, none};
use crate::support::files::{File, rust};
use kernel::text::{entries, places};
use std::collections::{BTreeMap, BTreeSet};

/// Characters of one script with those that the other has instead.
const PAIRS: &str = "请請 字字 记記 录錄 导導 权權 限限 无無 见見 须須 应應 数數 据據 库庫 务務 户戶 团團 队隊 码碼 钥鑰 费費 订訂 单單 \
    联聯 邮郵 电電 话話 址址 币幣 别別 类類 关關 条條 线線 级級 网網 连連 链鏈 处處 归歸 档檔 删刪 与與 为為 误誤 错錯 试試 过過 还還 \
    这這 个個 们們 时時 间間 区區 续續 认認 证證 验驗 设設 选選 项項 页頁 资資 产產 价價 额額 总總 计計 图圖 态態 状狀 执執 创創 \
    编編 辑輯 输輸 转轉 换換 读讀 写寫 断斷 备備 复復 际際 属屬 层層 队隊 优優 筛篩 贝貝 签簽 标標 题題 组組 节節 词詞 语語 汇匯 缩縮 \
    压壓 宽寬 长長 达達 将將 动動 库庫 启啟 闭閉 两兩 没沒 账帳 确確 闲閒 变變 较較 样樣 声聲 实實 简簡 体體 缀綴 围圍 贴貼 释釋 泄洩";

/// Without comments and unit tests; a file may go on behind the name of a module of tests.
fn code(file: &File) -> String {
    let code = file.text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

/// The texts of a file: the literals that stand first in the macros, the code of a rule passed over.
fn said(file: &File) -> Vec<String> {
    let code = code(file);
    let marked = code.match_indices("text!(").map(|(at, mark)| (at, mark, false));
    let marked = marked.chain(code.match_indices("rule!(").map(|(at, mark)| (at, mark, true)));
    let whole = marked.filter(|(at, ..)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
    let literal = whole.filter_map(|(at, mark, is_rule)| {
        let rest = &code[at + mark.len()..];
        let rest = if is_rule { rest.split_once(',')?.1 } else { rest };
        literal(rest.trim_start())
    });
    literal.collect()
}

/// What a literal of Rust says, if the code begins with one.
fn literal(code: &str) -> Option<String> {
    let (mut said, mut rest) = (String::new(), code.strip_prefix('"')?.chars());
    loop {
        match rest.next()? {
            '"' => return Some(said),
            '\\' => match rest.next()? {
                '\n' => rest = rest.as_str().trim_start().chars(),
                'n' => said.push('\n'),
                other => said.push(other),
            },
            other => said.push(other),
        }
    }
}

fn sources() -> Vec<File> {
    let speaks = |file: &File| !is_test(file) && !file.path.contains("/bench/") && !file.path.contains("/embedded/");
    rust().into_iter().filter(speaks).collect()
}

/// Every text of the program, with the crate that says it.
fn all_said() -> BTreeMap<String, String> {
    let crate_of = |file: &File| file.path.split('/').nth(1).unwrap_or_default().to_owned();
    let files = sources();
    let texts = files.iter().flat_map(|file| said(file).into_iter().map(move |text| (text, crate_of(file))));
    let mut all: BTreeMap<String, String> = texts.collect();
    for code in api::house::codes() {
        let has = |file: &&File| file.text.contains(&format!("\"{}\"", code.meaning));
        let home = files.iter().find(has).map_or_else(|| "api".to_owned(), &crate_of);
        all.entry(code.meaning.to_owned()).or_insert(home);
    }
    all
}

fn told() -> Vec<(&'static str, [&'static str; 3])> {
    let files = api::house::texts().into_iter();
    files.flat_map(|(name, file)| entries(file).filter_map(Result::ok).map(move |entry| (name, entry))).collect()
}

/// What to do about it is said by the test itself: whoever adds a text need know nothing else.
#[test]
fn every_text_is_there_in_every_language() {
    let known: BTreeSet<&str> = told().iter().map(|(_, [english, ..])| *english).collect();
    let mut missing: BTreeMap<String, String> = BTreeMap::new();
    for (text, home) in all_said().into_iter().filter(|(text, _)| !known.contains(text.as_str())) {
        let lines = format!("\nen: {text}\nzh-Hans: …\nzh-Hant: …\n");
        missing.entry(format!("crates/{home}/src/texts.txt")).or_default().push_str(&lines);
    }
    let missing: String = missing.iter().map(|(file, lines)| format!("\n=== append to {file}:\n{lines}")).collect();
    assert!(missing.is_empty(), "these texts are in English only:\n{missing}");
}

#[test]
fn every_entry_is_a_text_of_the_program_and_stands_once() {
    let (said, mut seen) = (all_said(), BTreeSet::new());
    let unused = told().into_iter().filter(|(_, [english, ..])| !said.contains_key(*english));
    none(
        "no source says this any more: delete it",
        unused.map(|(name, [text, ..])| format!("{name}: {text}")).collect(),
    );
    let twice = told().into_iter().filter(|(_, [english, ..])| !seen.insert(*english));
    none("stands twice", twice.map(|(name, [text, ..])| format!("{name}: {text}")).collect());
    let broken = api::house::texts().into_iter();
    let broken = broken.flat_map(|(name, file)| entries(file).filter_map(Result::err).map(move |block| (name, block)));
    none(
        "not three lines `en: `, `zh-Hans: `, `zh-Hant: `",
        broken.map(|(name, block)| format!("{name}: {block}")).collect(),
    );
}

#[test]
fn every_language_has_the_same_places() {
    let mut broken = Vec::new();
    for (name, entry) in told() {
        let [english, simplified, traditional] = entry.map(|text| BTreeSet::from_iter(places(text)));
        if english != simplified || english != traditional || entry.iter().any(|text| text.trim().is_empty()) {
            broken.push(format!("{name}: {entry:?}"));
        }
    }
    none("other places in other languages", broken);
}

/// Simplified is simplified, Traditional is traditional, and nobody is spoken to as 您.
#[test]
fn chinese_is_chinese() {
    let pairs: Vec<(char, char)> = PAIRS
        .split_whitespace()
        .filter_map(|pair| Some((pair.chars().next()?, pair.chars().nth(1)?)))
        .filter(|(simplified, traditional)| simplified != traditional)
        .collect();
    let mut broken = Vec::new();
    for (name, [english, simplified, traditional]) in told() {
        let has_words =
            places(english).iter().fold(english.to_owned(), |text, place| text.replace(&format!("{{{place}}}"), ""));
        let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        if has_words.chars().any(char::is_alphabetic) && !(chinese(simplified) && chinese(traditional)) {
            broken.push(format!("{name}: not Chinese: {english}"));
        }
        broken.extend(
            pairs
                .iter()
                .filter(|(_, old)| simplified.contains(*old))
                .map(|(_, c)| format!("{name}: {c} in {simplified}")),
        );
        broken.extend(
            pairs
                .iter()
                .filter(|(new, _)| traditional.contains(*new))
                .map(|(c, _)| format!("{name}: {c} in {traditional}")),
        );
        broken.extend(
            [simplified, traditional].iter().filter(|text| text.contains('您')).map(|text| format!("{name}: {text}")),
        );
    }
    none("not as it is written there", broken);
}

/// Where texts may come from elsewhere than the macros: what makes them, and what was kept of one.
const MAKES_TEXTS: &[&str] = &[
    "crates/kernel/src/text.rs",
    "crates/kernel/src/rules.rs",
    "crates/kernel/src/error.rs",
    "crates/kernel/src/permit.rs",
];

/// By another way in, a text would be in English only and no test would know.
#[test]
fn texts_come_from_the_macros() {
    let ways = ["Text::new(", ".with_message(", "rules::broken(", "message = \""];
    let files = sources().into_iter().filter(|file| !MAKES_TEXTS.contains(&file.path.as_str()));
    let mut broken = Vec::new();
    for file in files {
        for (at, line) in code(&file).lines().enumerate() {
            if ways.iter().any(|way| line.contains(way)) {
                broken.push(format!(
                    "{} (line {} of its code): write text!(…) or rule!(…): {}",
                    file.path,
                    at + 1,
                    line.trim()
                ));
            }
        }
    }
    none("a text that no macro made", broken);
}

/// The scan finds what it is to find.
#[test]
fn the_sources_are_read_as_they_are() {
    let file = File {
        path: "crates/x/src/y.rs".into(),
        text:
            "kernel::text!(\n  \"a \\\"b\\\" \\\n   c {d}\", d); rule!(code, \"e\"); context!(\"no\"); text!($english)"
                .into(),
    };
    assert_eq!(said(&file), ["a \"b\" c {d}", "e"]);
    let all = all_said();
    assert!(all.len() > 250 && api::house::codes().iter().all(|code| all.contains_key(code.meaning)));
}
