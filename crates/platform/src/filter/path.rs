//! Names: `account.industry`, `o.total.amount`, `custom["客户等级"]` → an operand and the hops that lead to it.
use super::Customs;
use super::check::{Checked, Checker};
use super::refusal::{FILTER_NEEDS_MACRO, FILTER_NOT_FILTERABLE, FILTER_TYPE_MISMATCH, FILTER_UNKNOWN_FIELD, Refusal};
use super::syntax::{Expr, What};
use super::tree::{Depth, Hop, Operand, Value};
use kernel::catalogue::{Catalogue, Field, Kind, Link};
use kernel::text;

pub enum Place {
    Field(Operand, Kind),
    /// a to-many relation: only a macro may follow
    Rows(&'static Catalogue),
    /// a to-one relation by itself, as in `account != null`
    Row,
}

struct Segment<'e> {
    name: &'e str,
    at: &'e Expr,
}

type Segments<'e> = std::iter::Peekable<std::vec::IntoIter<Segment<'e>>>;

impl Checker<'_> {
    /// `next` is the first free depth; it moves past the hops taken.
    pub fn place(&mut self, e: &Expr, next: &mut Depth) -> Checked<(Vec<Hop>, Place)> {
        let mut names = Vec::new();
        segments(e, &mut names)
            .ok_or_else(|| self.refuse(e, FILTER_TYPE_MISMATCH, text!("a field is expected here")))?;
        let mut names = names.into_iter().peekable();
        let variable = names.peek().and_then(|first| self.rows.iter().rev().find(|row| row.name == first.name));
        let (mut depth, mut catalogue) = variable.map_or((0, self.base), |row| (row.depth, row.catalogue));
        if variable.is_some() {
            names.next();
        }
        let mut hops = Vec::new();
        while let Some(segment) = names.next() {
            let Some(hop) = self.hop(&segment, catalogue, depth, *next)? else {
                let (operand, kind) = self.field(&segment, &mut names, catalogue, depth)?;
                return match names.next() {
                    Some(more) => Err(self.unknown(&more, catalogue)),
                    None => Ok((hops, Place::Field(operand, kind))),
                };
            };
            hops.push(hop);
            (depth, catalogue) = (hop.to, hop.target);
            *next += 1;
            match (hop.link, names.peek()) {
                (Link::Many { .. } | Link::Through { .. }, None) => return Ok((hops, Place::Rows(catalogue))),
                (Link::One { .. }, None) => return Ok((hops, Place::Row)),
                (Link::One { .. }, Some(_)) => {}
                (Link::Many { .. } | Link::Through { .. }, Some(_)) => {
                    let asked = text!("{name} is many: {name}.exists(x, …) or {name}.all(x, …)", name = segment.name);
                    return Err(self.refuse(segment.at, FILTER_NEEDS_MACRO, asked));
                }
            }
        }
        Err(self.refuse(e, FILTER_TYPE_MISMATCH, text!("this names a row, not a field")))
    }

    fn hop(&mut self, segment: &Segment, source: &'static Catalogue, from: Depth, to: Depth) -> Checked<Option<Hop>> {
        let relation = super::relation(self.catalogues, self.customs, source.noun, segment.name);
        let Some(relation) = relation else { return Ok(None) };
        self.spend_hop(segment.at)?;
        let target = self.catalogues.get(relation.target).ok_or_else(|| self.unknown(segment, source))?;
        Ok(Some(Hop { from, to, link: relation.link, source, target }))
    }

    fn field(
        &self,
        segment: &Segment,
        names: &mut Segments,
        catalogue: &'static Catalogue,
        depth: Depth,
    ) -> Checked<(Operand, Kind)> {
        if let (Some(column), "custom") = (catalogue.custom, segment.name) {
            let key = names.next();
            let key = key.ok_or_else(|| self.refuse(segment.at, FILTER_UNKNOWN_FIELD, text!("custom.what?")))?;
            let kind = self.customs.kind(catalogue.noun, key.name).ok_or_else(|| self.unknown(&key, catalogue))?;
            let part = names.next_if(|next| part_of(kind, next.name).is_some());
            let (part, of) = part.and_then(|part| part_of(kind, part.name)).unwrap_or((None, kind));
            return Ok((Operand::Custom { depth, column, key: Value::Text(key.name.to_owned()), kind, part }, of));
        }
        let field = catalogue.field(segment.name).filter(|field| !self.customs.hides(catalogue.noun, field.name));
        let field = field.ok_or_else(|| self.unknown(segment, catalogue))?;
        if !field.filterable {
            let detail = text!("{name} cannot be filtered", name = segment.name);
            return Err(self.refuse(segment.at, FILTER_NOT_FILTERABLE, detail));
        }
        let mut told = None;
        names.next_if(|next| {
            told = money(catalogue, field, next.name, self.customs);
            told.is_some()
        });
        let Told { column, kind, nullable } = told.unwrap_or_else(|| Told::whole(field));
        Ok((Operand::Column { depth, column, nullable }, kind))
    }

    fn unknown(&self, segment: &Segment, catalogue: &Catalogue) -> Refusal {
        self.refuse(
            segment.at,
            FILTER_UNKNOWN_FIELD,
            text!("{noun} has no \"{name}\"", noun = catalogue.noun, name = segment.name),
        )
    }
}

/// The part and kind of `custom.price.amount` or `custom.price.currency`.
pub fn part_of(kind: Kind, part: &str) -> Option<(Option<&'static str>, Kind)> {
    match (kind, part) {
        (Kind::Money { .. }, "amount") => Some((None, kind)),
        (Kind::Money { .. }, "currency") => Some((Some("currency"), Kind::Text)),
        _ => None,
    }
}

/// What a field, or a part of it, is in its row.
pub struct Told {
    pub column: &'static str,
    pub kind: Kind,
    pub nullable: bool,
}

impl Told {
    pub fn whole(field: &Field) -> Self {
        Self { column: field.column, kind: field.kind, nullable: field.nullable }
    }
}

/// `total.amount`, `total.currency`, or `total.base` where that is kept, and seen under its own name.
pub fn money(catalogue: &Catalogue, field: &Field, part: &str, customs: &dyn Customs) -> Option<Told> {
    let Kind::Money { currency } = field.kind else { return None };
    match part {
        "amount" => Some(Told::whole(field)),
        "currency" => Some(Told { column: currency, kind: Kind::Text, nullable: field.nullable }),
        "base" => {
            let base = field.base.and_then(|base| catalogue.field(base)).filter(|base| base.filterable)?;
            (!customs.hides(catalogue.noun, base.name)).then(|| Told::whole(base))
        }
        _ => None,
    }
}

fn segments<'e>(e: &'e Expr, into: &mut Vec<Segment<'e>>) -> Option<()> {
    let name = match &e.what {
        What::Name(name) => name,
        What::Member { of, name } => {
            segments(of, into)?;
            name
        }
        What::Index { of, key } => {
            segments(of, into)?;
            let What::Text(name) = &key.what else { return None };
            name
        }
        _ => return None,
    };
    into.push(Segment { name, at: e });
    Some(())
}
