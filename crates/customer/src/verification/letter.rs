//! What letters and text messages say. Whoever fills in a form may name anybody: no name of theirs goes into a letter.
use super::{Issued, Pledge};
use kernel::Language;
use platform::mail::{Letter, filled, plain};
use platform::sms::Message;
use uuid::Uuid;

/// What gateways know such messages by.
const PURPOSE: &str = "verification";

/// The letter that brings a code or a link; `house` is what the tenant is called, `link` makes the page of a token.
pub fn letter(id: Uuid, issued: &Issued, house: &str, link: impl Fn(&str) -> String) -> Letter {
    let what = match &issued.what {
        Pledge::Code(code) => code.clone(),
        Pledge::Link(token) => link(token),
    };
    let (subject, text) = words(issued);
    let house = plain(house);
    let places = [("house", house.as_str()), ("what", what.as_str())];
    let fill = |text: &str| filled(text, &places);
    Letter { id, to: issued.to.clone(), subject: fill(subject), text: fill(text), attachment: None }
}

/// The text message that brings a code.
pub fn message(id: Uuid, issued: &Issued, house: &str) -> Message {
    let (Pledge::Code(what) | Pledge::Link(what)) = &issued.what;
    let text = match issued.language {
        Language::English => {
            "|what| is your code for |house|. It is good once, for ten minutes. If you did not ask for it, there is \
             nothing to do."
        }
        Language::Simplified => "|house|的验证码：|what|。十分钟内有效，只能使用一次。如非本人操作，请忽略本短信。",
        Language::Traditional => "|house|的驗證碼：|what|。十分鐘內有效，只能使用一次。如非本人操作，請忽略本簡訊。",
    };
    let house = plain(house);
    let text = filled(text, &[("house", house.as_str()), ("what", what.as_str())]);
    Message { id, to: issued.to.clone(), text, purpose: PURPOSE }
}

/// Subject and text; what stands between bars is filled in.
fn words(issued: &Issued) -> (&'static str, &'static str) {
    let is_code = matches!(issued.what, Pledge::Code(_));
    match (issued.language, is_code, issued.is_form) {
        (Language::English, true, _) => (
            "Your code for |house|",
            "Hello,\n\nyour code for |house| is:\n\n|what|\n\nIt is good once, for ten minutes. If you did not ask for it, \
             there is nothing to do.\n",
        ),
        (Language::English, _, true) => (
            "Please confirm for |house|",
            "Hello,\n\nthis address was entered in a form of |house|. If that was you, confirm it here:\n\n|what|\n\n\
             The link is good once, for 24 hours. If it was not you, there is nothing to do: nothing is sent to you.\n",
        ),
        (Language::English, ..) => (
            "Is this your address?",
            "Hello,\n\nconfirm that |house| may reach you at this address:\n\n|what|\n\nThe link is good once, for 24 \
             hours.\n",
        ),
        (Language::Simplified, true, _) => (
            "您在|house|的验证码",
            "您好：\n\n您在|house|的验证码为：\n\n|what|\n\n十分钟内有效，只能使用一次。如非本人操作，请忽略本邮件。\n",
        ),
        (Language::Simplified, _, true) => (
            "请确认您在|house|提交的信息",
            "您好：\n\n有人在|house|的表单中填写了此邮箱。如果是您本人，请在此确认：\n\n|what|\n\n链接 24 小时内有效，只能使用\
             一次。如非本人操作，请忽略本邮件，您不会收到任何后续邮件。\n",
        ),
        (Language::Simplified, ..) => (
            "请验证您的邮箱地址",
            "您好：\n\n请确认|house|可以通过此邮箱与您联系：\n\n|what|\n\n链接 24 小时内有效，只能使用一次。\n",
        ),
        (Language::Traditional, true, _) => (
            "您在|house|的驗證碼",
            "您好：\n\n您在|house|的驗證碼為：\n\n|what|\n\n十分鐘內有效，只能使用一次。如非本人操作，請忽略本郵件。\n",
        ),
        (Language::Traditional, _, true) => (
            "請確認您在|house|提交的資訊",
            "您好：\n\n有人在|house|的表單中填寫了此電子郵件地址。如果是您本人，請在此確認：\n\n|what|\n\n連結 24 小時內有效，\
             只能使用一次。如非本人操作，請忽略本郵件，您不會收到任何後續郵件。\n",
        ),
        (Language::Traditional, ..) => (
            "請驗證您的電子郵件地址",
            "您好：\n\n請確認|house|可以透過此電子郵件地址與您聯絡：\n\n|what|\n\n連結 24 小時內有效，只能使用一次。\n",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verification::Way;
    use kernel::UserId;

    #[test]
    fn every_letter_names_the_house_and_brings_what_it_is_for() {
        for language in Language::ALL {
            for (is_form, is_code) in [(true, false), (false, false), (false, true)] {
                let what = if is_code { Pledge::Code("042817".into()) } else { Pledge::Link("gxv_x".into()) };
                let asked_by = UserId(Uuid::nil());
                let (way, to) = (Way::Letter, "a@example.com".into());
                let issued = Issued { way, to, language, asked_by, is_form, what };
                let letter =
                    letter(Uuid::nil(), &issued, "Tea\r\nBcc: x", |token| format!("https://app/#token={token}"));
                let wanted = if is_code { "\n042817\n" } else { "https://app/#token=gxv_x" };
                assert!(letter.text.contains("TeaBcc: x") && letter.text.contains(wanted), "{}", letter.text);
                assert!(
                    !letter.subject.contains(['\r', '\n', '|']) && !letter.text.contains('|'),
                    "{}",
                    letter.subject
                );
            }
        }
    }

    #[test]
    fn every_text_message_names_the_house_and_brings_the_code() {
        for language in Language::ALL {
            let (way, to, asked_by) = (Way::Text, "+8613800138000".to_owned(), UserId(Uuid::nil()));
            let what = Pledge::Code("042817".into());
            let issued = Issued { way, to, language, asked_by, is_form: false, what };
            let message = message(Uuid::nil(), &issued, "Tea\nhttps://x.example");
            assert!(message.text.contains("042817") && message.text.contains("Teahttps x.example"), "{}", message.text);
            assert!(!message.text.contains(['|', '\n']), "{}", message.text);
            assert_eq!((message.to.as_str(), message.purpose), ("+8613800138000", "verification"));
        }
    }
}
