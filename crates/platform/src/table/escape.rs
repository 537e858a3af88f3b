//! Texts that a spreadsheet would compute. In a CSV file they begin with an apostrophe, which reading takes off again: of
//! every text, what was written is what is read.

/// What a spreadsheet takes for the beginning of a formula.
const COMPUTED: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Whether an apostrophe in front has been put there, or would be taken for one that has.
fn is_marked(text: &str) -> bool {
    text.strip_prefix('\'').is_some_and(|rest| rest.starts_with(COMPUTED) || rest.starts_with('\''))
}

/// The text as a cell that nothing computes.
pub fn inert(text: &str) -> std::borrow::Cow<'_, str> {
    if text.starts_with(COMPUTED) || is_marked(text) { format!("'{text}").into() } else { text.into() }
}

/// The text that such a cell stands for.
pub fn meant(cell: &str) -> &str {
    if is_marked(cell) { cell.strip_prefix('\'').unwrap_or(cell) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::{inert, meant};
    use proptest::prelude::*;

    #[test]
    fn nothing_is_left_to_compute() {
        for text in ["=1+1", "+49 30", "-12.50", "@x", "\tx", "\rx"] {
            assert_eq!(inert(text), format!("'{text}"));
        }
        assert_eq!(inert("plain 上海 = x"), "plain 上海 = x");
        assert_eq!(inert("'tis"), "'tis");
        assert_eq!(meant("'tis"), "'tis");
    }

    proptest! {
        #[test]
        fn what_was_written_is_what_is_read(text in "['=+@\\t\\r a-]{0,6}") {
            let cell = inert(&text);
            prop_assert!(!cell.starts_with(super::COMPUTED));
            prop_assert_eq!(meant(&cell), text.as_str());
        }
    }
}
