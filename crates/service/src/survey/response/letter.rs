//! The letter that asks. Subject and question are the business's own words; nothing that anybody else has said goes in.
use super::Issued;
use kernel::Language;
use platform::mail::{Letter, filled, plain};
use uuid::Uuid;

#[must_use]
pub fn letter(id: Uuid, issued: &Issued, link: &str) -> Letter {
    let text = match issued.language {
        Language::English => {
            "Hello,\n\n|question|\n\nAnswer here, it takes a moment:\n\n|link|\n\nThe link takes one answer.\n\n|house|\n"
        }
        Language::Simplified => {
            "您好：\n\n|question|\n\n请点击链接作答，只需片刻：\n\n|link|\n\n每个链接只能作答一次。\n\n|house|\n"
        }
        Language::Traditional => {
            "您好：\n\n|question|\n\n請點擊連結作答，只需片刻：\n\n|link|\n\n每個連結只能作答一次。\n\n|house|\n"
        }
    };
    let house = plain(&issued.house);
    let places = [("question", issued.question.as_str()), ("link", link), ("house", house.as_str())];
    // a subject is one line
    let subject = issued.subject.split_whitespace().collect::<Vec<_>>().join(" ");
    Letter { id, to: issued.to.clone(), subject, text: filled(text, &places), attachment: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_asks_and_brings_the_link() {
        for language in Language::ALL {
            let issued = Issued {
                to: "a@example.com".into(),
                language,
                subject: "How was\r\nBcc: it".into(),
                question: "How was it?".into(),
                house: "Tea".into(),
                token: "gxs_x".into(),
            };
            let letter = letter(Uuid::nil(), &issued, "https://app/survey#token=gxs_x");
            for part in ["How was it?", "https://app/survey#token=gxs_x", "Tea"] {
                assert!(letter.text.contains(part), "{part}: {}", letter.text);
            }
            assert!(!letter.text.contains('|') && !letter.subject.contains(['\r', '\n']), "{}", letter.subject);
        }
    }
}
