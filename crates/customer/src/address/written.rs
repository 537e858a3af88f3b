//! How an address is written: in the order of its country, as the postal services of the world describe theirs to the
//! Universal Postal Union ("Postal addressing systems").
//!
//! Where Chinese, Japanese or Korean is written, the large comes before the small, all in one line; in letters it is
//! the other way round, line by line, wherever it is.
use diesel::prelude::Queryable;
use serde::{Serialize, Serializer};

/// Countries that write from the large to the small, as they are called there.
const FROM_THE_LARGE: &[(&str, &str)] =
    &[("CN", "中国"), ("HK", "香港"), ("JP", "日本"), ("KR", "대한민국"), ("MO", "澳门"), ("TW", "台湾")];
/// Countries that write the postal code after the city; others write it before.
const CODE_AFTER: &[&str] = &["AU", "CA", "CN", "GB", "HK", "IE", "IN", "JP", "KR", "MO", "NZ", "SG", "TW", "US"];

/// The parts of an address, answered as one text: without the recipient, who is not part of the place. One that came as
/// a whole, and of which nothing else is known, is told as it came.
#[derive(Clone, Debug, Queryable)]
pub struct Written {
    pub country: String,
    pub region: Option<String>,
    pub city: Option<String>,
    pub district: Option<String>,
    pub street: Option<String>,
    pub detail: Option<String>,
    pub postal_code: Option<String>,
    pub raw_text: Option<String>,
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl Written {
    /// Whether there is anything of it beside its country.
    pub(super) fn is_somewhere(&self) -> bool {
        self.raw_text.is_some() || self.postal_code.is_some() || self.parts().next().is_some()
    }

    /// The address as it is written.
    pub fn text(&self) -> String {
        if self.parts().next().is_none()
            && let Some(raw) = &self.raw_text
        {
            return raw.clone();
        }
        let large = FROM_THE_LARGE.iter().find(|(code, _)| *code == self.country);
        match large.filter(|_| self.parts().any(|part| part.chars().any(is_east_asian))) {
            Some((_, name)) => self.large_first(name),
            None => self.small_first(),
        }
    }

    /// From the large to the small, but for the postal code.
    fn parts(&self) -> impl Iterator<Item = &str> {
        [&self.region, &self.city, &self.district, &self.street, &self.detail].into_iter().flatten().map(String::as_str)
    }

    /// `中国上海市黄浦区南京东路100号5楼 200001`. A municipality is its own province: what is the same is said once.
    fn large_first(&self, country: &str) -> String {
        // Korean parts its words, Chinese and Japanese do not
        let gap = if self.country == "KR" { " " } else { "" };
        let mut all: Vec<&str> = Vec::new();
        for part in self.parts() {
            if all.last() != Some(&part) {
                all.push(part);
            }
        }
        if !all.first().is_some_and(|first| first.starts_with(country)) {
            all.insert(0, country);
        }
        let place = all.join(gap);
        match &self.postal_code {
            Some(code) => format!("{place} {code}"),
            None => place,
        }
    }

    /// The street, what is in the house, the part of the city, the city, its region, the country.
    fn small_first(&self) -> String {
        let mut lines = vec![self.street.clone(), self.detail.clone(), self.district.clone()];
        let region = self.region.clone().filter(|region| self.city.as_ref() != Some(region));
        if CODE_AFTER.contains(&self.country.as_str()) {
            let place = joined([self.city.clone(), region], ", ");
            lines.push(joined([place, self.postal_code.clone()], " "));
        } else {
            lines.extend([joined([self.postal_code.clone(), self.city.clone()], " "), region]);
        }
        lines.push(Some(self.country.clone()));
        lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}

/// Those that are there, as one.
fn joined(parts: [Option<String>; 2], gap: &str) -> Option<String> {
    let there: Vec<String> = parts.into_iter().flatten().collect();
    (!there.is_empty()).then(|| there.join(gap))
}

/// Chinese characters, kana and hangul.
fn is_east_asian(letter: char) -> bool {
    let blocks = ['\u{3040}'..='\u{30ff}', '\u{3400}'..='\u{9fff}', '\u{ac00}'..='\u{d7af}', '\u{20000}'..='\u{323af}'];
    blocks.iter().any(|block| block.contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::Written;

    /// Country, region, city, district, street, detail, postal code.
    fn written(parts: [&str; 7]) -> String {
        let [country, rest @ ..] = parts.map(str::to_owned);
        let [region, city, district, street, detail, postal_code] =
            rest.map(|part| Some(part).filter(|p| !p.is_empty()));
        Written { country, region, city, district, street, detail, postal_code, raw_text: Some("as it came".into()) }
            .text()
    }

    #[test]
    fn chinese_goes_from_the_large_to_the_small() {
        let all = ["CN", "广东省", "深圳市", "南山区", "科技园路1号", "2栋301室", "518057"];
        assert_eq!(written(all), "中国广东省深圳市南山区科技园路1号2栋301室 518057");
        let municipality = ["CN", "上海市", "上海市", "黄浦区", "南京东路100号", "", ""];
        assert_eq!(written(municipality), "中国上海市黄浦区南京东路100号");
        assert_eq!(written(["HK", "香港九龍", "", "", "彌敦道1號", "", ""]), "香港九龍彌敦道1號");
        assert_eq!(
            written(["JP", "東京都", "千代田区", "", "丸の内1-1", "", "100-0005"]),
            "日本東京都千代田区丸の内1-1 100-0005"
        );
        assert_eq!(
            written(["KR", "서울특별시", "", "종로구", "사직로 161", "", "03045"]),
            "대한민국 서울특별시 종로구 사직로 161 03045"
        );
    }

    #[test]
    fn letters_go_from_the_small_to_the_large() {
        assert_eq!(
            written(["DE", "", "Berlin", "", "Unter den Linden 1", "", "10117"]),
            "Unter den Linden 1\n10117 Berlin\nDE"
        );
        let all = ["US", "IL", "Springfield", "", "742 Evergreen Terrace", "Apt 4", "62704"];
        assert_eq!(written(all), "742 Evergreen Terrace\nApt 4\nSpringfield, IL 62704\nUS");
        let in_letters = ["CN", "Shanghai", "Shanghai", "Huangpu", "100 Nanjing East Road", "Room 502", "200001"];
        assert_eq!(written(in_letters), "100 Nanjing East Road\nRoom 502\nHuangpu\nShanghai 200001\nCN");
        // what is written in Chinese elsewhere is written as it is there
        assert_eq!(written(["SG", "", "新加坡", "", "", "", ""]), "新加坡\nSG");
    }

    #[test]
    fn what_came_as_a_whole_is_told_as_it_came() {
        assert_eq!(written(["CN", "", "", "", "", "", ""]), "as it came");
        assert_eq!(written(["CN", "", "", "", "", "", "200001"]), "as it came");
    }
}
