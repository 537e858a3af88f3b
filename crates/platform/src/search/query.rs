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
        let exact = match &whole {
            Some(whole) => prefix(whole),
            None => runs.iter().map(terms).collect::<Vec<_>>().join(" & "),
        };
        let slips: Vec<Option<String>> = runs.iter().map(forgiving).collect();
        let any = whole.is_none() && slips.iter().any(Option::is_some);
        let forgiving = any.then(|| {
            let each = runs.iter().zip(slips).map(|(run, slips)| slips.unwrap_or_else(|| terms(run)));
            each.collect::<Vec<_>>().join(" & ")
        });
        Ok(Self { text: text.trim().to_lowercase(), exact, forgiving })
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

fn prefix(lexeme: &str) -> String {
    format!("'{lexeme}':*")
}

fn terms(run: &Run) -> String {
    match run {
        Run::Word(word) => prefix(word),
        Run::Script(text) => {
            let chars: Vec<char> = text.chars().collect();
            if chars.len() < 2 {
                return prefix(text);
            }
            let pairs = chars.windows(2).map(|pair| format!("'{}'", pair.iter().collect::<String>()));
            pairs.collect::<Vec<_>>().join(" & ")
        }
    }
}

fn forgiving(run: &Run) -> Option<String> {
    let Run::Word(word) = run else { return None };
    let slips = slips(word)?;
    Some(format!("({})", slips.iter().map(|slip| format!("'{slip}'")).collect::<Vec<_>>().join(" | ")))
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
