//! All that there is for the layout: its program, the data, and one font.
use crate::Trouble;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Smart, Str, Value};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

const FONT: &[u8] = include_bytes!("../fonts/wqy-microhei.ttc");
const PROGRAM: &str = include_str!("../sheet.typ");

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| Font::iter(Bytes::new(FONT)).collect());
static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

pub struct House {
    library: LazyHash<Library>,
    program: Source,
}

impl House {
    pub fn of(data: &str) -> Self {
        let mut inputs = Dict::new();
        inputs.insert(Str::from("data"), Value::Str(Str::from(data)));
        let library = Library::builder().with_inputs(inputs).build();
        Self { library: LazyHash::new(library), program: Source::detached(PROGRAM) }
    }

    pub fn print(&self, title: &str) -> Result<Vec<u8>, Trouble> {
        let laid = typst::compile::<PagedDocument>(self).output.map_err(|faults| told(&faults))?;
        let options = PdfOptions {
            ident: Smart::Custom(title.to_owned()),
            creator: Smart::Custom(Some("Guanxi".to_owned())),
            ..PdfOptions::default()
        };
        let bytes = typst_pdf::pdf(&laid, &options).map_err(|faults| told(&faults));
        // what was remembered for the next layout is of no use to it: its data are others
        typst::comemo::evict(0);
        bytes
    }
}

#[cfg(test)]
impl House {
    pub fn pages(&self) -> usize {
        typst::compile::<PagedDocument>(self).output.unwrap().pages().len()
    }
}

fn told(faults: &[SourceDiagnostic]) -> Trouble {
    Trouble::Fault(faults.iter().map(|fault| fault.message.to_string()).collect::<Vec<_>>().join("; "))
}

impl World for House {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.program.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.program.id() { Ok(self.program.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
