//! Who is named in a text: `@[Ada](user:0192f0c1-…)`, as an application writes it that lets its people choose from a list.
//! What stands in the brackets is for readers; who is meant says the id.
use std::collections::BTreeSet;
use uuid::Uuid;

/// So many are told by one text.
const MOST: usize = 50;
/// What stands in every text that names somebody.
pub const SCHEME: &str = "](user:";

/// Each of them once.
pub fn named(text: &str) -> BTreeSet<Uuid> {
    // what stands between two beginnings holds one name at most
    let ends = text.split("@[").skip(1).filter_map(|rest| rest.split_once(SCHEME));
    let ids = ends.filter(|(name, _)| !name.contains(']')).filter_map(|(_, rest)| rest.split_once(')'));
    ids.filter_map(|(id, _)| Uuid::try_parse(id).ok()).take(MOST).collect()
}

/// Those who were not in it before.
pub fn fresh(before: &str, now: &str) -> BTreeSet<Uuid> {
    let known = named(before);
    named(now).into_iter().filter(|user| !known.contains(user)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: &str = "0192f0c1-0000-7000-8000-00000000000a";
    const BOB: &str = "0192f0c1-0000-7000-8000-00000000000b";

    fn told(text: &str) -> Vec<String> {
        named(text).iter().map(Uuid::to_string).collect()
    }

    #[test]
    fn who_is_named_is_found_and_nobody_else() {
        for (text, ids) in [
            (format!("@[Ada](user:{ADA}), please call @[Bob (2)](user:{BOB})!"), vec![ADA, BOB]),
            (format!("@[Ada](user:{ADA}) @[Ada](user:{ADA})"), vec![ADA]),
            (format!("看一下 @[王 伟](user:{ADA})。"), vec![ADA]),
            (format!("@[@[Ada](user:{ADA})"), vec![ADA]),
            (format!("[Ada](user:{ADA}) user:{ADA} @[Ada] (user:{ADA})"), vec![]),
            (format!("@[Ada](team:{ADA}) @[Ada](user:nobody) @[Ada](user:{ADA}"), vec![]),
            (format!("@[a] and ](user:{ADA})"), vec![]),
            (String::new(), vec![]),
        ] {
            assert_eq!(told(&text), ids, "{text}");
        }
    }

    #[test]
    fn whoever_was_named_before_is_not_told_again() {
        let (one, both) = (format!("@[Ada](user:{ADA})"), format!("@[A](user:{ADA}) @[Bob](user:{BOB})"));
        assert_eq!(fresh(&one, &both).iter().map(Uuid::to_string).collect::<Vec<_>>(), [BOB]);
        assert_eq!((fresh(&both, &one).len(), fresh("", &both).len()), (0, 2));
    }

    #[test]
    fn a_text_of_names_alone_tells_no_more_than_fifty() {
        let many: String = (0..500).map(|_| format!("@[x](user:{})", Uuid::from_u128(rand()))).collect();
        assert_eq!(named(&many).len(), MOST);
    }

    fn rand() -> u128 {
        u128::from_le_bytes(crate::random::bytes::<16>())
    }
}
