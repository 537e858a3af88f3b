//! What surrounds the cells of a workbook: which part holds the wanted sheet, the shared strings, the number formats
//! that are dates, and the epoch they count from.

use std::collections::HashMap;

use kernel::{Result, text};
use quick_xml::events::Event;

use super::{
    super::{over_limit, unreadable},
    number::Style,
    package::{Cap, Package},
    xml::attribute,
};

const SHEETS_MAX: usize = 10_000;
const STRINGS_MAX: usize = 4_000_000;
const STYLES_MAX: usize = 100_000;

/// The workbook's own part, read.
pub(super) struct Workbook {
    /// the part of the sheet
    pub sheet: String,
    /// dates count from 1904
    pub since_1904: bool,
    pub strings: Strings,
    pub styles: Vec<Style>,
}

impl Workbook {
    /// Finds the sheet by name, or the first visible one, and reads what its cells refer to.
    pub fn open(package: &Package, wanted: Option<&str>) -> Result<Self> {
        let root = relations(package, "")?;
        let path = root.into_iter().find(|relation| relation.kind == "officeDocument").map(|relation| relation.target);
        let path = path.unwrap_or_else(|| "xl/workbook.xml".into());
        let relations = relations(package, &path)?;
        let part = |kind: &str| relations.iter().find(|relation| relation.kind == kind).map(|r| r.target.as_str());
        let (sheets, since_1904) = sheets(package, &path)?;
        let chosen = match wanted {
            Some(name) => sheets.iter().find(|sheet| sheet.name == name),
            None => sheets.iter().find(|sheet| sheet.visible).or(sheets.first()),
        };
        let chosen = chosen.ok_or_else(|| unreadable(text!("The workbook has no such sheet.")))?;
        let target = relations.iter().find(|relation| relation.id == chosen.relation && relation.kind == "worksheet");
        let sheet = target.ok_or_else(|| unreadable(text!("The sheet holds no table.")))?.target.clone();
        let strings =
            part("sharedStrings").map_or_else(|| Ok(Strings::default()), |part| Strings::read(package, part))?;
        let styles = part("styles").map_or_else(|| Ok(Vec::new()), |part| styles(package, part))?;
        Ok(Self { sheet, since_1904, strings, styles })
    }
}

/// The shared strings, in one piece.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    /// where each string ends; nothing for one that no cell may hold
    ends: Vec<u32>,
}

impl Strings {
    /// The string of that number; `None` when there is none.
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = usize::try_from(*self.ends.get(index)?).ok()?;
        let before = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(usize::try_from(before).ok()?..end)
    }

    fn read(package: &Package, path: &str) -> Result<Self> {
        let mut strings = Self::default();
        let Some(mut xml) = package.part(path, Cap::Strings)? else { return Ok(strings) };
        loop {
            match xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "si" => {
                    if strings.ends.len() == STRINGS_MAX || !xml.rich_text(&mut strings.text)? {
                        return Err(over_limit(text!("The workbook's texts are too many or too long.")));
                    }
                    strings.ends.push(u32::try_from(strings.text.len()).unwrap_or(u32::MAX));
                }
                Event::Eof => return Ok(strings),
                _ => {}
            }
        }
    }
}

struct Relation {
    id: String,
    kind: String,
    target: String,
}

struct Named {
    name: String,
    relation: String,
    visible: bool,
}

/// The relations of a part, their targets as paths from the root; those that point out of the file are left out.
fn relations(package: &Package, path: &str) -> Result<Vec<Relation>> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let own = format!("{folder}/_rels/{name}.rels");
    let mut relations = Vec::new();
    let Some(mut xml) = package.part(&own, Cap::Small)? else { return Ok(relations) };
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "Relationship" => {
                let of = |name| attribute(&tag, name).map(Option::unwrap_or_default);
                if of("TargetMode")? == "External" {
                    continue;
                }
                let (kind, target) = (of("Type")?, resolve(folder, &of("Target")?));
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                relations.push(Relation { id: of("Id")?, kind, target });
                if relations.len() > SHEETS_MAX {
                    return Err(over_limit(text!("The workbook has too many parts.")));
                }
            }
            Event::Eof => return Ok(relations),
            _ => {}
        }
    }
}

fn resolve(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}

fn sheets(package: &Package, path: &str) -> Result<(Vec<Named>, bool)> {
    let mut xml =
        package.part(path, Cap::Small)?.ok_or_else(|| unreadable(text!("The file is a zip, but no workbook.")))?;
    let (mut sheets, mut since_1904) = (Vec::new(), false);
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "sheet" => {
                let of = |name| attribute(&tag, name).map(Option::unwrap_or_default);
                let visible = !of("state")?.to_lowercase().ends_with("hidden");
                sheets.push(Named { name: of("name")?, relation: of("id")?, visible });
                if sheets.len() > SHEETS_MAX {
                    return Err(over_limit(text!("The workbook has too many sheets.")));
                }
            }
            Event::Start(tag) if tag.local_name().as_ref() == "workbookPr" => {
                let date1904 = attribute(&tag, "date1904")?;
                since_1904 |= matches!(date1904.as_deref(), Some("1" | "true"));
            }
            Event::Eof => return Ok((sheets, since_1904)),
            _ => {}
        }
    }
}

/// What the numbers of each cell style are, in the order that cells refer to.
fn styles(package: &Package, path: &str) -> Result<Vec<Style>> {
    let (mut custom, mut styles, mut in_cells) = (HashMap::new(), Vec::new(), false);
    let Some(mut xml) = package.part(path, Cap::Small)? else { return Ok(styles) };
    loop {
        match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "numFmt" => {
                    let (id, code) = (attribute(&tag, "numFmtId")?, attribute(&tag, "formatCode")?);
                    custom.insert(id.unwrap_or_default(), Style::of_code(&code.unwrap_or_default()));
                }
                "cellXfs" => in_cells = true,
                "xf" if in_cells => {
                    let id = attribute(&tag, "numFmtId")?.unwrap_or_default();
                    styles.push(custom.get(&id).copied().unwrap_or_else(|| Style::of_number(&id)));
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => in_cells = false,
            Event::Eof => return Ok(styles),
            _ => {}
        }
        if styles.len().max(custom.len()) > STYLES_MAX {
            return Err(over_limit(text!("The workbook has too many styles.")));
        }
    }
}
