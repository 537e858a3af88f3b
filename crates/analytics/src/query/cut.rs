//! Which groups are answered, and in which order.
use super::plan::Reader;
use super::{FiguresBound, Role, value};
use kernel::text;
use platform::tally::{Bound, Comparison, Measure, Place};

impl Reader<'_> {
    pub(super) fn bound(
        &mut self,
        at: usize,
        asked: &FiguresBound,
        measures: &[Measure],
    ) -> Option<(usize, Comparison, Bound)> {
        let mut columns = self.columns.iter().filter(|one| one.role == Role::Measure).enumerate();
        let found = columns.find(|(at, column)| column.name == asked.measure && *at < measures.len());
        let Some((place, holds)) = found.map(|(at, column)| (at, column.holds.clone())) else {
            self.refuse(format!("/having/{at}/measure"), "unknown_column", text!("is no measure of this query"));
            return None;
        };
        let bound = value::bound(&holds, &asked.value);
        if bound.is_none() {
            self.refuse(format!("/having/{at}/value"), "type", text!("does not suit the measure"));
        }
        Some((place, asked.op, bound?))
    }

    pub(super) fn order(&mut self, sort: Option<&str>, groups: usize) -> Vec<(Place, bool)> {
        let mut order: Vec<(Place, bool)> = Vec::new();
        for part in sort.into_iter().flat_map(|text| text.split(',')).map(str::trim).filter(|part| !part.is_empty()) {
            let (name, down) = part.strip_prefix('-').map_or((part, false), |name| (name, true));
            match self.columns.iter().position(|column| column.name == name) {
                Some(at) if at < groups => order.push((Place::Group(at), down)),
                Some(at) => order.push((Place::Measure(at - groups), down)),
                None => {
                    self.refuse("/sort".to_owned(), "unknown_column", text!("there is no column \"{name}\"", name));
                }
            }
        }
        order
    }
}
