//! Small pieces of SQL text: literals that pgbench leaves alone, parameters and ids found in a text.

/// A string literal. pgbench takes `:name` for a variable even within quotes, so colons are written as escapes.
pub fn literal(value: &str) -> String {
    let plain = value.replace('\'', "''");
    if !plain.contains([':', '\\', '\n', '\r', '\t']) {
        return format!("'{plain}'");
    }
    let escaped = plain.replace('\\', "\\\\").replace(':', "\\x3A");
    let escaped = escaped.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t");
    format!("E'{escaped}'")
}

/// Puts an expression in the place of each `$n` outside quotes.
pub fn replace_params(text: &str, mut expression: impl FnMut(usize) -> String) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut quote = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            (None, '$') if rest.peek().is_some_and(char::is_ascii_digit) => {
                let mut number = 0;
                while let Some(digit) = rest.peek().and_then(|next| next.to_digit(10)) {
                    number = number * 10 + usize::try_from(digit).unwrap_or(0);
                    rest.next();
                }
                out.push_str(&expression(number));
                continue;
            }
            _ => {}
        }
        out.push(character);
    }
    out
}

/// The ids in a text: 36 characters of hexadecimal digits with four hyphens in their places.
pub fn uuids(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut at = 0;
    while at + 36 <= text.len() {
        match text.get(at..at + 36).filter(|piece| is_uuid(piece)) {
            Some(id) => {
                found.push(id);
                at += 36;
            }
            None => at += 1,
        }
    }
    found
}

fn is_uuid(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

/// Cuts a value at its tokens: literals between, each token's expression (as text) in its place.
pub fn split(value: &str, tokens: &[(&str, String)]) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = value;
    loop {
        let next = tokens.iter().filter_map(|token| rest.find(token.0).map(|at| (at, token))).min_by_key(|(at, _)| *at);
        let Some((at, (token, expression))) = next else { break };
        let (before, after) = rest.split_at(at);
        if !before.is_empty() || pieces.is_empty() {
            pieces.push(literal(before));
        }
        pieces.push(format!("({expression})::text"));
        rest = after.strip_prefix(token).unwrap_or_default();
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(literal(rest));
    }
    pieces
}

/// What stands in an array, as PostgreSQL writes one; an object of JSON is none.
pub fn items(value: &str) -> Option<&str> {
    let items = value.strip_prefix('{')?.strip_suffix('}')?;
    let is_object = !items.is_empty() && serde_json::from_str::<serde_json::Value>(value).is_ok();
    (!is_object).then_some(items)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ID: &str = "0190b6a0-0000-7000-8000-00000000000a";

    #[test]
    fn a_literal_hides_its_colons() {
        assert_eq!(literal("O'Neil 客"), "'O''Neil 客'");
        assert_eq!(literal("{\"a\":true}\\n\n"), "E'{\"a\"\\x3Atrue}\\\\n\\n'");
    }

    #[test]
    fn parameters_in_quotes_stay() {
        let text = "SELECT \"$1\", '$2', 'it''s $3', $1, $12::int FROM t WHERE a = $2";
        let out = replace_params(text, |n| format!("<{n}>"));
        assert_eq!(out, "SELECT \"$1\", '$2', 'it''s $3', <1>, <12>::int FROM t WHERE a = <2>");
    }

    #[test]
    fn ids_are_found_among_other_text() {
        assert_eq!(uuids(&format!("客{{\"id\":\"{ID}\",\"b\":\"{ID}\"}}")), [ID, ID]);
        assert_eq!(uuids(ID), [ID]);
        assert!(uuids("0190b6a0-0000").is_empty());
    }

    #[test]
    fn a_value_is_cut_at_its_tokens() {
        let tokens = [("77", ":serial".to_owned()), (ID, ":id".to_owned())];
        let value = format!("b77@x.example {ID}");
        assert_eq!(split(&value, &tokens), ["'b'", "(:serial)::text", "'@x.example '", "(:id)::text"]);
        assert_eq!(split("77", &tokens), ["''", "(:serial)::text"]);
        assert_eq!(split("none", &tokens), ["'none'"]);
    }
}
