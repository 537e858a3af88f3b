//! A path to a value, as it is grouped by and measured: `stage.name`, `amount`, `custom.region`.
use crate::filter::{OrderTerm, Part, SORT_NOT_SORTABLE, SORT_TOO_MANY_HOPS, SORT_UNKNOWN_FIELD, Seen, order_of};
use kernel::catalogue::{Catalogue, Catalogues, Kind};
use kernel::{Action, Ctx, Error, Fault, Reach, text};

/// A value of a record, or of one that it leads to; absent where the caller does not see that.
#[derive(Clone, Debug)]
pub struct Term {
    pub path: String,
    by: OrderTerm,
}

impl Term {
    pub fn holds(&self) -> Kind {
        self.by.holds()
    }

    pub fn is_money(&self) -> bool {
        matches!(self.holds(), Kind::Money { .. })
    }

    /// Of money, what it is in.
    pub fn currency(&self) -> Option<Self> {
        let by = self.by.currency()?;
        let path = self.path.strip_suffix(".amount").unwrap_or(&self.path);
        Some(Self { path: format!("{path}.currency"), by })
    }

    /// Whether two paths lead to one value.
    pub fn is(&self, other: &Self, ctx: &Ctx) -> bool {
        self.by.parts(ctx) == other.by.parts(ctx)
    }

    /// The value, as what it holds: a day or a moment of the tenant's own stands in its row as text.
    pub(super) fn parts(&self, ctx: &Ctx) -> Vec<Part> {
        let parts = self.by.parts(ctx);
        let read = match (self.holds(), self.by.kind) {
            (Kind::Date, Kind::Text) => "tally_day(",
            (Kind::Instant, Kind::Text) => "tally_moment(",
            _ => return parts,
        };
        [vec![Part::Sql(read)], parts, vec![Part::Sql(")")]].concat()
    }
}

/// What a path leads to, for whoever asks; where it is taken out, they may take out what it crosses to.
pub fn term(
    ctx: &Ctx,
    noun: &'static Catalogue,
    all: &'static Catalogues,
    path: &str,
    is_out: bool,
) -> Result<Term, Fault> {
    let by = order_of(noun, all, path, &Seen(&ctx.grants)).map_err(|error| refused(error, path))?;
    let actions: &[Action] = if is_out { &[Action::Read, Action::Export] } else { &[Action::Read] };
    for noun in by.crossed() {
        let object = all.permission(noun.noun).unwrap_or(noun.noun);
        if let Some(lacks) = actions.iter().find(|action| ctx.grants.reach(object, **action) == Reach::None) {
            let message = text!("needs {permissions}", permissions = format!("{object}:{}", lacks.name()));
            return Err(Fault::new("", "forbidden", message));
        }
    }
    Ok(Term { path: path.to_owned(), by })
}

/// What a list says of a path that it cannot be sorted by, as it is said here.
fn refused(error: Error, path: &str) -> Fault {
    let said = error.faults.into_iter().next().unwrap_or_default();
    let unusable = || text!("{path} is nothing to group by or to measure", path);
    match said.code.as_str() {
        code if code == SORT_NOT_SORTABLE.name => Fault::new("", "not_groupable", unusable()),
        code if code == SORT_TOO_MANY_HOPS.name => Fault::new("", "too_many_hops", said.message),
        code if code == SORT_UNKNOWN_FIELD.name => Fault::new("", "unknown_field", said.message),
        _ => Fault::new("", "unknown_field", unusable()),
    }
}

/// What is wrong with a filter, at its member of the body.
pub fn fault_of(
    ctx: &Ctx,
    noun: &'static Catalogue,
    all: &'static Catalogues,
    filter: &str,
    pointer: &str,
) -> Option<Fault> {
    let refusal = crate::filter::checked_by(filter, noun, all, &ctx.grants).err()?;
    Error::from(refusal.under(pointer.to_owned())).faults.into_iter().next()
}
