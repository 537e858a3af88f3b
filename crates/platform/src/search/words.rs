//! The words of a record, as they are indexed.
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

const LONGEST: usize = 64;
/// Shorter words have too many neighbours, longer ones are rarely names.
pub(super) const FORGIVEN: std::ops::RangeInclusive<usize> = 4..=14;
/// How the ends of phone numbers are asked for: the national number in most countries, the subscriber's, the last four.
const PHONE_ENDS: [usize; 6] = [11, 10, 9, 8, 7, 4];

/// Collects lexemes, each once.
#[derive(Debug, Default)]
pub struct Words(BTreeSet<String>);

impl Words {
    pub fn new() -> Self {
        Self::default()
    }

    /// A name: found by its words, a typing error forgiven.
    #[must_use]
    pub fn name(mut self, text: impl AsRef<str>) -> Self {
        for run in runs(text.as_ref()) {
            if let Run::Word(word) = &run {
                self.0.extend(slips(word).into_iter().flatten());
            }
            self.run(run);
        }
        self
    }

    /// Any other text: found by its words.
    #[must_use]
    pub fn text(mut self, text: impl AsRef<str>) -> Self {
        runs(text.as_ref()).into_iter().for_each(|run| self.run(run));
        self
    }

    /// A value that is also asked for as a whole, such as an e-mail address or an order number.
    #[must_use]
    pub fn whole(mut self, text: impl AsRef<str>) -> Self {
        self.0.extend(whole(text.as_ref()));
        self.text(text)
    }

    /// A phone number.
    #[must_use]
    pub fn phone(mut self, text: impl AsRef<str>) -> Self {
        let digits: String = text.as_ref().chars().filter(char::is_ascii_digit).take(LONGEST).collect();
        let ends = PHONE_ENDS.iter().filter_map(|many| digits.get(digits.len().checked_sub(*many)?..));
        self.0.extend(ends.map(str::to_owned));
        if !digits.is_empty() {
            self.0.insert(digits);
        }
        self
    }

    /// Nothing, for a value that is absent.
    #[must_use]
    pub fn maybe(self, text: Option<impl AsRef<str>>, add: fn(Self, &str) -> Self) -> Self {
        match text {
            Some(text) => add(self, text.as_ref()),
            None => self,
        }
    }

    pub fn lexemes(self) -> Vec<String> {
        self.0.into_iter().collect()
    }

    fn run(&mut self, run: Run) {
        match run {
            Run::Word(word) => drop(self.0.insert(word)),
            Run::Script(text) => self.0.extend(pairs(&text)),
        }
    }
}

/// A stretch of text that is searched in one way.
#[derive(Debug, PartialEq)]
pub(super) enum Run {
    /// letters or digits of an alphabet, folded
    Word(String),
    /// characters written without spaces between words
    Script(String),
}

/// Compatibility forms folded (full width, ligatures), case and accents dropped.
fn fold(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfkd().filter(|c| !is_combining_mark(*c)).nfc().flat_map(char::to_lowercase)
}

pub(super) fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    for c in fold(text) {
        if !c.is_alphanumeric() {
            open = false;
            continue;
        }
        match (runs.last_mut().filter(|_| open), unspaced(c)) {
            (Some(Run::Word(word)), false) if word.len() < LONGEST => word.push(c),
            (Some(Run::Word(_)), false) => {}
            (Some(Run::Script(text)), true) => text.push(c),
            (_, true) => runs.push(Run::Script(c.into())),
            (_, false) => runs.push(Run::Word(c.into())),
        }
        open = true;
    }
    runs
}

/// Han, kana and hangul: one look-up by block, the extensions in the supplementary planes included.
fn unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Every pair of neighbours, and the last character alone: with prefixes, each single character is found too.
fn pairs(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let pairs = chars.windows(2).map(|pair| pair.iter().collect());
    pairs.chain(chars.last().map(ToString::to_string)).collect()
}

/// The word and the word with each letter left out, marked so that they meet only their like.
pub(super) fn slips(word: &str) -> Option<Vec<String>> {
    let letters: Vec<char> = word.chars().collect();
    let forgiven = FORGIVEN.contains(&letters.len()) && letters.iter().all(|c| c.is_alphabetic());
    forgiven.then(|| {
        let without = (0..letters.len()).map(|gone| {
            letters.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, c)| c).fold(
                "~".to_owned(),
                |mut all, c| {
                    all.push(*c);
                    all
                },
            )
        });
        let mut all: Vec<String> = without.chain([format!("~{word}")]).collect();
        all.sort_unstable();
        all.dedup();
        all
    })
}

/// The value without its spaces, where it is more than one plain word.
pub(super) fn whole(text: &str) -> Option<String> {
    let text: String = fold(text.trim()).filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '\\' | '\0')).collect();
    let plain = text.chars().all(char::is_alphanumeric);
    (!plain && text.len() <= 2 * LONGEST).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_words_and_pairs() {
        let words = Words::new().text("Zoë O'Brien 上海 联想集团 ＡＢＣ").lexemes();
        assert_eq!(words, ["abc", "brien", "o", "zoe", "上海", "团", "想集", "海", "联想", "集团"]);
    }

    #[test]
    fn phones_are_found_by_their_ends() {
        let words = Words::new().phone("+86 138-0013-8000").lexemes();
        assert!(["8613800138000", "13800138000", "8000"].iter().all(|end| words.contains(&(*end).to_owned())));
    }

    #[test]
    fn a_slip_meets_its_word() {
        let indexed = Words::new().name("Johnson").lexemes();
        for typed in ["johnson", "jonson", "johnsson", "jhonson", "johnsen"] {
            let asked = slips(typed).unwrap_or_default();
            assert!(asked.iter().any(|slip| indexed.contains(slip)), "{typed}");
        }
        assert!(slips("ann").is_none() && slips("12345").is_none());
    }

    #[test]
    fn wholes_hold_no_quote() {
        assert_eq!(whole(" A.B'x\\@Example.com "), Some("a.bx@example.com".into()));
        assert_eq!(whole("plain"), None);
    }
}
