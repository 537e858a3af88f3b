//! What has happened to a case, and what that is to the clocks of its promises. Pure.
//!
//! Whoever answers in public answers; whoever is answered nothing and solves or closes the case has answered as well. The
//! first question is the case itself: words of the customer begin a round of their own once that is answered. A round that
//! is open takes no second question.
use crate::promise::{Entry, Event};
use chrono::{DateTime, Utc};

/// Who said something that the customer reads or has written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Customer,
    Agent,
}

/// What has happened to a case, each in its order.
#[derive(Clone, Debug)]
pub struct Facts {
    pub opened_at: DateTime<Utc>,
    pub statuses: Vec<(DateTime<Utc>, String)>,
    pub said: Vec<(DateTime<Utc>, Who)>,
    /// when it was answered first, where that is known beside what was said
    pub first_response_at: Option<DateTime<Utc>>,
    /// since when it is archived
    pub gone_at: Option<DateTime<Utc>>,
}

/// What a status is to a clock.
fn event(status: &str, pausing_statuses: &[String]) -> Event {
    match status {
        "resolved" | "closed" => Event::Met,
        other if pausing_statuses.iter().any(|one| one == other) => Event::Paused,
        _ => Event::Resumed,
    }
}

impl Facts {
    /// The clock of its solution: opened again, it goes on.
    pub fn resolution(&self, pausing_statuses: &[String]) -> Vec<Entry> {
        let mut entries = vec![Entry::new(self.opened_at, Event::Started)];
        entries.extend(self.statuses.iter().map(|(at, status)| Entry::new(*at, event(status, pausing_statuses))));
        self.until_gone(entries)
    }

    /// The clock of its first answer, which ends once and for all.
    pub fn first_response(&self, pausing_statuses: &[String]) -> Vec<Entry> {
        let end = self.answered_at();
        let is_before = |at: DateTime<Utc>| end.is_none_or(|end| at < end);
        let statuses = self.statuses.iter().filter(|(at, _)| is_before(*at));
        let mut entries = vec![Entry::new(self.opened_at, Event::Started)];
        entries.extend(statuses.map(|(at, status)| Entry::new(*at, event(status, pausing_statuses))));
        entries.extend(end.map(|end| Entry::new(end, Event::Met)));
        self.until_gone(entries)
    }

    /// The clocks of its further answers, one a question.
    pub fn next_responses(&self, pausing_statuses: &[String]) -> Vec<Vec<Entry>> {
        let Some(first) = self.answered_at() else { return Vec::new() };
        let (mut rounds, mut is_open, mut is_waiting) = (Vec::<Vec<Entry>>::new(), false, false);
        for (at, step) in self.steps() {
            match step {
                Step::Status(status) => {
                    let event = event(status, pausing_statuses);
                    is_waiting = event == Event::Paused;
                    if let Some(round) = rounds.last_mut().filter(|_| is_open) {
                        round.push(Entry::new(at, event));
                        is_open = event != Event::Met;
                    }
                }
                Step::Said(Who::Agent) => {
                    if let Some(round) = rounds.last_mut().filter(|_| is_open) {
                        round.push(Entry::new(at, Event::Met));
                        is_open = false;
                    }
                }
                Step::Said(Who::Customer) if at > first && !is_open => {
                    let pause = is_waiting.then(|| Entry::new(at, Event::Paused));
                    rounds.push([Entry::new(at, Event::Started)].into_iter().chain(pause).collect());
                    is_open = true;
                }
                Step::Said(Who::Customer) => {}
            }
        }
        rounds.into_iter().map(|round| self.until_gone(round)).collect()
    }

    /// When nobody waited for its first answer any more.
    fn answered_at(&self) -> Option<DateTime<Utc>> {
        let said = self.said.iter().find(|(_, who)| *who == Who::Agent).map(|(at, _)| *at);
        let settled = self.statuses.iter().find(|(_, status)| event(status, &[]) == Event::Met).map(|(at, _)| *at);
        said.into_iter().chain(settled).chain(self.first_response_at).min().map(|at| at.max(self.opened_at))
    }

    /// Of one moment statuses come first: what opens a case again was said as it did.
    fn steps(&self) -> Vec<(DateTime<Utc>, Step<'_>)> {
        let statuses = self.statuses.iter().map(|(at, status)| (*at, Step::Status(status)));
        let mut steps: Vec<_> = statuses.chain(self.said.iter().map(|(at, who)| (*at, Step::Said(*who)))).collect();
        steps.sort_by_key(|(at, _)| *at);
        steps
    }

    fn until_gone(&self, mut entries: Vec<Entry>) -> Vec<Entry> {
        entries.extend(self.gone_at.map(|at| Entry::new(at, Event::Cancelled)));
        entries
    }
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Status(&'a str),
    Said(Who),
}

#[cfg(test)]
mod tests {
    use super::{Facts, Who};
    use crate::promise::Event::{Cancelled, Met, Paused, Resumed, Started};
    use crate::promise::{Entry, Event};
    use chrono::{DateTime, TimeDelta, Utc};

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn facts(statuses: &[(i64, &str)], said: &[(i64, Who)]) -> Facts {
        Facts {
            opened_at: at(0),
            statuses: statuses.iter().map(|(minute, status)| (at(*minute), (*status).to_owned())).collect(),
            said: said.iter().map(|(minute, who)| (at(*minute), *who)).collect(),
            first_response_at: None,
            gone_at: None,
        }
    }

    fn entries(told: &[(i64, Event)]) -> Vec<Entry> {
        told.iter().map(|(minute, event)| Entry::new(at(*minute), *event)).collect()
    }

    fn waiting() -> Vec<String> {
        vec!["pending".to_owned()]
    }

    #[test]
    fn the_first_answer_ends_its_clock_for_good() {
        let facts =
            facts(&[(0, "new"), (3, "pending"), (9, "open"), (12, "resolved")], &[(0, Who::Customer), (5, Who::Agent)]);
        let told = [(0, Started), (0, Resumed), (3, Paused), (5, Met)];
        assert_eq!(facts.first_response(&waiting()), entries(&told));
    }

    #[test]
    fn a_case_that_is_solved_without_a_word_is_answered() {
        let facts = facts(&[(0, "new"), (7, "resolved"), (9, "open")], &[]);
        assert_eq!(facts.first_response(&waiting()), entries(&[(0, Started), (0, Resumed), (7, Met)]));
        let told = [(0, Started), (0, Resumed), (7, Met), (9, Resumed)];
        assert_eq!(facts.resolution(&waiting()), entries(&told));
    }

    #[test]
    fn each_question_after_the_first_answer_has_a_round() {
        let said = [
            (1, Who::Customer),
            (2, Who::Agent),
            (3, Who::Customer),
            (4, Who::Customer),
            (6, Who::Agent),
            (7, Who::Agent),
            (8, Who::Customer),
        ];
        let facts = facts(&[(0, "new"), (2, "pending"), (3, "open"), (5, "pending"), (9, "resolved")], &said);
        let told = facts.next_responses(&waiting());
        let first = [(3, Started), (5, Paused), (6, Met)];
        assert_eq!(told, [entries(&first), entries(&[(8, Started), (8, Paused), (9, Met)])]);
    }

    #[test]
    fn nothing_is_waited_for_where_a_case_is_archived() {
        let gone = Facts { gone_at: Some(at(4)), ..facts(&[(0, "new")], &[]) };
        assert_eq!(gone.resolution(&[]), entries(&[(0, Started), (0, Resumed), (4, Cancelled)]));
        assert!(gone.next_responses(&[]).is_empty());
    }
}
