//! The order in which rows are sealed: that of transactions, and within a record that of its versions.
//!
//! A transaction with a higher number may change a record before one with a lower number does. The rows of a record keep
//! the places that they have among the others, and share them out by version; what comes with them stands in front of
//! the first. A record that was purged and made again begins a life in which versions count anew.
use super::Row;
use kernel::TenantId;
use kernel::event::Verb;
use std::collections::{HashMap, HashSet, VecDeque};
use uuid::Uuid;

type Record = (TenantId, Uuid);

pub fn is_first(row: &Row) -> bool {
    ends_with(row, Verb::Created)
}

/// Ends a life; it has the version of what went.
pub fn is_last(row: &Row) -> bool {
    ends_with(row, Verb::Purged)
}

fn ends_with(row: &Row, verb: Verb) -> bool {
    row.action.rsplit('.').next() == Some(verb.name())
}

/// `due` in the order of transactions, with what else of its records comes with it; `begun` are the records of which
/// something is sealed, among those that were made and purged in between.
pub fn by_version(due: Vec<Row>, earlier: Vec<Row>, begun: &HashSet<Record>) -> Vec<Row> {
    let mut places: Vec<Option<Record>> = Vec::with_capacity(due.len());
    let mut records: HashMap<Record, Vec<Row>> = HashMap::new();
    let mut alone = VecDeque::new();
    for row in due {
        let record = row.version.map(|_| (row.tenant_id, row.object_id));
        places.push(record);
        match record {
            Some(record) => records.entry(record).or_default().push(row),
            None => alone.push_back(row),
        }
    }
    let mut further: HashMap<Record, usize> = HashMap::new();
    for row in earlier {
        let record = (row.tenant_id, row.object_id);
        *further.entry(record).or_default() += 1;
        records.entry(record).or_default().push(row);
    }
    let mut queues: HashMap<Record, VecDeque<Row>> = records
        .into_iter()
        .map(|(record, rows)| (record, VecDeque::from(sorted(rows, begun.contains(&record)))))
        .collect();
    let mut ordered = Vec::new();
    for place in places {
        match place {
            None => ordered.extend(alone.pop_front()),
            Some(record) => {
                let many = 1 + further.remove(&record).unwrap_or_default();
                let next = queues.get_mut(&record).into_iter().flat_map(|queue| queue.drain(..many.min(queue.len())));
                ordered.extend(next);
            }
        }
    }
    ordered
}

/// The rows of one record, which come in the order of transactions.
fn sorted(rows: Vec<Row>, begun: bool) -> Vec<Row> {
    let lives = rows.iter().filter(|row| is_first(row)).count() + usize::from(begun);
    let mut life = 0;
    let mut numbered = Vec::with_capacity(rows.len());
    for row in rows {
        // several lives are told apart by the order of transactions, one by nothing
        if lives > 1 && is_first(&row) && !numbered.is_empty() {
            life += 1;
        }
        numbered.push((life, row));
    }
    numbered.sort_by_key(|(life, row)| (*life, row.version, is_last(row)));
    numbered.into_iter().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn row(action: &str, object: u128, version: Option<i32>, xact: i64) -> Row {
        Row {
            tenant_id: TenantId(Uuid::nil()),
            id: Uuid::from_u128(u128::try_from(xact).unwrap()),
            action: format!("thing.{action}"),
            noun: "thing".into(),
            object_id: Uuid::from_u128(object),
            version,
            actor_id: Uuid::nil(),
            api_key_id: None,
            session_id: None,
            request_id: Uuid::nil(),
            occurred_at: DateTime::UNIX_EPOCH,
            xact,
            address: None,
            details: None,
            data: None,
        }
    }

    fn told(rows: &[Row]) -> Vec<(&str, u128, i64)> {
        rows.iter().map(|row| (&row.action[6..], row.object_id.as_u128(), row.xact)).collect()
    }

    #[test]
    fn versions_share_out_the_places_of_their_record_and_others_keep_theirs() {
        let due = vec![
            row("updated", 1, Some(3), 10),
            row("updated", 2, Some(5), 11),
            row("noted", 1, None, 12),
            row("created", 1, Some(1), 13),
        ];
        let earlier = vec![row("updated", 1, Some(2), 20)];
        let ordered = by_version(due, earlier, &HashSet::new());
        let expected =
            [("created", 1, 13), ("updated", 1, 20), ("updated", 2, 11), ("noted", 1, 12), ("updated", 1, 10)];
        assert_eq!(told(&ordered), expected);
    }

    #[test]
    fn a_purge_is_the_end_whatever_its_transaction() {
        let due = vec![row("purged", 1, Some(2), 10), row("updated", 1, Some(2), 11), row("created", 1, Some(1), 12)];
        let ordered = by_version(due, Vec::new(), &HashSet::new());
        assert_eq!(told(&ordered), [("created", 1, 12), ("updated", 1, 11), ("purged", 1, 10)]);
    }

    #[test]
    fn a_record_that_is_made_again_counts_anew() {
        let life = |from: i64| {
            [
                row("created", 1, Some(1), from),
                row("updated", 1, Some(2), from + 1),
                row("purged", 1, Some(2), from + 2),
            ]
        };
        let due: Vec<Row> = life(10).into_iter().chain(life(20)).collect();
        let places: Vec<i64> = by_version(due, Vec::new(), &HashSet::new()).iter().map(|row| row.xact).collect();
        assert_eq!(places, [10, 11, 12, 20, 21, 22]);
        // what was sealed of its first life is known
        let due = vec![row("purged", 1, Some(4), 10), row("created", 1, Some(1), 11), row("updated", 1, Some(2), 12)];
        let begun = HashSet::from([(TenantId(Uuid::nil()), Uuid::from_u128(1))]);
        assert_eq!(by_version(due, Vec::new(), &begun).iter().map(|row| row.xact).collect::<Vec<_>>(), [10, 11, 12]);
    }

    /// Random histories: whatever the numbers of transactions, each record comes in its own order, and nothing is lost.
    #[test]
    fn whatever_the_transactions_each_record_comes_in_its_order() {
        let mut dice = 7_u64;
        let mut below = |many: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % many
        };
        for _ in 0..500 {
            let (mut versions, mut rows) = ([0_i32; 5], Vec::new());
            for _ in 0..40 {
                let object = usize::try_from(below(5)).unwrap();
                versions[object] += 1;
                let xact = i64::try_from(below(1_000)).unwrap();
                let action = if versions[object] == 1 { "created" } else { "updated" };
                rows.push(row(action, u128::try_from(object).unwrap(), Some(versions[object]), xact));
            }
            rows.sort_by_key(|row| (row.xact, row.object_id));
            let all = rows.len();
            // what is due is a part by its numbers; of its records, what it stands on comes with it
            let (due, later): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.xact < 500);
            let newest =
                |row: &Row| due.iter().filter(|one| one.object_id == row.object_id).filter_map(|one| one.version).max();
            let (earlier, rest): (Vec<Row>, Vec<Row>) = later.into_iter().partition(|row| row.version < newest(row));
            let mut ordered = by_version(due, earlier, &HashSet::new());
            ordered.extend(by_version(rest, Vec::new(), &HashSet::new()));
            assert_eq!(ordered.len(), all);
            for object in 0..5 {
                let of: Vec<i32> = ordered
                    .iter()
                    .filter(|row| row.object_id.as_u128() == object)
                    .filter_map(|row| row.version)
                    .collect();
                assert!(of.is_sorted(), "{of:?}");
            }
        }
    }
}
