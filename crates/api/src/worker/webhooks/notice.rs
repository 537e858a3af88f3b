//! Letters that tell of an endpoint that nothing is sent to any more: to whom it sent for, and to the owners.
use crate::house::House;
use ::identity::notice::{self, Reader};
use diesel::Connection;
use kernel::{Ctx, Error, Language, Result, UserId, WebhookEndpointId, clock};
use platform::job::{self, Held};
use platform::mail::{Letter, filled, plain};
use platform::webhook::endpoint;
use platform::webhook::fanout::NOTICE;
use serde::{Deserialize, Serialize};

/// The one that finds out whom to write to, and those that write.
pub const KINDS: &[&str] = &[NOTICE, LETTER];
const LETTER: &str = "webhook_letter";

#[derive(Clone, Debug, Serialize, Deserialize)]
struct News {
    endpoint: WebhookEndpointId,
    reason: String,
    /// the reader of a letter
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<UserId>,
}

pub async fn run(house: &House, held: &Held) -> Result<()> {
    let news: News = serde_json::from_value(held.payload.clone()).map_err(Error::internal)?;
    let its = held.clone();
    let Some(user) = news.user.filter(|_| held.kind == LETTER) else {
        house.jobs.unpermitted(move |conn| conn.transaction(|conn| spread(conn, &its, &news))).await?;
        super::super::wake();
        return Ok(());
    };
    let sent = house.mail.is_configured() && send(house, held, &news, user).await?;
    let (status, why) =
        if sent { ("succeeded", None) } else { ("cancelled", Some("there is nobody to write to, or no mail")) };
    house.jobs.unpermitted(move |conn| job::end(conn, &its, status, why)).await
}

/// Puts a letter down for each, in the transaction that ends this.
fn spread(conn: &mut platform::Conn, held: &Held, news: &News) -> Result<()> {
    let ctx = Ctx::powerless(held.tenant_id, held.created_by, clock::now());
    for user in notice::readers(conn, held.tenant_id, held.created_by)? {
        let letter = News { user: Some(user), ..news.clone() };
        job::enqueue(conn, &ctx, LETTER, &serde_json::to_value(letter).map_err(Error::internal)?)?;
    }
    job::end(conn, held, "succeeded", None)
}

/// `false` where there is nobody to write to.
async fn send(house: &House, held: &Held, news: &News, user: UserId) -> Result<bool> {
    let (tenant, id) = (held.tenant_id, news.endpoint);
    let found = house.jobs.unpermitted(move |conn| {
        let reader = notice::reader(conn, tenant, user)?;
        Ok(reader.zip(endpoint::address(conn, tenant, id)?))
    });
    let Some((reader, url)) = found.await? else { return Ok(false) };
    house.mail.send(&letter(held, &reader, &url, &news.reason)).await?;
    Ok(true)
}

fn letter(held: &Held, reader: &Reader, url: &str, reason: &str) -> Letter {
    let (subject, text) = words(reader.language);
    let why = why(reader.language, reason);
    let (name, house) = (plain(&reader.name), plain(&reader.house));
    let places = [("name", name.as_str()), ("house", house.as_str()), ("url", url), ("why", why)];
    let fill = |text: &str| filled(text, &places);
    Letter { id: held.id.0, to: reader.email.clone(), subject: fill(subject), text: fill(text), attachment: None }
}

/// Subject and text; what stands between bars is filled in.
const fn words(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::English => (
            "A webhook of |house| is switched off",
            "Hello |name|,\n\nnothing is sent any more to this webhook of |house|:\n\n|url|\n\n|why|\n\nWhat waited is kept \
             for thirty days. Once the receiver is well, enable the endpoint again; what happened meanwhile can be replayed.\n",
        ),
        Language::Simplified => (
            "|house|的一个 Webhook 已停用",
            "|name|，您好：\n\n系统已停止向|house|的以下 Webhook 推送事件：\n\n|url|\n\n|why|\n\n尚未送达的内容会保留三十天。接收端恢复后请重新启用该端点，期间发生的事件可以重放。\n",
        ),
        Language::Traditional => (
            "|house|的一個 Webhook 已停用",
            "|name|，您好：\n\n系統已停止向|house|的以下 Webhook 推送事件：\n\n|url|\n\n|why|\n\n尚未送達的內容會保留三十天。接收端恢復後請重新啟用該端點，期間發生的事件可以重播。\n",
        ),
    }
}

fn why(language: Language, reason: &str) -> &'static str {
    match (language, reason) {
        (Language::English, "gone") => "The receiver said that it is gone for good (410).",
        (Language::English, "filter") => "Its filter cannot be read any more: a field has gone, or is hidden.",
        (Language::English, _) => "Nothing has come through for days.",
        (Language::Simplified, "gone") => "接收端表示该地址已永久失效（410）。",
        (Language::Simplified, "filter") => "筛选条件已无法解析：其中的字段已不存在或不可见。",
        (Language::Simplified, _) => "已连续多日没有任何推送成功。",
        (Language::Traditional, "gone") => "接收端表示該位址已永久失效（410）。",
        (Language::Traditional, "filter") => "篩選條件已無法解析：其中的欄位已不存在或不可見。",
        (Language::Traditional, _) => "已連續多日沒有任何推送成功。",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_names_its_reader_and_says_what_and_why() {
        for language in Language::ALL {
            let (subject, text) = words(language);
            assert!(["|name|", "|house|", "|url|", "|why|"].iter().all(|place| text.contains(place)), "{subject}");
            assert!(subject.contains("|house|") && !why(language, "gone").is_empty());
        }
    }
}
