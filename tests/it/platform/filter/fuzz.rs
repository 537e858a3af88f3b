//! Any text at all: an answer, in bounded time, on the stack of a small thread; and what we accept is CEL.
use super::model::{compile, ctx};
use super::{rounds, trees};
use cel::parser::PrattParser;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::time::{Duration, Instant};

/// Far above what is ever needed (under 1 ms), far below what would harm: the machine may be busy.
const BOUND: Duration = Duration::from_millis(500);

/// xorshift: repeatable, and no crate
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

#[rustfmt::skip]
const PIECES: [&str; 64] = [
    "name", "city", "score", "rate", "active", "orders", "account", "custom", "region", "o", "l", "o.total", "lines",
    ".", ".", ",", "(", ")", "[", "]", "{", "}", "==", "!=", "<", "<=", "&&", "||", "!", "-", "+", "*", "/", "%", "?",
    ":", " in ", "null", "true", "\"a\"", "'b'", "\"", "\\", "\n", "0.1", "1e999", "9223372036854775808", "0x7f", "5u",
    ".exists(o, ", ".all(l, ", ".contains(", "timestamp(", "duration(", "now()", "days_ago(", "has(", "today(", "\\u12",
    ".amount", "华东", "\u{0}", "\u{202e}", "\"Asia/Shanghai\"",
];

fn timed(text: &str) -> (bool, Duration) {
    let start = Instant::now();
    let accepted = compile(text).map(|filter| drop(filter.on(&ctx()))).is_ok();
    (accepted, start.elapsed())
}

fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
}

fn harmless(texts: impl Iterator<Item = String>) {
    for text in texts {
        let (accepted, took) = timed(&text);
        assert!(!accepted || PrattParser::new().parse(&text).is_ok(), "not CEL: {text}");
        assert!(took < BOUND, "{took:?}: {text}");
    }
}

#[test]
fn random_texts_do_no_harm() {
    on_a_small_stack(|| {
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        harmless((0..rounds(20_000)).map(move |round| {
            let length = 1 + dice.below(if round % 100 == 0 { 400 } else { 24 });
            (0..length).map(|_| PIECES[dice.below(PIECES.len())]).collect()
        }));
    });
}

/// Good filters, with a few pieces cut, doubled or swapped.
#[test]
fn broken_filters_do_no_harm() {
    on_a_small_stack(|| {
        let mut dice = Dice(0x2545_f491_4f6c_dd1d);
        let mut runner = TestRunner::deterministic();
        let mut seed = || trees::filter().new_tree(&mut runner).unwrap().current().ours;
        let seeds: Vec<Vec<char>> = (0..300).map(|_| seed().chars().collect()).collect();
        harmless((0..rounds(20_000)).map(move |_| {
            let mut chars = seeds[dice.below(seeds.len())].clone();
            for _ in 0..1 + dice.below(3) {
                let at = dice.below(chars.len() + 1);
                let end = (at + dice.below(4)).min(chars.len());
                let piece: Vec<char> = PIECES[dice.below(PIECES.len())].chars().collect();
                chars.splice(at..end, if dice.below(2) == 0 { piece } else { Vec::new() });
            }
            chars.into_iter().collect()
        }));
    });
}

/// Within the byte limit, the worst that each construct can do.
#[test]
fn hostile_texts_are_answered_fast() {
    on_a_small_stack(|| {
        let deep = |open: &str, middle: &str, close: &str, n| format!("{}{middle}{}", open.repeat(n), close.repeat(n));
        let fill = |piece: &str, end: &str| format!("{}{end}", piece.repeat((8192 - end.len()) / piece.len()));
        let mut texts = vec![
            deep("(", "active", ")", 60),
            deep("(", "active", ")", 2000),
            deep("[", "1", "]", 2000),
            deep("!(", "active", ")", 23),
            deep("!(-(", "1", "))", 11),
            deep("{1:", "1", "}", 23),
            deep("a(", "1", ")", 23),
            deep("orders.exists(o, ", "true", ")", 23),
            deep("orders.all(o, o.total > 1 && ", "true", ")", 23),
            deep("((true && (true || ", "true", ")))", 11),
            format!("({}1)", "(((((((((((((((((((((1+1),".repeat(20)),
            format!("visits in [{}1]", "1,".repeat(499)),
            format!("name in [{}\"a\"]", "\"a\",".repeat(400)),
            ["orders.exists(o, o.lines.exists(l, l.quantity + 1 > 2))"; 4].join(" && "),
            format!("{}active{}", "(score + 1 * 2 - 3 > 4 ||".repeat(24), ")".repeat(24)),
            format!("score{} > 1", " + 1".repeat(60)),
            // chains that lean to the left, one inside the other
            format!("{}score{} > 1", "(".repeat(50), format!("{})", " + 1".repeat(30)).repeat(50)),
            format!("{}account{} == null", "(".repeat(50), format!("{})", ".parent".repeat(20)).repeat(50)),
            format!("{}1{} == score", "(".repeat(50), format!("{})", "-1".repeat(60)).repeat(50)),
        ];
        let long = ["active && ", "active || ", "active&&!active||", "!", "-", "a.", "1+", "1==", "a(1).", "(a&&"];
        texts.extend(long.map(|piece| fill(piece, "active")));
        let broken = ["a[1]", "1,", "\"a\" ", "&& ", "( ", ") ", "a ", "中 ", "\"", "x in [", "\\", "today(\"", "0x"];
        texts.extend(broken.map(|piece| fill(piece, "")));
        for text in texts {
            let (_, took) = timed(&text);
            assert!(took < BOUND, "{took:?}: {text:.80}");
        }
    });
}
