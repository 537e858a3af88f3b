//! What the letters say, in the language of their reader.
use super::{Issued, Purpose};
use kernel::Language;
use platform::mail::{Letter, filled, plain};
use uuid::Uuid;

/// The letter that brings a link; `id` is the job's.
pub fn letter(id: Uuid, issued: &Issued, purpose: Purpose, link: &str) -> Letter {
    let holder = &issued.holder;
    let (subject, text) = words(Language::of(&holder.locale).unwrap_or_default(), purpose);
    let (name, house) = (plain(&holder.name), plain(&holder.tenant_name));
    let places = [("name", name.as_str()), ("house", house.as_str()), ("link", link)];
    let fill = |text: &str| filled(text, &places);
    Letter { id, to: holder.email.clone(), subject: fill(subject), text: fill(text), attachment: None }
}

/// Subject and text; what stands between bars is filled in.
fn words(language: Language, purpose: Purpose) -> (&'static str, &'static str) {
    match language {
        Language::English => english(purpose),
        Language::Simplified => simplified(purpose),
        Language::Traditional => traditional(purpose),
    }
}

const fn english(purpose: Purpose) -> (&'static str, &'static str) {
    match purpose {
        Purpose::Invitation => (
            "You are invited to |house|",
            "Hello |name|,\n\n|house| works with Guanxi and has invited you. Choose your password here:\n\n|link|\n\n\
             The link is good once, for seven days.\n",
        ),
        Purpose::PasswordReset => (
            "A new password for |house|",
            "Hello |name|,\n\nsomebody asked for a new password of yours at |house|. Choose it here:\n\n|link|\n\n\
             The link is good once, for 30 minutes. If it was not you, there is nothing to do: your password stays.\n",
        ),
        Purpose::Verification => (
            "Is this your address?",
            "Hello |name|,\n\nconfirm that this is your e-mail address at |house|:\n\n|link|\n\n\
             The link is good once, for 30 minutes.\n",
        ),
    }
}

const fn simplified(purpose: Purpose) -> (&'static str, &'static str) {
    match purpose {
        Purpose::Invitation => (
            "|house|邀请您加入",
            "|name|，您好：\n\n|house|正在使用 Guanxi，并邀请您加入。请在此设置密码：\n\n|link|\n\n链接七天内有效，只能使用一次。\n",
        ),
        Purpose::PasswordReset => (
            "重置您在|house|的密码",
            "|name|，您好：\n\n有人申请重置您在|house|的密码。请在此设置新密码：\n\n|link|\n\n\
             链接 30 分钟内有效，只能使用一次。如果不是您本人操作，请忽略本邮件，密码不会改变。\n",
        ),
        Purpose::Verification => (
            "请验证您的邮箱地址",
            "|name|，您好：\n\n请确认这是您在|house|使用的邮箱地址：\n\n|link|\n\n链接 30 分钟内有效，只能使用一次。\n",
        ),
    }
}

const fn traditional(purpose: Purpose) -> (&'static str, &'static str) {
    match purpose {
        Purpose::Invitation => (
            "|house|邀請您加入",
            "|name|，您好：\n\n|house|正在使用 Guanxi，並邀請您加入。請在此設定密碼：\n\n|link|\n\n連結七天內有效，只能使用一次。\n",
        ),
        Purpose::PasswordReset => (
            "重設您在|house|的密碼",
            "|name|，您好：\n\n有人申請重設您在|house|的密碼。請在此設定新密碼：\n\n|link|\n\n\
             連結 30 分鐘內有效，只能使用一次。如果不是您本人操作，請忽略本郵件，密碼不會變更。\n",
        ),
        Purpose::Verification => (
            "請驗證您的電子郵件地址",
            "|name|，您好：\n\n請確認這是您在|house|使用的電子郵件地址：\n\n|link|\n\n連結 30 分鐘內有效，只能使用一次。\n",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_names_its_reader_and_brings_its_link() {
        use Purpose::{Invitation, PasswordReset, Verification};
        for locale in ["en", "zh-CN", "zh-Hant", "zh-TW", "pt-BR"] {
            for purpose in [Invitation, PasswordReset, Verification] {
                let (subject, text) = words(Language::of(locale).unwrap_or_default(), purpose);
                assert!(["|name|", "|house|", "|link|"].iter().all(|place| text.contains(place)), "{subject}");
                assert_eq!((subject.matches('|').count() % 2, text.matches('|').count()), (0, 6), "{subject}");
            }
        }
        assert_eq!(plain("Eve\r\nBcc: x https://evil.example"), "EveBcc: x https evil.example");
    }
}
