//! A piece of a text around what was asked for, which is marked. Everything else of it is shown as it is written: no sign
//! of it means anything to a browser.

/// How much of a text is shown, and how much of that before what was found.
const LONG: usize = 180;
const BEFORE: usize = 50;

/// The piece of `text`, in which the words of `asked` are marked.
#[must_use]
pub fn snippet(text: &str, asked: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let folded: Vec<char> = chars.iter().map(|c| fold(*c)).collect();
    let words = words(asked);
    let first = words.iter().filter_map(|word| find(&folded, word, 0)).min().unwrap_or_default();
    let from = if first <= BEFORE { 0 } else { first - BEFORE };
    let until = chars.len().min(from + LONG);
    let mut shown = String::with_capacity(LONG * 2);
    if from > 0 {
        shown.push('…');
    }
    let mut at = from;
    while at < until {
        let met = words.iter().filter(|word| starts(&folded, word, at)).map(Vec::len).max();
        match met {
            Some(long) => {
                shown.push_str("<mark>");
                chars.iter().skip(at).take(long).for_each(|c| plain(&mut shown, *c));
                shown.push_str("</mark>");
                at += long;
            }
            None => {
                chars.iter().skip(at).take(1).for_each(|c| plain(&mut shown, *c));
                at += 1;
            }
        }
    }
    if at < chars.len() {
        shown.push('…');
    }
    shown
}

/// What is asked for, by its words; a stretch of Chinese is one.
fn words(asked: &str) -> Vec<Vec<char>> {
    let words = asked.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.take(12).map(|word| word.chars().map(fold).collect()).collect()
}

fn fold(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

fn starts(text: &[char], word: &[char], at: usize) -> bool {
    text.get(at..at + word.len()).is_some_and(|here| here == word)
}

fn find(text: &[char], word: &[char], from: usize) -> Option<usize> {
    (from..text.len()).find(|at| starts(text, word, *at))
}

fn plain(shown: &mut String, c: char) {
    match c {
        '<' => shown.push_str("&lt;"),
        '>' => shown.push_str("&gt;"),
        '&' => shown.push_str("&amp;"),
        '"' => shown.push_str("&quot;"),
        '\'' => shown.push_str("&#39;"),
        other => shown.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::snippet;

    #[test]
    fn what_was_asked_for_is_marked() {
        assert_eq!(snippet("Click Refund now", "refund"), "Click <mark>Refund</mark> now");
        assert_eq!(snippet("在订单页点击申请退款。", "申请退款"), "在订单页点击<mark>申请退款</mark>。");
        assert_eq!(snippet("nothing here", "refund"), "nothing here");
    }

    #[test]
    fn nothing_else_means_anything_to_a_browser() {
        let shown = snippet("<script>alert('x')</script> & \"refund\"", "refund <script>");
        assert!(!shown.replace("<mark>", "").replace("</mark>", "").contains(['<', '>', '"', '\'']), "{shown}");
    }

    #[test]
    fn a_long_text_is_shown_where_it_was_found() {
        let text = format!("{} needle {}", "x".repeat(500), "y".repeat(500));
        let shown = snippet(&text, "needle");
        assert!(shown.starts_with('…') && shown.ends_with('…') && shown.contains("<mark>needle</mark>"));
        assert!(shown.chars().count() < 250);
    }
}
