//! `?q=` as the text of a `tsquery`: every word of it must be found.
use super::words::{Run, runs, slips, whole};
use kernel::{Error, Fault, Text, error, text};

const LONGEST: usize = 200;
const MOST_WORDS: usize = 12;

/// What is searched for.
#[derive(Clone, Debug)]
pub struct Query {
    text: String,
    exact: String,
    forgiving: Option<String>,
    terms: Vec<Term>,
    forgiving_terms: Vec<Term>,
}

/// What has to be there, as the text of the query says it to PostgreSQL.
#[derive(Clone, Debug, PartialEq)]
enum Term {
    Begins(String),
    BeginsOneOf([String; 2]),
    Is(String),
    IsOneOf(Vec<String>),
}

impl Query {
    /// Faults: too long, or nothing in it to search for.
    pub fn read(text: &str) -> kernel::Result<Self> {
        let refuse = |code: &str, message: Text| {
            Err(Error::from(error::UNKNOWN_PARAMETER).fault(Fault::new("?q", code, message)))
        };
        if text.chars().count() > LONGEST {
            return refuse("too_long", text!("at most {most} characters", most = LONGEST));
        }
        let mut runs = runs(text);
        runs.truncate(MOST_WORDS);
        if runs.is_empty() {
            return refuse("empty", text!("nothing to search for"));
        }
        let whole = whole(text).filter(|_| text.contains('@'));
        let terms: Vec<Term> = match &whole {
            Some(whole) => vec![Term::Begins(whole.clone())],
            None => runs.iter().flat_map(terms).collect(),
        };
        let slips: Vec<Option<Term>> = runs.iter().map(forgiving).collect();
        let any = whole.is_none() && slips.iter().any(Option::is_some);
        let each =
            runs.iter().zip(slips).flat_map(|(run, slips)| slips.map_or_else(|| self::terms(run), |one| vec![one]));
        let forgiving_terms: Vec<Term> = each.filter(|_| any).collect();
        Ok(Self {
            text: text.trim().to_lowercase(),
            exact: written(&terms),
            forgiving: any.then(|| written(&forgiving_terms)),
            terms,
            forgiving_terms,
        })
    }

    /// Whether [`Self::exact`] finds these words.
    pub fn meets(&self, words: &[String]) -> bool {
        self.terms.iter().all(|term| term.is_in(words))
    }

    /// Whether [`Self::forgiving`] finds them.
    pub fn meets_forgiving(&self, words: &[String]) -> bool {
        self.forgiving.is_some() && self.forgiving_terms.iter().all(|term| term.is_in(words))
    }

    /// What is written in the index, or begins so.
    pub fn exact(&self) -> &str {
        &self.exact
    }

    /// The same with one typing error a word forgiven, where a word is long enough for that.
    pub fn forgiving(&self) -> Option<&str> {
        self.forgiving.as_deref()
    }

    /// How well a title fits, the less the better: the same, begins so, has it, or was found by something else.
    pub fn distance(&self, title: &str) -> u8 {
        let title = title.to_lowercase();
        match title.find(&self.text) {
            Some(0) if title.len() == self.text.len() => 0,
            Some(0) => 1,
            Some(_) => 2,
            None => 3,
        }
    }
}

impl Term {
    fn is_in(&self, words: &[String]) -> bool {
        match self {
            Self::Begins(start) => words.iter().any(|word| word.starts_with(start)),
            Self::BeginsOneOf(any) => words.iter().any(|word| any.iter().any(|start| word.starts_with(start))),
            Self::Is(word) => words.contains(word),
            Self::IsOneOf(any) => any.iter().any(|word| words.contains(word)),
        }
    }
}

/// The text of a `tsquery`.
fn written(terms: &[Term]) -> String {
    let one = |term: &Term| match term {
        Term::Begins(start) => format!("'{start}':*"),
        Term::BeginsOneOf([one, other]) => format!("('{one}':* | '{other}':*)"),
        Term::Is(word) => format!("'{word}'"),
        Term::IsOneOf(any) => {
            format!("({})", any.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" | "))
        }
    };
    terms.iter().map(one).collect::<Vec<_>>().join(" & ")
}

fn terms(run: &Run) -> Vec<Term> {
    match run {
        Run::Word(word) => vec![begun(word)],
        Run::Script(text) => {
            let chars: Vec<char> = text.chars().collect();
            if chars.len() < 2 {
                return vec![Term::Begins(text.clone())];
            }
            chars.windows(2).map(|pair| Term::Is(pair.iter().collect())).collect()
        }
    }
}

/// A number is dialled within its country with a zero that is not part of it: `021` is asked for as `21`, too.
fn begun(word: &str) -> Term {
    let is_national =
        |rest: &&str| rest.len() > 1 && !rest.starts_with('0') && rest.bytes().all(|b| b.is_ascii_digit());
    match word.strip_prefix('0').filter(is_national) {
        Some(rest) => Term::BeginsOneOf([word.to_owned(), rest.to_owned()]),
        None => Term::Begins(word.to_owned()),
    }
}

fn forgiving(run: &Run) -> Option<Term> {
    let Run::Word(word) = run else { return None };
    Some(Term::IsOneOf(slips(word)?))
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn words_must_all_be_found() -> kernel::Result<()> {
        assert_eq!(Query::read("Wei 上海").map(|q| q.exact().to_owned()).ok().as_deref(), Some("'wei':* & '上海'"));
        assert_eq!(Query::read("联想集团")?.exact(), "'联想' & '想集' & '集团'");
        assert_eq!(Query::read("王")?.exact(), "'王':*");
        assert_eq!(Query::read("A@b.cn")?.exact(), "'a@b.cn':*");
        assert!(Query::read("?!").is_err() && Query::read(&"x".repeat(201)).is_err());
        Ok(())
    }

    #[test]
    fn words_are_met_as_postgresql_meets_them() -> kernel::Result<()> {
        let words = super::super::Words::new().name("Johnson 联想集团").whole("a@b.cn").phone("+86 138-0013-8000");
        let words = words.lexemes();
        for (text, exact, forgiving) in [
            ("john", true, false),
            ("jonson", false, true),
            ("想集", true, false),
            ("a@b", true, false),
            ("8000 johnson", true, true),
            ("johnson smith", false, false),
            ("集联", false, false),
        ] {
            let query = Query::read(text)?;
            assert_eq!((query.meets(&words), query.meets_forgiving(&words)), (exact, forgiving), "{text}");
        }
        Ok(())
    }

    #[test]
    fn a_number_is_found_however_it_is_dialled() -> kernel::Result<()> {
        let found = |number: &str, asked: &str| -> kernel::Result<bool> {
            Ok(Query::read(asked)?.meets(&super::super::Words::new().phone(number).lexemes()))
        };
        for asked in ["13800138000", "138 0013 8000", "138-0013-8000", "+86 138 0013 8000", "8000", "（138）00138000"]
        {
            assert!(found("+8613800138000", asked)?, "{asked}");
        }
        for asked in ["021-6123 4567", "02161234567", "(021) 61234567", "6123 4567", "4567"] {
            assert!(found("+862161234567", asked)?, "{asked}");
        }
        assert!(!found("+8613800138000", "13800138001")? && !found("+8613800138000", "021")?);
        assert_eq!(Query::read("021 00")?.exact(), "('021':* | '21':*) & '00':*");
        Ok(())
    }

    #[test]
    fn whatever_is_asked_is_safe_to_cast() {
        for nasty in ["a'b\\c@d", "' | '", "a:*b", "!!a & (", "x@'':*"] {
            let Ok(query) = Query::read(nasty) else { continue };
            assert_eq!(query.exact().matches('\'').count() % 2, 0, "{nasty}: {}", query.exact());
            assert!(!query.exact().contains('\\'));
        }
    }

    #[test]
    fn the_same_comes_before_what_begins_so() -> kernel::Result<()> {
        let query = Query::read("Anna")?;
        assert!(query.distance("anna") < query.distance("Anna Li") && query.distance("Anna Li") < query.distance("X"));
        Ok(())
    }
}
