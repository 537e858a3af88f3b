//! A mapping fitted to a file and a resource: which cell of a row becomes which value.
use super::Importer;
use super::mapping::{Mapping, escaped};
use super::target::{Holds, Reader, Target, Value, access, fault, own};
use crate::table::{Cell, Options};
use kernel::{Access, Error, Fault, Grants, Result, error, text};

/// Between the parts of a key that is made of several columns.
const JOINT: &str = "-";

/// How the rows of one file are read.
#[derive(Debug)]
pub struct Plan {
    pub mapping: Mapping,
    header: Vec<String>,
    slots: Vec<Slot>,
}

#[derive(Debug)]
struct Slot {
    target: Target,
    /// index of the column, and how it is read
    columns: Vec<(usize, Reader)>,
    constant: Option<Value>,
}

/// Where the value of a target stands in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At(usize);

/// A row that was read.
#[derive(Clone, Debug)]
pub struct Row {
    pub number: u64,
    values: Vec<Option<Value>>,
}

impl Row {
    pub fn get(&self, at: Option<At>) -> Option<&Value> {
        self.values.get(at?.0)?.as_ref()
    }
    pub fn text(&self, at: Option<At>) -> Option<&str> {
        self.get(at)?.text()
    }
    /// The id of a record.
    pub fn id(&self, at: Option<At>) -> Option<uuid::Uuid> {
        self.text(at)?.parse().ok()
    }
}

impl Plan {
    /// Faults: targets and columns that are not there, or not for the actor; constants that cannot be read; all of them
    /// at once.
    pub fn new(importer: &dyn Importer, mapping: Mapping, header: &[String], grants: &Grants) -> Result<Self> {
        let phone_region = mapping.phone_region.or(grants.phone_region());
        let mapping = Mapping { phone_region, ..mapping };
        let mut plan = Self { mapping, header: header.to_vec(), slots: Vec::new() };
        let makes = |noun: &str| plan.makes(noun);
        let targets = importer.targets().iter().copied().chain(own(grants, importer.noun()));
        let seen: Vec<(Target, Access)> = targets
            .map(|target| (target, access(grants, importer.noun(), &target, &makes)))
            .filter(|(_, access)| *access > Access::Hidden)
            .collect();
        let targets: Vec<Target> = seen.iter().map(|(target, _)| *target).collect();
        let mut faults = plan.columns(&targets);
        faults.extend(plan.constants(&targets));
        faults.extend(plan.read_only(&seen));
        faults.extend(plan.rest(importer));
        if faults.is_empty() {
            faults = importer.check(&plan);
        }
        if faults.is_empty() { Ok(plan) } else { Err(Error::from(error::INVALID).faults(faults)) }
    }

    fn columns(&mut self, targets: &[Target]) -> Vec<Fault> {
        let mut faults = Vec::new();
        for column in &self.mapping.columns {
            let place = format!("/mapping/columns/{}", escaped(&column.column));
            let Some(index) = self.header.iter().position(|name| *name == column.column) else {
                faults.push(Fault::new(place, "unknown_column", text!("the file has no such column")));
                continue;
            };
            let Some(target) = targets.iter().find(|target| target.name == column.to) else {
                faults.push(unknown(&place, &column.to, targets));
                continue;
            };
            let reader = match Reader::new(*target, Some(column), &self.mapping) {
                Ok(reader) => (index, reader),
                Err(wrong) => {
                    faults.push(Fault::new(place, wrong.code, wrong.message));
                    continue;
                }
            };
            match self.slots.iter_mut().find(|slot| slot.target.name == target.name) {
                None => self.slots.push(Slot { target: *target, columns: vec![reader], constant: None }),
                Some(slot) if matches!(target.holds, Holds::Key) => slot.columns.push(reader),
                Some(_) => {
                    faults.push(Fault::new(place, "twice", text!("{name} has a column already", name = target.name)))
                }
            }
        }
        faults
    }

    fn constants(&mut self, targets: &[Target]) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (name, text) in &self.mapping.constants {
            let place = format!("/mapping/constants/{}", escaped(name));
            let Some(target) = targets.iter().find(|target| target.name == name) else {
                faults.push(unknown(&place, name, targets));
                continue;
            };
            let value = Reader::new(*target, None, &self.mapping).and_then(|reader| reader.read(text));
            match (value, self.slots.iter_mut().find(|slot| slot.target.name == target.name)) {
                (Err(wrong), _) => faults.push(Fault::new(place, wrong.code, wrong.message)),
                (Ok(constant), Some(slot)) => slot.constant = constant,
                (Ok(constant), None) => self.slots.push(Slot { target: *target, columns: Vec::new(), constant }),
            }
        }
        faults
    }

    fn read_only(&self, seen: &[(Target, Access)]) -> Vec<Fault> {
        let kept = |name: &str| seen.iter().any(|(target, access)| target.name == name && *access < Access::Write);
        let columns = self.mapping.columns.iter().filter(|column| kept(&column.to));
        let columns = columns.map(|column| format!("/mapping/columns/{}", escaped(&column.column)));
        let constants = self.mapping.constants.keys().filter(|name| kept(name));
        let constants = constants.map(|name| format!("/mapping/constants/{}", escaped(name)));
        columns.chain(constants).map(Fault::read_only).collect()
    }

    fn rest(&self, importer: &dyn Importer) -> Vec<Fault> {
        let mut faults = Vec::new();
        for column in self.mapping.choices.keys().filter(|column| !self.header.contains(column)) {
            let place = format!("/mapping/choices/{}", escaped(column));
            faults.push(Fault::new(place, "unknown_column", text!("the file has no such column")));
        }
        for what in self.mapping.create_missing.iter().filter(|what| !importer.makes().contains(&what.as_str())) {
            let message = text!("\"{what}\" is none of: {choices}", what, choices = importer.makes().join(", "));
            faults.push(Fault::new("/mapping/create_missing", "choice", message));
        }
        let external = self.slots.iter().any(|slot| slot.target.name.ends_with("external_id"));
        if external && self.mapping.source_system.is_none() {
            faults.push(Fault::new("/mapping/source_system", "required", text!("says whose ids the external ids are")));
        }
        faults
    }

    /// Where a target stands in the rows, if anything goes to it.
    pub fn at(&self, target: &str) -> Option<At> {
        self.slots.iter().position(|slot| slot.target.name == target).map(At)
    }

    /// The targets that something goes to.
    pub fn targets(&self) -> impl Iterator<Item = (At, &'static str)> {
        self.slots.iter().enumerate().map(|(at, slot)| (At(at), slot.target.name))
    }

    /// The column that a target is read from, for the list of errors; the target where there is none.
    pub fn column(&self, target: &str) -> String {
        let slot = self.slots.iter().find(|slot| slot.target.name == target);
        let column = slot.and_then(|slot| self.header.get(slot.columns.first()?.0));
        column.cloned().unwrap_or_else(|| target.to_owned())
    }

    /// Whether a row may make such a record where it is missing.
    pub fn makes(&self, noun: &str) -> bool {
        self.mapping.create_missing.iter().any(|what| what == noun)
    }

    pub fn source_system(&self) -> &str {
        self.mapping.source_system.as_deref().unwrap_or_default()
    }

    /// The values of a row, or all that is wrong with it.
    pub fn read(&self, number: u64, cells: &[Cell]) -> std::result::Result<Row, Vec<Fault>> {
        let (mut values, mut faults) = (Vec::with_capacity(self.slots.len()), Vec::new());
        for slot in &self.slots {
            values.push(self.value(slot, cells, &mut faults).or_else(|| slot.constant.clone()));
        }
        if faults.is_empty() { Ok(Row { number, values }) } else { Err(faults) }
    }

    fn value(&self, slot: &Slot, cells: &[Cell], faults: &mut Vec<Fault>) -> Option<Value> {
        let text = |index: &usize| cells.get(*index).and_then(Cell::text);
        let (index, reader) = match slot.columns.as_slice() {
            [] => return None,
            [(index, reader)] => (index, reader),
            several => {
                let parts: Vec<Option<&str>> = several.iter().map(|(index, _)| text(index)).collect();
                let filled = parts.iter().any(Option::is_some);
                let parts: Vec<&str> = parts.into_iter().map(Option::unwrap_or_default).collect();
                return filled.then(|| Value::Text(parts.join(JOINT)));
            }
        };
        reader.read(text(index)?).unwrap_or_else(|wrong| {
            faults.push(fault(self.header.get(*index).map_or("", String::as_str), wrong));
            None
        })
    }
}

impl Mapping {
    /// How the file is opened.
    pub fn options(&self) -> Options {
        let encoding = self.encoding.as_ref().and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
        Options {
            delimiter: self.delimiter,
            encoding,
            sheet: self.sheet.clone(),
            members: self.columns.iter().map(|column| column.column.clone()).collect(),
            null_values: self.null_values.clone(),
            apostrophes: !self.keep_apostrophes,
            trim: !self.keep_spaces,
            ..Options::default()
        }
    }
}

fn unknown(place: &str, target: &str, targets: &[Target]) -> Fault {
    let names: Vec<&str> = targets.iter().map(|target| target.name).collect();
    Fault::new(place, "unknown_target", text!("\"{target}\" is none of: {choices}", target, choices = names.join(", ")))
}
