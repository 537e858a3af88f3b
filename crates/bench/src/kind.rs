//! The kinds of work, by which a run is asked for them.

use std::str::FromStr;

/// One kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// One record by id.
    Get,
    /// First page of a filtered and sorted list.
    List,
    /// Its last page.
    ListLast,
    /// Search by the beginning of a Latin word.
    SearchLatin,
    /// Search by two Chinese characters.
    SearchHan,
    /// Search by digits of a telephone number.
    SearchDigits,
    /// Search for what few records hold.
    SearchRare,
    /// Search for what many records hold.
    SearchCommon,
    /// All about an account.
    Overview,
    /// The first page of an account's timeline.
    Timeline,
    /// The board of a pipeline.
    Board,
    /// The forecast of a quarter, by team.
    Forecast,
    /// A merge-patch of one field.
    Update,
    /// A new record.
    Create,
}

impl Kind {
    /// All, in the order they are measured: what writes comes last.
    pub const ALL: [Kind; 14] = [
        Kind::Get,
        Kind::List,
        Kind::ListLast,
        Kind::SearchLatin,
        Kind::SearchHan,
        Kind::SearchDigits,
        Kind::SearchRare,
        Kind::SearchCommon,
        Kind::Overview,
        Kind::Timeline,
        Kind::Board,
        Kind::Forecast,
        Kind::Update,
        Kind::Create,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Get => "get",
            Kind::List => "list_first",
            Kind::ListLast => "list_last",
            Kind::SearchLatin => "search_latin",
            Kind::SearchHan => "search_han",
            Kind::SearchDigits => "search_digits",
            Kind::SearchRare => "search_rare",
            Kind::SearchCommon => "search_common",
            Kind::Overview => "overview",
            Kind::Timeline => "timeline",
            Kind::Board => "board",
            Kind::Forecast => "forecast",
            Kind::Update => "update",
            Kind::Create => "create",
        }
    }

    pub fn writes(self) -> bool {
        matches!(self, Kind::Update | Kind::Create)
    }

    /// Whether it asks for what a team of sellers has done.
    pub fn sells(self) -> bool {
        matches!(self, Kind::Overview | Kind::Timeline | Kind::Board | Kind::Forecast)
    }
}

/// One name on the command line: a kind or a group of kinds.
#[derive(Clone, Debug, PartialEq)]
pub struct Kinds(pub Vec<Kind>);

impl FromStr for Kinds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let group = format!("{text}_");
        let kinds: Vec<Kind> =
            Kind::ALL.into_iter().filter(|kind| kind.name() == text || kind.name().starts_with(&group)).collect();
        if kinds.is_empty() {
            let all = Kind::ALL.map(Kind::name).join(", ");
            return Err(format!("{text} is none of list, search, {all}"));
        }
        Ok(Kinds(kinds))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_group_names_all_of_its_kinds() {
        assert_eq!("list".parse::<Kinds>().unwrap().0, [Kind::List, Kind::ListLast]);
        assert_eq!("search".parse::<Kinds>().unwrap().0.len(), 5);
        assert_eq!("get".parse::<Kinds>().unwrap().0, [Kind::Get]);
        assert!("delete".parse::<Kinds>().is_err());
    }
}
