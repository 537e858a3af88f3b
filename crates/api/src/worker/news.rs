//! Letters that tell somebody of what has happened, in their language.
use super::acting::payload;
use crate::house::House;
use ::identity::notice::{self, Reader};
use kernel::{Language, Result, clock, error};
use platform::job::{self, Held};
use platform::mail::{Letter, filled, plain};
use platform::notify::letter::{self, KIND, Line, Parcel};

pub const KINDS: &[&str] = &[KIND];
/// A letter tells of no more one by one.
const MOST: usize = 50;

pub async fn run(house: &House, held: &Held) -> Result<()> {
    let sent = house.mail.is_configured() && send(house, held).await?;
    let held = held.clone();
    let (status, why) =
        if sent { ("succeeded", None) } else { ("cancelled", Some("there is nothing to tell, or no mail")) };
    house.jobs.unpermitted(move |conn| job::end(conn, &held, status, why)).await
}

/// `false` where there is nobody to write to, or nothing to tell them any more.
async fn send(house: &House, held: &Held) -> Result<bool> {
    let (parcel, tenant, user) = (payload::<Parcel>(held)?, held.tenant_id, held.created_by);
    let ctx = match house.identity.acting(tenant, user, None, clock::now()).await {
        Err(error) if error.code == error::UNAUTHENTICATED => return Ok(false),
        acting => acting?,
    };
    let (catalogues, beyond) = (house.catalogues, parcel.more);
    let found = house.jobs.unpermitted(move |conn| {
        let lines = letter::lines(conn, &ctx, catalogues, &parcel)?;
        Ok(notice::reader(conn, tenant, user)?.map(|reader| (reader, lines)))
    });
    let Some((reader, lines)) = found.await?.filter(|(_, lines)| !lines.is_empty()) else { return Ok(false) };
    let page = |line: &Line| house.mail.page(&format!("{}s/{}", line.resource.replace('_', "-"), line.record));
    house.mail.send(&written(held, &reader, &lines, beyond, &page)).await?;
    platform::crash::point("notify_letter_sent");
    Ok(true)
}

/// `beyond`: how many more there are than those lines.
fn written(held: &Held, reader: &Reader, lines: &[Line], beyond: usize, page: &dyn Fn(&Line) -> String) -> Letter {
    let (subject, head, more) = words(reader.language);
    let told: String =
        lines.iter().take(MOST).map(|line| format!("- {}\n  {}\n", said(reader.language, line), page(line))).collect();
    let (many, left) = (lines.len() + beyond, lines.len().saturating_sub(MOST) + beyond);
    let (many, left_over) = (many.to_string(), left.to_string());
    let (name, house) = (plain(&reader.name), plain(&reader.house));
    let places = [("name", name.as_str()), ("house", house.as_str()), ("many", &many), ("left", &left_over)];
    let fill = |text: &str| filled(text, &places);
    let rest = if left > 0 { fill(more) } else { String::new() };
    let text = format!("{}\n{told}{rest}", fill(head));
    Letter { id: held.id.0, to: reader.email.clone(), subject: fill(subject), text, attachment: None }
}

/// Subject, beginning, and what is said of the rest; what stands between bars is filled in.
pub(super) const fn words(language: Language) -> (&'static str, &'static str, &'static str) {
    match language {
        Language::English => {
            ("News of |house|: |many|", "Hello |name|,\n\nthis has happened in |house|:\n", "- and |left| more\n")
        }
        Language::Simplified => {
            ("|house|的最新动态（|many|）", "|name|，你好：\n\n|house|有以下动态：\n", "- 另有 |left| 条\n")
        }
        Language::Traditional => {
            ("|house|的最新動態（|many|）", "|name|，你好：\n\n|house|有以下動態：\n", "- 另有 |left| 則\n")
        }
    }
}

/// What has happened, without anything that a record holds: whoever wants to know more opens the application.
pub(super) fn said(language: Language, line: &Line) -> String {
    let what = match (language, line.kind.as_str()) {
        (Language::English, "assigned") => "It is yours now",
        (Language::English, "shared") => "It was shared with you",
        (Language::English, "ended") => "It has ended",
        (Language::English, "disabled") => "It is switched off",
        (Language::English, "task_reminder") => "It is to be done",
        (Language::English, "mentioned") => "You are named in it",
        (Language::English, "approval_requested") => "It waits for your approval",
        (Language::English, "approval_decided") => "Your request for approval was answered",
        (Language::English, "sla_warned") => "A promise is about to be broken",
        (Language::English, "sla_breached") => "A promise was broken",
        (Language::English, "escalated") => "It was escalated to you",
        (Language::English, _) => "It has changed",
        (Language::Simplified, "assigned") => "现由你负责",
        (Language::Simplified, "shared") => "已与你共享",
        (Language::Simplified, "ended") => "已结束",
        (Language::Simplified, "disabled") => "已停用",
        (Language::Simplified, "task_reminder") => "该处理了",
        (Language::Simplified, "mentioned") => "提到了你",
        (Language::Simplified, "approval_requested") => "待你审批",
        (Language::Simplified, "approval_decided") => "你提交的审批已有结果",
        (Language::Simplified, "sla_warned") => "服务承诺即将超时",
        (Language::Simplified, "sla_breached") => "服务承诺已超时",
        (Language::Simplified, "escalated") => "已升级给你处理",
        (Language::Simplified, _) => "有变更",
        (Language::Traditional, "assigned") => "現由你負責",
        (Language::Traditional, "shared") => "已與你分享",
        (Language::Traditional, "ended") => "已結束",
        (Language::Traditional, "disabled") => "已停用",
        (Language::Traditional, "task_reminder") => "該處理了",
        (Language::Traditional, "mentioned") => "提及了你",
        (Language::Traditional, "approval_requested") => "待你簽核",
        (Language::Traditional, "approval_decided") => "你送出的簽核已有結果",
        (Language::Traditional, "sla_warned") => "服務承諾即將逾時",
        (Language::Traditional, "sla_breached") => "服務承諾已逾時",
        (Language::Traditional, "escalated") => "已升級給你處理",
        (Language::Traditional, _) => "有變更",
    };
    format!("{what} ({})", line.event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_says_what_has_happened_in_its_language() {
        let line = |kind: &str| Line {
            kind: kind.to_owned(),
            resource: "contact".to_owned(),
            record: uuid::Uuid::nil(),
            event: "contact.updated".to_owned(),
        };
        for language in Language::ALL {
            let (subject, head, more) = words(language);
            assert!(subject.contains("|many|") && head.contains("|name|") && more.contains("|left|"));
            let all: std::collections::BTreeSet<String> =
                platform::notify::KINDS.iter().map(|kind| said(language, &line(kind))).collect();
            assert_eq!(all.len(), platform::notify::KINDS.len(), "{all:?}");
        }
    }
}
