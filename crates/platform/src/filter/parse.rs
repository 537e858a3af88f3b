//! Text → syntax tree, by precedence.
//!
//! Time is linear in the text. `depth` bounds the stack here; the height of the tree, chains that lean to the left
//! included, bounds that of every later walk.
use super::lexer::{Lexer, Refused, Token};
use super::refusal::{FILTER_SYNTAX, FILTER_TOO_DEEP, FILTER_TOO_LONG, FILTER_UNSUPPORTED, Position, Refusal};
use super::syntax::{Expr, What};
use super::tree::{Math, Op};
use kernel::text;

/// The longest filter, in bytes.
pub const MAX_BYTES: usize = 8192;
/// The deepest nesting, and the longest chain of `+` or `.`.
pub const MAX_DEPTH: usize = 64;

pub fn parse(text: &str) -> Result<Expr, Refusal> {
    let place = |(at, code, detail): Refused| Refusal {
        code,
        detail,
        pointer: "?filter".into(),
        at: Some(Position::of(text, at)),
    };
    if text.len() > MAX_BYTES {
        return Err(place((MAX_BYTES, FILTER_TOO_LONG, text!("at most {most} bytes", most = MAX_BYTES))));
    }
    let mut parser = Parser { lexer: Lexer::new(text), at: 0, token: Token::End, depth: 0 };
    parser.advance().map_err(place)?;
    let whole = parser.any().map_err(place)?;
    match parser.token {
        Token::End => Ok(whole),
        _ => Err(place(parser.unexpected())),
    }
}

pub struct Parser<'a> {
    lexer: Lexer<'a>,
    pub at: usize,
    pub token: Token,
    depth: usize,
}

pub type Parsed = Result<Expr, Refused>;

/// How tightly an operator binds.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Bond {
    Or,
    And,
    Compare,
    Sum,
    Product,
    Value,
}

impl Bond {
    fn of(token: &Token) -> Option<(Self, &'static str)> {
        let sign = match token {
            Token::Sign(sign) => sign,
            Token::Name(name) if name == "in" => "in",
            _ => return None,
        };
        let bond = match sign {
            "||" => Self::Or,
            "&&" => Self::And,
            "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" => Self::Compare,
            "+" | "-" => Self::Sum,
            "*" => Self::Product,
            _ => return None,
        };
        Some((bond, sign))
    }

    fn tighter(self) -> Self {
        match self {
            Self::Or => Self::And,
            Self::And => Self::Compare,
            Self::Compare => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product | Self::Value => Self::Value,
        }
    }
}

impl Parser<'_> {
    pub fn any(&mut self) -> Parsed {
        self.deeper()?;
        let whole = self.bound(Bond::Or)?;
        self.depth -= 1;
        Ok(whole)
    }

    /// Operators that bind at least as tightly as `loosest`.
    fn bound(&mut self, loosest: Bond) -> Parsed {
        let mut left = self.unary()?;
        let mut tightest = Bond::Value;
        while let Some((bond, sign)) = Bond::of(&self.token) {
            if bond < loosest || bond > tightest {
                break;
            }
            let at = self.at;
            self.advance()?;
            let right = self.bound(bond.tighter())?;
            left = self.joined(at, left, sign, right)?;
            // one comparison only: `a < b < c` would compare a truth with c
            tightest = if bond == Bond::Compare { Bond::And } else { bond };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed {
        let at = self.at;
        let wrap: fn(Box<Expr>) -> What = match self.token {
            Token::Sign("!") => What::Not,
            Token::Sign("-") => What::Negative,
            _ => return self.postfix(),
        };
        self.deeper()?;
        self.advance()?;
        let inner = self.unary()?;
        self.depth -= 1;
        self.node(at, inner.height, wrap(Box::new(inner)))
    }

    /// `&&` and `||` chains lie flat, however long.
    fn joined(&self, at: usize, left: Expr, sign: &str, right: Expr) -> Parsed {
        let flat = usize::from(matches!((sign, &left.what), ("||", What::Or(_)) | ("&&", What::And(_))));
        let below = (left.height - flat).max(right.height);
        let what = match (sign, left.what) {
            ("||", What::Or(all)) => What::Or(with(all, right)),
            ("&&", What::And(all)) => What::And(with(all, right)),
            ("||", what) => What::Or(vec![Expr { what, ..left }, right]),
            ("&&", what) => What::And(vec![Expr { what, ..left }, right]),
            (sign, what) => pair(Box::new(Expr { what, ..left }), sign, Box::new(right)),
        };
        self.node(at, below, what)
    }

    /// Every part of the tree is made here, one higher than what is `below` it, so none is too high.
    pub fn node(&self, at: usize, below: usize, what: What) -> Parsed {
        let height = below + 1;
        if height <= MAX_DEPTH { Ok(Expr { at, height, what }) } else { Err(too_deep(at)) }
    }

    pub fn advance(&mut self) -> Result<(), Refused> {
        (self.at, self.token) = self.lexer.token()?;
        Ok(())
    }

    pub fn take(&mut self, sign: &str) -> Result<bool, Refused> {
        let here = matches!(self.token, Token::Sign(found) if found == sign);
        if here {
            self.advance()?;
        }
        Ok(here)
    }

    pub fn expect(&mut self, sign: &str) -> Result<(), Refused> {
        if self.take(sign)? { Ok(()) } else { Err(self.unexpected()) }
    }

    pub fn unexpected(&self) -> Refused {
        let not_here = |what: &str| (self.at, FILTER_SYNTAX, text!("{what} is not expected here", what));
        match &self.token {
            Token::End => (self.at, FILTER_SYNTAX, text!("the filter ends too early")),
            Token::Sign(sign @ ("?" | ":" | "{" | "/" | "%")) => {
                (self.at, FILTER_UNSUPPORTED, text!("there is no {sign} here", sign))
            }
            Token::Sign(sign) => not_here(sign),
            Token::Name(word) => not_here(word),
            Token::Text(_) | Token::Number(_) => (self.at, FILTER_SYNTAX, text!("a value is not expected here")),
        }
    }

    fn deeper(&mut self) -> Result<(), Refused> {
        self.depth += 1;
        if self.depth <= MAX_DEPTH { Ok(()) } else { Err(too_deep(self.at)) }
    }
}

fn too_deep(at: usize) -> Refused {
    (at, FILTER_TOO_DEEP, text!("at most {most} levels", most = MAX_DEPTH))
}

fn pair(left: Box<Expr>, sign: &str, right: Box<Expr>) -> What {
    let compare = |op, left, right| What::Compare { op, left, right };
    let math = |op, left, right| What::Math { op, left, right };
    match sign {
        "==" => compare(Op::Eq, left, right),
        "!=" => What::Differ { left, right },
        "<" => compare(Op::Lt, left, right),
        "<=" => compare(Op::Le, left, right),
        ">" => compare(Op::Gt, left, right),
        ">=" => compare(Op::Ge, left, right),
        "+" => math(Math::Add, left, right),
        "-" => math(Math::Sub, left, right),
        "*" => math(Math::Mul, left, right),
        _ => What::In { item: left, list: right },
    }
}

fn with(mut all: Vec<Expr>, last: Expr) -> Vec<Expr> {
    all.push(last);
    all
}
