//! What the letter says that brings a quote. What the sender has written stands above the link, and is text.
use super::Shown;
use chrono::NaiveDate;
use kernel::Language;
use platform::mail::{Attachment, Letter, filled, plain};
use uuid::Uuid;

/// The letter with the link and the PDF.
pub fn letter(
    id: Uuid,
    to: &str,
    language: Language,
    shown: &Shown,
    message: Option<&str>,
    url: &str,
    pdf: Vec<u8>,
) -> Letter {
    let (subject, greeting, text, until) = words(language);
    let company = plain(&shown.company);
    let number = plain(&shown.quote.number);
    let until = shown
        .quote
        .valid_until_on
        .map_or_else(String::new, |last: NaiveDate| filled(until, &[("day", &last.to_string())]));
    let message = message.map(str::trim).filter(|text| !text.is_empty()).unwrap_or(greeting);
    let places = [
        ("company", company.as_str()),
        ("number", number.as_str()),
        ("message", message),
        ("link", url),
        ("until", until.as_str()),
    ];
    let fill = |text: &str| filled(text, &places);
    let name = number.chars().map(|one| if one.is_alphanumeric() || one == '-' { one } else { '_' });
    let file = Attachment { name: format!("{}.pdf", name.collect::<String>()), kind: "application/pdf", bytes: pdf };
    Letter { id, to: to.to_owned(), subject: fill(subject), text: fill(text), attachment: Some(file) }
}

type Words = (&'static str, &'static str, &'static str, &'static str);

/// Subject, what stands where nothing else was written, the text, and the last day; what stands between bars is filled in.
fn words(language: Language) -> Words {
    match language {
        Language::English => (
            "Quote |number| of |company|",
            "Hello,\n\nhere is our quote.",
            "|message|\n\nQuote |number| is attached. Here you can look at it, accept it or decline it:\n\n|link|\n\n|until||company|\n",
            "It is good until |day|.\n\n",
        ),
        Language::Simplified => (
            "|company|报价单 |number|",
            "您好：\n\n随信附上我们的报价。",
            "|message|\n\n报价单 |number| 见附件。您可以在此查看、接受或拒绝：\n\n|link|\n\n|until||company|\n",
            "报价有效期至 |day|。\n\n",
        ),
        Language::Traditional => (
            "|company|報價單 |number|",
            "您好：\n\n隨信附上我們的報價。",
            "|message|\n\n報價單 |number| 請見附件。您可以在此檢視、接受或拒絕：\n\n|link|\n\n|until||company|\n",
            "報價有效期至 |day|。\n\n",
        ),
    }
}
