//! From the statements a few requests made, a pgbench script that asks the same of the database.
//!
//! The SQL is the server's own. Of its parameters, those that were equal in every probe become literals; the id of the
//! record asked about is picked at random out of those that the requests name; a number or id that was new in each
//! probe is new in each transaction; any other that varied is picked out of the values seen. Picks are
//! `(ARRAY[…])[:k]`: one statement, planned and kept as the server's is. `= ANY` over a single value becomes `=`,
//! which is the stricter limit.

use std::collections::{BTreeMap, BTreeSet};

use crate::sql;
use crate::statements::Statement;

/// What one request of a kind did.
#[derive(Clone, Debug, Default)]
pub struct Probe {
    /// The id of the record it was about.
    pub about: Option<String>,
    /// The serial number in its body.
    pub serial: Option<String>,
    /// The statements it caused.
    pub statements: Vec<Statement>,
}

/// Writes the script, or `None` when the probes show no statement. `types` names the parameter types of a statement,
/// as the database infers them; `ids` are records to pick from.
pub fn write(probes: &[Probe], ids: &[String], types: &mut dyn FnMut(&Statement) -> Vec<String>) -> Option<String> {
    let probes: Vec<Probe> = alike(probes).into_iter().map(without_single_arrays).collect();
    let first = probes.first().filter(|probe| !probe.statements.is_empty())?;
    let fresh = if first.serial.is_some() { fresh(&probes) } else { Vec::new() };
    let script = Script { fresh, probes: &probes, ids };
    let mut body = String::new();
    for (at, statement) in first.statements.iter().enumerate() {
        let types = if statement.params.is_empty() { Vec::new() } else { types(statement) };
        let text = sql::replace_params(&statement.text, |number| script.expression(at, number, types.get(number - 1)));
        body.push_str(&text);
        body.push_str(";\n");
    }
    Some(script.preamble(&body) + &body)
}

/// The probes whose statements are those of most: what a worker or a cache asked meanwhile is in few of them.
fn alike(probes: &[Probe]) -> Vec<Probe> {
    let mut groups: BTreeMap<Vec<&str>, Vec<&Probe>> = BTreeMap::new();
    for probe in probes {
        groups.entry(probe.statements.iter().map(|s| s.text.as_str()).collect()).or_default().push(probe);
    }
    let most = groups.into_values().max_by_key(Vec::len).unwrap_or_default();
    most.into_iter().cloned().collect()
}

fn without_single_arrays(mut probe: Probe) -> Probe {
    for statement in &mut probe.statements {
        for (at, value) in statement.params.iter_mut().enumerate() {
            let single = value.as_deref().and_then(sql::items);
            let Some(single) = single.filter(|v| !v.is_empty() && !v.contains([',', '"', '\\'])) else { continue };
            let any = format!("= ANY(${})", at + 1);
            if statement.text.matches(&format!("${})", at + 1)).count() == 1 && statement.text.contains(&any) {
                let single = single.to_owned();
                statement.text = statement.text.replace(&any, &format!("= ${}", at + 1));
                *value = Some(single);
            }
        }
    }
    probe
}

/// The ids in the first probe that no other probe has: the server made them for that request.
fn fresh(probes: &[Probe]) -> Vec<String> {
    let all = |probe: &Probe| -> BTreeSet<String> {
        let values = probe.statements.iter().flat_map(|s| s.params.iter().flatten());
        values.flat_map(|value| sql::uuids(value)).map(str::to_owned).collect()
    };
    let Some((first, others)) = probes.split_first() else { return Vec::new() };
    let others: BTreeSet<String> = others.iter().flat_map(all).collect();
    let own = all(first).into_iter();
    own.filter(|id| !others.contains(id) && first.about.as_ref() != Some(id)).collect()
}

struct Script<'a> {
    probes: &'a [Probe],
    ids: &'a [String],
    fresh: Vec<String>,
}

impl Script<'_> {
    /// Sets what the body uses and nothing more, for pgbench's own time counts. `n` and `run` come from the command
    /// line; ids are made of decimal digits, which are hexadecimal ones too, and rise like a clock, so that they land
    /// at the right end of an index as the server's do.
    fn preamble(&self, body: &str) -> String {
        let mut out = String::new();
        if body.contains("[:k]") {
            out.push_str(&format!("\\set k random(1, {})\n", self.ids.len()));
        }
        if body.contains("[:v]") {
            out.push_str(&format!("\\set v random(1, {})\n", self.probes.len()));
        }
        if self.writes() {
            out.push_str("\\set n :n + 1\n");
            out.push_str("\\set serial 500000000000 + :run * 100000000 + :client_id * 1000000 + :n\n");
        }
        for slot in 0..self.fresh.len() {
            out.push_str(&format!(
                "\\set h{slot} (20000000000 + :run * 10000000 + :n) * 10000 + 7000 + random(0, 999)\n\
                 \\set l{slot} 8000000000000000 + random(0, 999999999999999)\n"
            ));
        }
        out
    }

    fn expression(&self, statement: usize, number: usize, of_type: Option<&String>) -> String {
        let values: Vec<Option<&str>> = self.probes.iter().map(|probe| value(probe, statement, number)).collect();
        let first = values.first().copied().flatten();
        let array = first.and_then(sql::items).is_some();
        let cast = match of_type {
            Some(name) => format!("::{name}"),
            // a function that takes an array tells no type
            None => if array { "::text[]" } else { "" }.to_owned(),
        };
        // a write happens now: the same moment again and again would spare the indexes on it
        if self.writes() && first.is_some() && of_type.is_some_and(|name| name == "timestamp with time zone") {
            return "now()".to_owned();
        }
        if let Some(template) = first.and_then(|value| self.template(value)) {
            return format!("({template}){cast}");
        }
        if values.windows(2).all(|pair| matches!(pair, [a, b] if a == b)) || self.writes() {
            return first.map_or_else(|| format!("NULL{cast}"), |value| format!("{}{cast}", sql::literal(value)));
        }
        let list: Vec<String> =
            values.iter().map(|value| value.map_or_else(|| "NULL".to_owned(), sql::literal)).collect();
        match of_type.filter(|name| !name.ends_with("[]")) {
            Some(name) => format!("(ARRAY[{}]::{name}[])[:v]", list.join(",")),
            None => format!("((ARRAY[{}]::text[])[:v]){cast}", list.join(",")),
        }
    }

    /// The value with its moving parts (the record's id, new ids, the serial number) as expressions, if it has any.
    fn template(&self, value: &str) -> Option<String> {
        let first = self.probes.first()?;
        let mut tokens: Vec<(&str, String)> = Vec::new();
        if let Some(about) = first.about.as_deref().filter(|_| !self.ids.is_empty()) {
            let ids: Vec<String> = self.ids.iter().map(|id| format!("'{id}'")).collect();
            tokens.push((about, format!("(ARRAY[{}]::uuid[])[:k]", ids.join(","))));
        }
        if let Some(serial) = first.serial.as_deref() {
            tokens.push((serial, ":serial::text".to_owned()));
        }
        for (slot, id) in self.fresh.iter().enumerate() {
            tokens.push((id, format!("('0' || :h{slot}::text || :l{slot}::text)::uuid")));
        }
        if let Some((_, whole)) = tokens.iter().find(|(token, _)| *token == value) {
            return Some(whole.clone());
        }
        let pieces = sql::split(value, &tokens);
        (pieces.len() > 1).then(|| pieces.join(" || "))
    }

    fn writes(&self) -> bool {
        self.probes.first().is_some_and(|probe| probe.serial.is_some())
    }
}

fn value(probe: &Probe, statement: usize, number: usize) -> Option<&str> {
    probe.statements.get(statement)?.params.get(number - 1)?.as_deref()
}

#[cfg(test)]
#[path = "script_tests.rs"]
mod tests;
