//! What a filter looks at, beside what it says: the fields that it names, the ways that it goes, and whether time alone
//! changes its answer. For what keeps the answer: a segment.
use super::tree::{Atom, Hop, Op, Operand, Tree, Value};
use super::{Customs, Part, Refusal, check, parse, render};
use kernel::Ctx;
use kernel::catalogue::{Catalogue, Catalogues, Kind, Link};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A relation that is crossed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub source: &'static Catalogue,
    pub link: Link,
    pub target: &'static Catalogue,
}

/// A filter that was read, and what it names.
#[derive(Clone, Debug)]
pub(crate) struct Examined {
    tree: Tree,
    of: &'static Catalogue,
    /// noun and field
    pub fields: BTreeSet<(String, String)>,
}

/// Writes down what is asked about.
struct Noting<'a> {
    of: &'a dyn Customs,
    fields: RefCell<BTreeSet<(String, String)>>,
}

impl Customs for Noting<'_> {
    fn kind(&self, noun: &str, key: &str) -> Option<Kind> {
        let kind = self.of.kind(noun, key)?;
        self.fields.borrow_mut().insert((noun.to_owned(), format!("custom.{key}")));
        Some(kind)
    }
    fn hides(&self, noun: &str, field: &str) -> bool {
        self.fields.borrow_mut().insert((noun.to_owned(), field.to_owned()));
        self.of.hides(noun, field)
    }
}

impl Examined {
    pub fn of(
        text: &str,
        of: &'static Catalogue,
        all: &'static Catalogues,
        customs: &dyn Customs,
    ) -> Result<Self, Refusal> {
        let noting = Noting { of: customs, fields: RefCell::default() };
        let tree = check::check(text, &parse::parse(text)?, of, all, &noting)?;
        Ok(Self { tree, of, fields: noting.fields.into_inner() })
    }

    /// And in none of these, by the relation of this noun to others of theirs.
    pub fn outside(self, target: &'static Catalogue, link: Link, ids: Vec<Uuid>) -> Self {
        if ids.is_empty() {
            return self;
        }
        let hop = Hop { from: 0, to: 1, link, source: self.of, target };
        let id = Operand::Column { depth: 1, column: "id", nullable: false };
        let body = Box::new(Tree::Atom(Atom::OneOf { left: id, list: Value::Ids(ids) }));
        let tree = Tree::And(vec![self.tree, Tree::Some { hop, body }.negate()]);
        Self { tree, ..self }
    }

    /// As pieces of SQL over the rows of its noun, for one caller at one moment.
    pub fn parts(&self, all: &'static Catalogues, ctx: &Ctx) -> Vec<Part> {
        render::tree(&self.tree, self.of, all, ctx)
    }

    /// Every way from a record of the noun to others, from its beginning; each once.
    pub fn ways(&self) -> Vec<Vec<Step>> {
        let mut ways = BTreeMap::new();
        walk(&self.tree, &mut BTreeMap::new(), &mut ways);
        ways.into_values().collect()
    }

    /// Whether it asks what time it is.
    pub fn is_timed(&self) -> bool {
        self.holds(&|value| {
            matches!(value, Value::FromNow(_) | Value::DayFromNow(_) | Value::FromToday(..) | Value::FromMidnight(..))
        })
    }

    /// Whether it asks who asks.
    pub fn is_personal(&self) -> bool {
        self.holds(&|value| *value == Value::Me)
    }

    /// The records of this noun that it names by their ids; nothing, where it asks anything else of them.
    pub fn named(&self, noun: &str) -> Option<BTreeSet<Uuid>> {
        let mut ids = BTreeSet::new();
        named(&self.tree, noun, &mut ids).then_some(ids)
    }

    fn holds(&self, is_so: &dyn Fn(&Value) -> bool) -> bool {
        any(&self.tree, is_so)
    }
}

/// A way as a word, by which it is known for the same.
pub(crate) fn name(way: &[Step]) -> String {
    way.iter().map(|step| format!("{}>{:?}>{};", step.source.noun, step.link, step.target.noun)).collect()
}

/// `to`: the way that leads to the rows at each depth.
fn walk(tree: &Tree, to: &mut BTreeMap<usize, Vec<Step>>, found: &mut BTreeMap<String, Vec<Step>>) {
    match tree {
        Tree::And(all) | Tree::Or(all) => all.iter().for_each(|one| walk(one, to, found)),
        Tree::Not(inner) => walk(inner, to, found),
        Tree::Some { hop, body } => {
            let mut way = to.get(&hop.from).cloned().unwrap_or_default();
            way.push(Step { source: hop.source, link: hop.link, target: hop.target });
            found.insert(name(&way), way.clone());
            to.insert(hop.to, way);
            walk(body, to, found);
        }
        Tree::Const(_) | Tree::Atom(_) => {}
    }
}

/// `false` where something else than its id is asked of a row of the noun.
fn named(tree: &Tree, noun: &str, ids: &mut BTreeSet<Uuid>) -> bool {
    match tree {
        Tree::And(all) | Tree::Or(all) => all.iter().all(|one| named(one, noun, ids)),
        Tree::Not(inner) => named(inner, noun, ids),
        Tree::Some { hop, body } if hop.target.noun == noun => {
            let is_id = |one: &Operand| matches!(one, Operand::Column { depth, column: "id", .. } if *depth == hop.to);
            match &**body {
                Tree::Atom(Atom::Compare { left, op: Op::Eq, right: Operand::Value(Value::Id(id)) })
                | Tree::Atom(Atom::Compare { left: Operand::Value(Value::Id(id)), op: Op::Eq, right: left })
                    if is_id(left) =>
                {
                    ids.insert(*id);
                    true
                }
                Tree::Atom(Atom::OneOf { left, list: Value::Ids(list) }) if is_id(left) => {
                    ids.extend(list);
                    true
                }
                _ => false,
            }
        }
        Tree::Some { body, .. } => named(body, noun, ids),
        Tree::Const(_) | Tree::Atom(_) => true,
    }
}

fn any(tree: &Tree, is_so: &dyn Fn(&Value) -> bool) -> bool {
    match tree {
        Tree::And(all) | Tree::Or(all) => all.iter().any(|one| any(one, is_so)),
        Tree::Not(inner) => any(inner, is_so),
        Tree::Some { body, .. } => any(body, is_so),
        Tree::Const(_) => false,
        Tree::Atom(atom) => match atom {
            Atom::Compare { left, right, .. } => valued(left, is_so) || valued(right, is_so),
            Atom::OneOf { left, list } => valued(left, is_so) || is_so(list),
            Atom::Like { left, pattern, .. } => valued(left, is_so) || is_so(pattern),
            Atom::Tagged { tags, tag } => valued(tags, is_so) || is_so(tag),
            Atom::True(operand) | Atom::Present(operand) => valued(operand, is_so),
        },
    }
}

fn valued(operand: &Operand, is_so: &dyn Fn(&Value) -> bool) -> bool {
    match operand {
        Operand::Value(value) => is_so(value),
        Operand::Math { left, right, .. } => valued(left, is_so) || valued(right, is_so),
        Operand::Column { .. } | Operand::Custom { .. } => false,
    }
}
