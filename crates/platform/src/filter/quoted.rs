//! A quoted text, by CEL's escapes. Never holds U+0000: PostgreSQL has none in text, and it is better refused here
//! than an error there.
use super::lexer::Refused;
use super::refusal::{FILTER_BAD_LITERAL, FILTER_SYNTAX, FILTER_UNSUPPORTED};
use kernel::{Code, Text, text};
use std::iter::Skip;
use std::str::CharIndices;

type Chars<'a> = Skip<CharIndices<'a>>;

/// The value of the string that `text` starts with, and how many bytes it takes.
pub fn read(text: &str, quote: char) -> Result<(String, usize), Refused> {
    if text.chars().take(3).filter(|c| *c == quote).count() == 3 {
        return refuse(0, FILTER_UNSUPPORTED, text!("triple quotes are not read"));
    }
    let mut chars = text.char_indices().skip(1);
    let mut value = String::new();
    while let Some((i, c)) = chars.next() {
        let plain = match c {
            '\n' | '\r' => break,
            '\\' => match chars.next() {
                None => break,
                Some((_, kind)) => escaped(kind, &mut chars),
            },
            c if c == quote => return Ok((value, i + 1)),
            c => Some(c),
        };
        match plain {
            Some('\0') => return refuse(i, FILTER_BAD_LITERAL, text!("text cannot hold U+0000")),
            Some(c) => value.push(c),
            None => return refuse(i, FILTER_SYNTAX, text!("this escape is not known")),
        }
    }
    refuse(0, FILTER_SYNTAX, text!("the string does not end"))
}

fn refuse<T>(at: usize, code: Code, detail: Text) -> Result<T, Refused> {
    Err((at, code, detail))
}

fn escaped(kind: char, chars: &mut Chars) -> Option<char> {
    match kind {
        'a' => Some('\u{7}'),
        'b' => Some('\u{8}'),
        'f' => Some('\u{c}'),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'v' => Some('\u{b}'),
        '\\' | '?' | '"' | '\'' | '`' => Some(kind),
        'x' | 'X' => digits(None, 2, 16, chars),
        'u' => digits(None, 4, 16, chars),
        'U' => digits(None, 8, 16, chars),
        '0'..='3' => digits(Some(kind), 2, 8, chars),
        _ => None,
    }
}

/// `count` digits, after `first` if one was read already.
fn digits(first: Option<char>, count: usize, radix: u32, chars: &mut Chars) -> Option<char> {
    let mut value = first.map_or(Some(0), |c| c.to_digit(radix))?;
    for _ in 0..count {
        let (_, c) = chars.next()?;
        value = value.checked_mul(radix)?.checked_add(c.to_digit(radix)?)?;
    }
    char::from_u32(value)
}
