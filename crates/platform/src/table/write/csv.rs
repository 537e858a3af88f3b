//! CSV as RFC 4180 has it. A cell that a spreadsheet would compute gets an apostrophe in front; a figure is none.
use super::super::escape::inert;
use super::Cell;

/// Without it a spreadsheet takes the text for Latin-1.
pub const MARK: &str = "\u{feff}";

/// A line with its end.
pub fn line<'a>(cells: impl Iterator<Item = Cell<'a>>) -> String {
    let (mut line, mut count) = (String::new(), 0);
    for cell in cells {
        if count > 0 {
            line.push(',');
        }
        count += 1;
        match cell {
            Cell::None => {}
            Cell::Text(text) => push(&mut line, &inert(&text)),
            Cell::Number(figure) => push(&mut line, &figure),
            Cell::Bool(is) => line.push_str(if is { "true" } else { "false" }),
        }
    }
    if line.is_empty() && count == 1 {
        line.push_str("\"\""); // a blank line would be no row
    }
    line.push_str("\r\n");
    line
}

/// Quoted where it must be.
fn push(line: &mut String, text: &str) {
    let edge = text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace);
    if edge || text.contains([',', '"', '\n', '\r', ';', '\t']) {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, line};

    #[test]
    fn cells_are_quoted_where_they_must_be_and_figures_stay_figures() {
        let text = |text: &'static str| Cell::Text(text.into());
        let cells = [text("a,b"), text("say \"x\""), text("=1+1"), Cell::Number("-12.50".into()), Cell::Bool(true)];
        assert_eq!(line(cells.into_iter()), "\"a,b\",\"say \"\"x\"\"\",'=1+1,-12.50,true\r\n");
        assert_eq!(line([Cell::None, text(" x\ny")].into_iter()), ",\" x\ny\"\r\n");
        assert_eq!(line([Cell::None].into_iter()), "\"\"\r\n");
    }
}
