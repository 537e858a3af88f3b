//! What callers read, in whatever language they read it: a sentence with places, and what stands in them. The English
//! sentence is written where the fault is found, by [`text!`](crate::text!), and is at the same time the name by which
//! the other languages have it in a crate's `texts.txt`. A test reads the sources and names each that is missing there.
use crate::{Code, Language};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

/// `text!("at most {most} bytes", most = 8)`; what is itself a [`Text`] stands behind a semicolon. That every place has
/// its value, and the other way round, is looked at when it is compiled.
#[macro_export]
macro_rules! text {
    ($english:literal $(, $name:ident $(= $value:expr)?)* $(; $($part:ident $(= $text:expr)?),+)? $(,)?) => {{
        const _: () = $crate::text::fits($english, &[$(stringify!($name),)* $($(stringify!($part)),+)?]);
        $crate::Text::new($english)
            $(.with(stringify!($name), &$crate::text!(@value $name $(= $value)?)))*
            $($(.part(stringify!($part), $crate::text!(@value $part $(= $text)?)))+)?
    }};
    (@value $name:ident = $value:expr) => { $value };
    (@value $name:ident) => { $name };
}

/// Small, for it is part of every error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(Box<Sentence>);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Sentence {
    english: Cow<'static, str>,
    values: Vec<(Cow<'static, str>, Said)>,
}

/// What stands in a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Said {
    /// the same in every language
    Plain(String),
    Text(Text),
}

impl Text {
    /// By [`text!`](crate::text!) only, or from what was kept.
    pub fn new(english: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Sentence { english: english.into(), values: Vec::new() }))
    }

    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        self.0.values.push((name.into(), Said::Plain(value.to_string())));
        self
    }

    #[must_use]
    pub fn part(mut self, name: &'static str, text: Self) -> Self {
        self.0.values.push((name.into(), Said::Text(text)));
        self
    }

    /// The same, with what stands in its places changed: `change` is told the place and its value.
    #[must_use]
    pub fn changed(mut self, change: &impl Fn(&str, &str) -> String) -> Self {
        for (name, said) in &mut self.0.values {
            match said {
                Said::Plain(value) => *value = change(name, value),
                Said::Text(text) => *text = std::mem::take(text).changed(change),
            }
        }
        self
    }

    pub fn is_plain(&self) -> bool {
        self.0.values.is_empty()
    }

    /// In a language; in English where it is not known in that.
    pub fn told(&self, language: Language, texts: &Texts) -> String {
        filled(texts.find(&self.0.english, language).unwrap_or(&self.0.english), |name| {
            self.value(name).map(|said| match said {
                Said::Plain(value) => value.clone(),
                Said::Text(text) => text.told(language, texts),
            })
        })
    }

    fn value(&self, name: &str) -> Option<&Said> {
        self.0.values.iter().find(|(known, _)| known == name).map(|(_, said)| said)
    }
}

/// In English, as logs and the command line have it.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(Language::English, &Texts::default()))
    }
}

/// What it means, as a text.
impl From<Code> for Text {
    fn from(code: Code) -> Self {
        Self::new(code.meaning)
    }
}

/// One pass: what a value holds is no place to be filled. A place that nothing is known of stays.
fn filled(sentence: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut pieces = sentence.split('{');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once('}').and_then(|(name, rest)| Some((value(name)?, rest))) {
            Some((value, rest)) => out.extend([value.as_str(), rest]),
            None => out.extend(["{", piece]),
        }
    }
    out
}

/// The names of the places of a sentence, in order.
pub fn places(sentence: &str) -> Vec<&str> {
    sentence.split('{').skip(1).filter_map(|piece| piece.split_once('}')).map(|(name, _)| name).collect()
}

/// What any operation may say, and the validator's library.
pub const TEXTS: &str = include_str!("texts.txt");

/// Every sentence in every language.
#[derive(Clone, Debug, Default)]
pub struct Texts(HashMap<&'static str, [&'static str; 2]>);

/// What stands before the sentence on each of the three lines of an entry.
const LINES: [&str; 3] = ["en: ", "zh-Hans: ", "zh-Hant: "];

impl Texts {
    /// Reads what [`entries`] does of several files.
    pub fn new(files: &[&'static str]) -> Self {
        let entries = files.iter().flat_map(|file| entries(file));
        Self(
            entries
                .filter_map(Result::ok)
                .map(|[english, simplified, traditional]| (english, [simplified, traditional]))
                .collect(),
        )
    }

    pub fn find(&self, english: &str, language: Language) -> Option<&'static str> {
        let (english, [simplified, traditional]) = self.0.get_key_value(english)?;
        Some(match language {
            Language::English => english,
            Language::Simplified => simplified,
            Language::Traditional => traditional,
        })
    }
}

/// The entries of a `texts.txt`: three lines each, a blank one between them, those that begin with `#` are remarks. What
/// is none is given back as it stands.
pub fn entries(file: &'static str) -> impl Iterator<Item = Result<[&'static str; 3], &'static str>> {
    let blocks = file.split("\n\n").map(|block| block.trim_matches('\n')).filter(|block| !block.is_empty());
    let blocks = blocks.filter(|block| block.lines().any(|line| !line.starts_with('#')));
    blocks.map(|block| {
        let mut lines = block.lines().filter(|line| !line.starts_with('#'));
        let mut sentence = |prefix: &str| lines.next()?.strip_prefix(prefix);
        let [english, simplified, traditional] = LINES;
        match (sentence(english), sentence(simplified), sentence(traditional), lines.next()) {
            (Some(english), Some(simplified), Some(traditional), None) => Ok([english, simplified, traditional]),
            _ => Err(block),
        }
    })
}

/// Stops the compiler where a place has no name among `names`, or a name no place.
pub const fn fits(sentence: &str, names: &[&str]) {
    let (mut rest, mut count) = (sentence.as_bytes(), 0);
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first == b'{' {
            assert!(is_named(rest, names), "a place of the text has no value");
            count += 1;
        }
    }
    assert!(count >= names.len(), "a value has no place in the text");
}

const fn is_named(place: &[u8], names: &[&str]) -> bool {
    let mut names = names;
    while let [name, rest @ ..] = names {
        if is_place(place, name.as_bytes()) {
            return true;
        }
        names = rest;
    }
    false
}

const fn is_place(place: &[u8], name: &[u8]) -> bool {
    let (mut place, mut name) = (place, name);
    loop {
        match (place, name) {
            ([b'}', ..], []) => return true,
            ([a, more @ ..], [b, rest @ ..]) if *a == *b => (place, name) = (more, rest),
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# remark\n\nen: at most {most} of {what}\nzh-Hans: {what}最多 {most} 个\nzh-Hant: {what}最多 {most} 個\n\n\
                        en: rows\nzh-Hans: 行\nzh-Hant: 列\n\nen: lonely\n";

    #[test]
    fn a_text_is_told_in_each_language() {
        let texts = Texts::new(&[FILE]);
        let text = text!("at most {most} of {what}", most = 7; what = text!("rows"));
        let told = Language::ALL.map(|language| text.told(language, &texts));
        assert_eq!(told, ["at most 7 of rows", "行最多 7 个", "列最多 7 個"]);
        assert_eq!(text.to_string(), told[0]);
        assert_eq!(entries(FILE).filter_map(Result::err).collect::<Vec<_>>(), ["en: lonely"]);
    }

    #[test]
    fn what_a_value_holds_is_no_place() {
        let what = "{most}";
        assert_eq!(text!("at most {most} of {what}", most = "{what}", what).to_string(), "at most {what} of {most}");
        assert_eq!(Text::new("an old {one} { two").to_string(), "an old {one} { two");
    }

    #[test]
    fn a_text_that_was_kept_is_the_same() {
        let text = text!("at most {most} of {what}", most = 7; what = text!("rows"));
        let kept = serde_json::to_string(&text).unwrap();
        assert_eq!(serde_json::from_str::<Text>(&kept).unwrap(), text);
    }
}
