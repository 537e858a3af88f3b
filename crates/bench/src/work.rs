//! The requests of each kind of work, made from what the seeded server answers: its own ids, names, mails, telephones.
//! A search term is used only when it finds something, a list variant only when it fills a page.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::client::Client;
use crate::kind::Kind;
use crate::options::Load;
use crate::request::{Request, SERIAL, encode};
use crate::survey::{Sample, Survey};
use crate::{Result, float};

/// Records that are asked about, of all parts of the table: the limit picks among the same.
pub const POOL: usize = 1_000;
const TERMS: usize = 24;

/// The requests of one kind, in an order without pattern.
pub fn requests(kind: Kind, survey: &Survey, client: &mut Client) -> Result<Vec<Request>> {
    Ok(match kind {
        Kind::Get => about(survey, |id| Request::get(format!("/v1/contacts/{id}"))),
        Kind::List => survey.first.clone(),
        Kind::ListLast => survey.last.clone(),
        Kind::SearchLatin => found(client, survey.samples.iter().filter_map(latin))?,
        Kind::SearchHan => found(client, survey.samples.iter().filter_map(han))?,
        Kind::SearchDigits => found(client, survey.samples.iter().filter_map(digits))?,
        Kind::SearchRare => found(client, survey.samples.iter().filter_map(|sample| sample.email.clone()))?,
        Kind::SearchCommon => found(client, common(&survey.samples).into_iter())?,
        Kind::Overview => of_accounts(client, |id| format!("/v1/accounts/{id}/360"))?,
        Kind::Timeline => of_accounts(client, |id| format!("/v1/timeline?subject=account:{id}&limit=50"))?,
        Kind::Board => board(client)?,
        Kind::Forecast => forecast(client)?,
        Kind::Update => about(survey, patch),
        Kind::Create => creations(),
    })
}

/// The kinds asked for, each once, those that write last.
pub fn kinds(load: &Load) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = load.kinds.iter().flat_map(|group| group.0.clone()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn about(survey: &Survey, request: impl Fn(&str) -> Request) -> Vec<Request> {
    let samples = survey.samples.iter().take(POOL);
    samples.map(|sample| Request { about: Some(sample.id.clone()), ..request(&sample.id) }).collect()
}

/// Accounts in the order of their names, which has nothing to do with that of their rows.
fn of_accounts(client: &mut Client, target: impl Fn(&str) -> String) -> Result<Vec<Request>> {
    let mut requests = Vec::new();
    let mut cursor = String::new();
    while requests.len() < POOL {
        let answer = client.json(&Request::get(format!("/v1/accounts?limit=200&fields=id&sort=name{cursor}")))?;
        let ids = answer.get("data").and_then(Value::as_array).into_iter().flatten();
        let ids = ids.filter_map(|account| account.get("id").and_then(Value::as_str));
        requests.extend(ids.map(|id| Request { about: Some(id.to_owned()), ..Request::get(target(id)) }));
        match answer.pointer("/page/next_cursor").and_then(Value::as_str) {
            Some(next) => cursor = format!("&cursor={}", encode(next)),
            None => break,
        }
    }
    Ok(requests)
}

fn board(client: &mut Client) -> Result<Vec<Request>> {
    let answer = client.json(&Request::get("/v1/pipelines?filter=is_default".to_owned()))?;
    let id = answer.pointer("/data/0/id").and_then(Value::as_str).ok_or("no pipeline is the default")?;
    Ok(vec![Request::get(format!("/v1/pipelines/{id}/board?limit=10"))])
}

/// The quarter in which the first of those that are open is expected to close: that which runs.
fn forecast(client: &mut Client) -> Result<Vec<Request>> {
    let open = "/v1/opportunities?filter=closed_at%20%3D%3D%20null&sort=expected_close_on&limit=1";
    let answer = client.json(&Request::get(open.to_owned()))?;
    let day = answer.pointer("/data/0/expected_close_on").and_then(Value::as_str).unwrap_or_default();
    let (year, month) = day.get(..4).zip(day.get(5..7)).ok_or("no opportunity is open")?;
    let quarter = month.parse::<u32>()?.div_ceil(3);
    Ok(vec![Request::get(format!("/v1/forecasts?period={year}-Q{quarter}&group_by=team"))])
}

fn patch(id: &str) -> Request {
    let body = Some(format!("{{\"job_title\":\"Buyer {SERIAL}\"}}"));
    Request { method: "PATCH", target: format!("/v1/contacts/{id}"), body, about: None }
}

fn creations() -> Vec<Request> {
    let titles = ["Buyer", "Store manager", "采购经理", "店长", "CTO", "Accountant", "销售总监", "Engineer"];
    let request = |title: &str| Request {
        method: "POST",
        target: "/v1/contacts".to_owned(),
        body: Some(format!(
            "{{\"given_name\":\"Ada\",\"family_name\":\"N{SERIAL}\",\"email\":\"n{SERIAL}@bench.example\",\
             \"job_title\":\"{title}\"}}"
        )),
        about: None,
    };
    titles.into_iter().map(request).collect()
}

fn found(client: &mut Client, terms: impl Iterator<Item = String>) -> Result<Vec<Request>> {
    let mut requests: Vec<Request> = Vec::new();
    for term in terms.take(TERMS * 20) {
        let request = Request::get(format!("/v1/contacts?q={}&limit=20", encode(&term)));
        if requests.iter().any(|known| known.target == request.target) {
            continue;
        }
        let answer = client.json(&request)?;
        if answer.get("data").and_then(|data| data.as_array()).is_some_and(|data| !data.is_empty()) {
            requests.push(request);
        }
        if requests.len() == TERMS {
            break;
        }
    }
    Ok(requests)
}

/// The first four letters of a mail address.
fn latin(sample: &Sample) -> Option<String> {
    let letters: String = sample.email.as_deref()?.chars().take_while(char::is_ascii_alphabetic).take(4).collect();
    (letters.len() == 4).then_some(letters)
}

/// The last two Chinese characters of a name.
fn han(sample: &Sample) -> Option<String> {
    let characters: Vec<char> = sample.name.chars().filter(|c| is_han(*c)).collect();
    characters.len().checked_sub(2).map(|from| characters.iter().skip(from).collect())
}

/// Seven digits from within a telephone number.
fn digits(sample: &Sample) -> Option<String> {
    let all: String = sample.phone.as_deref()?.chars().filter(char::is_ascii_digit).collect();
    let national = all.strip_prefix("86").unwrap_or(&all);
    national.get(..7).map(str::to_owned)
}

/// What more samples hold than anything else: pairs of Chinese characters and beginnings of addresses.
fn common(samples: &[Sample]) -> Vec<String> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for sample in samples {
        let name: Vec<char> = sample.name.chars().collect();
        let pairs = name.windows(2).filter(|pair| pair.iter().all(|c| is_han(*c))).map(String::from_iter);
        let start = latin(sample).and_then(|letters| letters.get(..2).map(str::to_owned));
        for term in pairs.chain(start) {
            *counts.entry(term).or_default() += 1;
        }
    }
    let mut terms: Vec<(String, u64)> = counts.into_iter().collect();
    terms.sort_by(|a, b| float(b.1).total_cmp(&float(a.1)).then_with(|| a.0.cmp(&b.0)));
    terms.into_iter().take(6).map(|(term, _)| term).collect()
}

fn is_han(character: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&character)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn sample(name: &str, email: &str, phone: &str) -> Sample {
        Sample { id: String::new(), name: name.into(), email: Some(email.into()), phone: Some(phone.into()) }
    }

    #[test]
    fn terms_come_from_the_records() {
        let sample = sample("欧阳明华", "oymh88@example.com", "+86 138-1234-5678");
        assert_eq!(latin(&sample).unwrap(), "oymh");
        assert_eq!(han(&sample).unwrap(), "明华");
        assert_eq!(digits(&sample).unwrap(), "1381234");
    }

    #[test]
    fn common_terms_are_the_frequent_ones() {
        let samples = [sample("王小明", "wangxm@a", ""), sample("王小红", "wangxh@a", ""), sample("Ada", "ada@a", "")];
        assert_eq!(common(&samples).first().map(String::as_str), Some("wa"));
        assert!(common(&samples).contains(&"王小".to_owned()));
    }
}
