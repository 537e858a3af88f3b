//! One walk through the filtered lists, by the API alone: it finds records to ask for and the way to the last page.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Result;
use crate::client::Client;
use crate::options::Load;
use crate::request::{Request, encode};

const WIDE: usize = 200;
const PAGE: usize = 50;
const SAMPLES: u32 = 20_000;
const LONGEST: Duration = Duration::from_secs(240);

/// What stands in one contact that a request can ask for.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its id.
    pub id: String,
    /// Its display name.
    pub name: String,
    /// Its mail address.
    pub email: Option<String>,
    /// Its telephone number.
    pub phone: Option<String>,
}

/// The outcome of a walk.
#[derive(Default)]
pub struct Survey {
    /// Contacts from everywhere in the lists, shuffled.
    pub samples: Vec<Sample>,
    /// First pages, one for each value of the filter.
    pub first: Vec<Request>,
    /// Last full pages of the same lists.
    pub last: Vec<Request>,
    /// What the reader of the figures must know.
    pub notes: Vec<String>,
}

impl Survey {
    /// Walks every variant of the list to its end.
    pub fn take(client: &mut Client, load: &Load, size: u32) -> Result<Self> {
        let mut survey = Self::default();
        let stride = usize::try_from(size / SAMPLES).unwrap_or(0).max(1);
        let begun = Instant::now();
        for value in &load.values {
            let filter = encode(&load.filter.replace("{}", value));
            let list = format!("/v1/contacts?filter={filter}&sort={}", encode(&load.sort));
            survey.walk(client, &list, value, stride, begun)?;
        }
        if survey.samples.is_empty() {
            return Err("no list variant found a contact: see --filter and --values".into());
        }
        shuffle(&mut survey.samples);
        Ok(survey)
    }

    fn walk(&mut self, client: &mut Client, list: &str, value: &str, stride: usize, begun: Instant) -> Result<()> {
        let (mut cursor, mut full, mut seen): (String, Option<String>, usize) = (String::new(), None, 0);
        loop {
            let answer = client.json(&Request::get(format!("{list}&limit={WIDE}{cursor}")))?;
            let data = answer.get("data").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            self.samples.extend(data.iter().skip(until_next(seen, stride)).step_by(stride).filter_map(sample));
            seen += data.len();
            if data.len() >= PAGE {
                full = Some(cursor);
            }
            match answer.pointer("/page/next_cursor").and_then(Value::as_str) {
                Some(next) if begun.elapsed() < LONGEST => cursor = format!("&cursor={}", encode(next)),
                Some(_) => {
                    self.notes.push(format!("{value}: walked {seen} records only, the last page lies deeper"));
                    break;
                }
                None => break,
            }
        }
        match full {
            Some(cursor) => {
                self.first.push(Request::get(format!("{list}&limit={PAGE}")));
                self.last.push(Request::get(format!("{list}&limit={PAGE}{cursor}")));
            }
            None => self.notes.push(format!("{value}: {seen} records fill no page; not measured")),
        }
        Ok(())
    }
}

/// How many records to pass over so that the stride goes on evenly over the borders of pages.
fn until_next(seen: usize, stride: usize) -> usize {
    (stride - seen % stride) % stride
}

fn sample(record: &Value) -> Option<Sample> {
    let text = |name: &str| record.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Sample {
        id: text("id")?,
        name: text("display_name").unwrap_or_default(),
        email: text("email"),
        phone: text("phone"),
    })
}

/// Mixes with a fixed seed: the same records give the same order on every machine.
fn shuffle<T>(items: &mut [T]) {
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    for at in (1..items.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let bound = u64::try_from(at + 1).unwrap_or(1);
        items.swap(at, usize::try_from(state % bound).unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shuffling_keeps_every_item() {
        let mut items: Vec<u32> = (0..1000).collect();
        shuffle(&mut items);
        assert_ne!(items.first(), Some(&0));
        items.sort_unstable();
        assert!(items.into_iter().eq(0..1000));
    }

    #[test]
    fn the_stride_goes_on_over_page_borders() {
        let page = |at: usize| (at * 200..at * 200 + 200).skip(until_next(at * 200, 30)).step_by(30);
        let taken: Vec<usize> = (0..3).flat_map(page).collect();
        assert!(taken.iter().all(|at| at % 30 == 0));
        assert_eq!(taken.len(), 20);
    }
}
