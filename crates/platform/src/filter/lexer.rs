//! Text → tokens, one at a time, by CEL's rules.
use super::refusal::{FILTER_BAD_LITERAL, FILTER_SYNTAX, FILTER_UNSUPPORTED};
use super::{literal, quoted};
use kernel::{Code, Text, text};
use rust_decimal::Decimal;

#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    Name(String),
    Text(String),
    Number(Decimal),
    Sign(&'static str),
    End,
}

/// Where, which rule, and a word for people.
pub type Refused = (usize, Code, Text);

/// Longer ones first: the first that fits is taken.
const SIGNS: [&str; 23] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", ".", ",", "+", "-", "*", "/", "%", "?", ":",
    "{",
];

pub struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next token and where it starts.
    pub fn token(&mut self) -> Result<(usize, Token), Refused> {
        self.at = self.text.len() - self.rest().trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']).len();
        let (start, rest) = (self.at, self.rest());
        let Some(first) = rest.chars().next() else { return Ok((start, Token::End)) };
        let second = rest.as_bytes().get(1).copied().unwrap_or_default();
        let token = match first {
            '0'..='9' => self.number(),
            '.' if second.is_ascii_digit() => self.number(),
            '"' | '\'' => self.string(first),
            'a'..='z' | 'A'..='Z' | '_' => self.name(),
            '/' if second == b'/' => Err((start, FILTER_UNSUPPORTED, text!("comments are not read"))),
            _ => self.sign(first),
        };
        Ok((start, token?))
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn sign(&mut self, first: char) -> Result<Token, Refused> {
        let sign = SIGNS.into_iter().find(|sign| self.rest().starts_with(sign));
        let sign = sign.ok_or_else(|| (self.at, FILTER_SYNTAX, text!("'{sign}' has no place here", sign = first)))?;
        self.at += sign.len();
        Ok(Token::Sign(sign))
    }

    fn name(&mut self) -> Result<Token, Refused> {
        let start = self.at;
        let name: String = self.rest().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        self.at += name.len();
        let prefix = matches!(name.to_ascii_lowercase().as_str(), "r" | "b" | "br" | "rb");
        if prefix && self.rest().starts_with(['"', '\'']) {
            return Err((start, FILTER_UNSUPPORTED, text!("raw and byte strings are not read")));
        }
        Ok(Token::Name(name))
    }

    fn number(&mut self) -> Result<Token, Refused> {
        let (start, rest) = (self.at, self.rest());
        let hex = rest.starts_with("0x");
        let end = rest.char_indices().find(|&(i, c)| {
            let before = rest.get(..i).unwrap_or_default();
            let exponent = !hex && matches!(c, '-' | '+') && before.ends_with(['e', 'E']);
            let point = c == '.' && rest.as_bytes().get(i + 1).is_some_and(u8::is_ascii_digit);
            !(c.is_ascii_alphanumeric() || point || exponent)
        });
        let digits = rest.get(..end.map_or(rest.len(), |(i, _)| i)).unwrap_or_default();
        self.at += digits.len();
        cel_number(digits, hex).map(Token::Number).map_err(|(code, detail)| (start, code, detail))
    }

    fn string(&mut self, quote: char) -> Result<Token, Refused> {
        let start = self.at;
        let read = quoted::read(self.rest(), quote);
        let (value, length) = read.map_err(|(at, code, detail)| (start + at, code, detail))?;
        self.at += length;
        Ok(Token::Text(value))
    }
}

/// CEL's whole numbers have 64 bits; a point or an exponent makes any other.
fn cel_number(digits: &str, hex: bool) -> Result<Decimal, (Code, Text)> {
    let (plain, unsigned) = match digits.strip_suffix(['u', 'U']) {
        Some(plain) => (plain, true),
        None => (digits, false),
    };
    let broken = !hex && plain.contains(['.', 'e', 'E']);
    let number = literal::number(plain)?;
    let fits = match (broken, unsigned) {
        (true, signed_only) => !signed_only,
        (false, true) => u64::try_from(number).is_ok(),
        (false, false) => i64::try_from(number).is_ok(),
    };
    let wide = || (FILTER_BAD_LITERAL, text!("a whole number of at most 64 bits; add .0 for more"));
    if fits { Ok(number) } else { Err(wide()) }
}
