//! The languages that callers are answered in, and which of them somebody wants: a header of RFC 9110, or a locale.
use std::cmp::Reverse;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    #[default]
    English,
    Simplified,
    Traditional,
}

impl Language {
    pub const ALL: [Self; 3] = [Self::English, Self::Simplified, Self::Traditional];

    /// BCP 47, as `Content-Language` says it.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Simplified => "zh-Hans",
            Self::Traditional => "zh-Hant",
        }
    }

    /// The one that a tag of BCP 47 means. Of Chinese the script decides, else the region.
    pub fn of(tag: &str) -> Option<Self> {
        let tag = tag.trim().to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        match parts.next()? {
            "en" => Some(Self::English),
            "zh" => Some(chinese(&parts.collect::<Vec<_>>())),
            _ => None,
        }
    }

    /// What an `Accept-Language` asks for, best first; `own` is what the caller would get without one. Languages that
    /// are not spoken here, and weights that are none, are passed over; `*` is content with `own`.
    pub fn negotiated(header: &str, own: impl FnOnce() -> Self) -> Self {
        let mut ranges: Vec<(&str, u16)> = header.split(',').filter_map(range).collect();
        ranges.sort_by_key(|(_, weight)| Reverse(*weight));
        let refused: Vec<Self> =
            ranges.iter().filter(|(_, weight)| *weight == 0).filter_map(|(tag, _)| Self::of(tag)).collect();
        let open = |one: &Self| !refused.contains(one);
        let wanted = ranges.iter().filter(|(_, weight)| *weight > 0);
        let known = wanted.map_while(|(tag, _)| (*tag != "*").then(|| Self::of(tag))).flatten().find(open);
        known.unwrap_or_else(|| {
            let own = own();
            Some(own).filter(open).or_else(|| Self::ALL.into_iter().find(open)).unwrap_or(own)
        })
    }
}

fn chinese(parts: &[&str]) -> Language {
    let is = |known: &[&str]| parts.iter().any(|part| known.contains(part));
    let traditional = is(&["hant"]) || !is(&["hans"]) && is(&["tw", "hk", "mo"]);
    if traditional { Language::Traditional } else { Language::Simplified }
}

/// `zh-TW;q=0.8`: the tag, and the weight in thousandths.
fn range(text: &str) -> Option<(&str, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let tag = parts.next().filter(|tag| !tag.is_empty())?;
    match parts.next() {
        None => Some((tag, 1000)),
        Some(weight) => Some((tag, thousandths(weight.strip_prefix(['q', 'Q'])?.trim().strip_prefix('=')?.trim())?)),
    }
}

fn thousandths(weight: &str) -> Option<u16> {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let sound = matches!(whole, "0" | "1") && fraction.len() <= 3 && fraction.bytes().all(|b| b.is_ascii_digit());
    let figure = format!("{whole}{fraction:0<3}");
    figure.parse().ok().filter(|thousandths| sound && *thousandths <= 1000)
}

#[cfg(test)]
mod tests {
    use super::Language::{self, English, Simplified, Traditional};

    #[test]
    fn a_header_is_negotiated() {
        let table = [
            ("en", English),
            ("zh", Simplified),
            ("zh-CN", Simplified),
            ("ZH-sg", Simplified),
            ("zh-Hans-HK", Simplified),
            ("zh-Hant-CN", Traditional),
            ("zh-TW", Traditional),
            ("zh-HK", Traditional),
            ("zh_MO", Traditional),
            ("en-GB, zh;q=0.5", English),
            ("zh;q=0.5, en;q=0.4", Simplified),
            ("en;q=0.4 , zh-TW ; q=0.5", Traditional),
            ("fr, de;q=0.9, zh-TW;q=0.1", Traditional),
            ("fr", Traditional),
            ("*", Traditional),
            ("fr, *;q=0.5", Traditional),
            ("en;q=0.1, *", Traditional),
            ("en, *;q=0.1", English),
            ("zh-TW;q=0, *", English),
            ("zh-TW;q=0", English),
            ("en;q=0, zh-CN;q=0.001", Simplified),
            ("en;q=2, zh", Simplified),
            ("en;q=x", Traditional),
            ("en;q=0.1234, zh;q=0.1", Simplified),
            ("", Traditional),
            (",,;q=1, zh", Simplified),
            ("en;q=0, zh;q=0, zh-TW;q=0", Traditional),
        ];
        for (header, language) in table {
            assert_eq!(Language::negotiated(header, || Traditional), language, "{header:?}");
        }
    }

    #[test]
    fn a_locale_means_a_language() {
        assert_eq!(Language::of("zh-Hant-TW"), Some(Traditional));
        assert_eq!(Language::of("en-US"), Some(English));
        assert_eq!((Language::of("fr"), Language::of("")), (None, None));
        assert!(Language::ALL.into_iter().all(|one| Language::of(one.tag()) == Some(one)));
    }
}
