//! The tightest part of the grammar: paths, calls, lists and single values.
use super::lexer::{Refused, Token};
use super::parse::{Parsed, Parser};
use super::syntax::{Expr, What};
use kernel::catalogue::RESERVED;

impl Parser<'_> {
    pub fn postfix(&mut self) -> Parsed {
        let mut of = self.primary()?;
        loop {
            let below = of.height;
            if self.take(".")? {
                let (at, name) = self.name()?;
                of = match self.take("(")? {
                    true => self.call(at, Some(of), name)?,
                    false => self.node(at, below, What::Member { of: Box::new(of), name })?,
                };
            } else if self.take("[")? {
                let key = self.any()?;
                self.expect("]")?;
                let (at, below) = (key.at, below.max(key.height));
                of = self.node(at, below, What::Index { of: Box::new(of), key: Box::new(key) })?;
            } else {
                return Ok(of);
            }
        }
    }

    fn primary(&mut self) -> Parsed {
        let at = self.at;
        if self.take("(")? {
            let inner = self.any()?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.take("[")? {
            let (items, below) = self.until("]")?;
            return self.node(at, below, What::List(items));
        }
        if let Token::Name(word) = &self.token {
            let Some(what) = keyword(word) else { return self.named() };
            self.advance()?;
            return self.node(at, 0, what);
        }
        let what = match &mut self.token {
            Token::Text(text) => What::Text(std::mem::take(text)),
            Token::Number(number) => What::Number(*number),
            _ => return Err(self.unexpected()),
        };
        self.advance()?;
        self.node(at, 0, what)
    }

    fn named(&mut self) -> Parsed {
        let (at, name) = self.name()?;
        if self.take("(")? { self.call(at, None, name) } else { self.node(at, 0, What::Name(name)) }
    }

    fn call(&mut self, at: usize, on: Option<Expr>, name: String) -> Parsed {
        let (args, below) = self.until(")")?;
        let below = on.as_ref().map_or(below, |on| below.max(on.height));
        self.node(at, below, What::Call { on: on.map(Box::new), name, args })
    }

    fn name(&mut self) -> Result<(usize, String), Refused> {
        let at = self.at;
        match &mut self.token {
            Token::Name(name) if !RESERVED.contains(&name.as_str()) => {
                let name = std::mem::take(name);
                self.advance()?;
                Ok((at, name))
            }
            _ => Err(self.unexpected()),
        }
    }

    /// Items between commas, and the height of the highest.
    fn until(&mut self, close: &str) -> Result<(Vec<Expr>, usize), Refused> {
        let (mut items, mut height) = (Vec::new(), 0);
        while !self.take(close)? {
            if !items.is_empty() {
                self.expect(",")?;
            }
            let item = self.any()?;
            height = item.height.max(height);
            items.push(item);
        }
        Ok((items, height))
    }
}

fn keyword(word: &str) -> Option<What> {
    match word {
        "null" => Some(What::Null),
        "true" => Some(What::Bool(true)),
        "false" => Some(What::Bool(false)),
        _ => None,
    }
}
