//! PostgreSQL's log, read back into statements: what one request really asked of the database.
//! Understands the lines of `log_statement = all`: `execute NAME: …` with its parameters, and `statement: …`.
//! A continued line begins with a tab; parameters are quoted as SQL strings.

/// A statement as the server logged it.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// SQL with `$1`, `$2`, … where it was prepared.
    pub text: String,
    /// The values of those parameters, `None` for null.
    pub params: Vec<Option<String>>,
}

/// All statements of a piece of log, in order.
pub fn read(log: &str) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    for record in records(log) {
        if let Some(text) = statement_of(&record) {
            statements.push(Statement { text: text.trim().trim_end_matches(';').to_owned(), params: Vec::new() });
        } else if let (Some(values), Some(last)) = (values_of(&record), statements.last_mut()) {
            last.params = params(values);
        }
    }
    statements
}

/// Joins continued lines.
fn records(log: &str) -> Vec<String> {
    let mut records: Vec<String> = Vec::new();
    for line in log.split('\n') {
        match (line.strip_prefix('\t'), records.last_mut()) {
            (Some(more), Some(last)) => {
                last.push('\n');
                last.push_str(more);
            }
            _ => records.push(line.to_owned()),
        }
    }
    records
}

fn statement_of(record: &str) -> Option<&str> {
    let (_, message) = record.split_once("LOG:  ")?;
    if let Some(text) = message.strip_prefix("statement: ") {
        return Some(text);
    }
    // "execute NAME/PORTAL: SQL"; diesel's names hold no colon
    message.strip_prefix("execute ")?.split_once(": ").map(|(_, text)| text)
}

fn values_of(record: &str) -> Option<&str> {
    let (_, detail) = record.split_once("DETAIL:  ")?;
    detail.strip_prefix("parameters: ").or_else(|| detail.strip_prefix("Parameters: "))
}

/// Reads `$1 = 'it''s', $2 = NULL`.
fn params(text: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(" = ") {
        if let Some(quoted) = after.strip_prefix('\'') {
            let (value, end) = quoted_value(quoted);
            values.push(Some(value));
            rest = end;
        } else {
            values.push(None);
            rest = after.strip_prefix("NULL").unwrap_or_default();
        }
    }
    values
}

fn quoted_value(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut rest = text;
    while let Some((piece, after)) = rest.split_once('\'') {
        value.push_str(piece);
        match after.strip_prefix('\'') {
            Some(more) => {
                value.push('\'');
                rest = more;
            }
            None => return (value, after),
        }
    }
    value.push_str(rest);
    (value, "")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn some(values: &[&str]) -> Vec<Option<String>> {
        values.iter().map(|value| Some((*value).to_owned())).collect()
    }

    #[test]
    fn reads_prepared_statements_with_their_parameters() {
        let log = "2026-11-21 10:00:00 UTC [41] LOG:  execute __diesel_stmt_2: SELECT \"id\"\n\tFROM t WHERE id = $1 AND x = $2\n\
                   2026-11-21 10:00:00 UTC [41] DETAIL:  parameters: $1 = '0190-a', $2 = 'it''s, $2 = ''x'''\n\
                   [41] LOG:  statement: COMMIT;\n";
        let statements = read(log);
        assert_eq!(statements.len(), 2);
        assert_eq!(statements[0].text, "SELECT \"id\"\nFROM t WHERE id = $1 AND x = $2");
        assert_eq!(statements[0].params, some(&["0190-a", "it's, $2 = 'x'"]));
        assert_eq!(statements[1], Statement { text: "COMMIT".into(), params: vec![] });
    }

    #[test]
    fn nulls_newlines_and_the_capital_letter_of_newer_servers() {
        let log = "LOG:  execute <unnamed>: INSERT INTO t VALUES ($1, $2, $3)\nDETAIL:  Parameters: $1 = NULL, $2 = 'a\n\tb', $3 = ''\n";
        let statements = read(log);
        assert_eq!(statements[0].params, vec![None, Some("a\nb".into()), Some(String::new())]);
    }

    #[test]
    fn other_lines_are_passed_over() {
        let log = "LOG:  checkpoint starting: time\nERROR:  no\nDETAIL:  Key (id)=(1) exists.\nHINT:  x\nLOG:  statement: BEGIN\n\n";
        assert_eq!(read(log).iter().map(|s| s.text.as_str()).collect::<Vec<_>>(), ["BEGIN"]);
    }

    #[test]
    fn a_cut_value_ends_with_the_text() {
        assert_eq!(params("$1 = 'abc"), some(&["abc"]));
        assert_eq!(params(""), vec![]);
    }
}
