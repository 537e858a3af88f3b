//! From the generator into the tables: one thread makes the rows of the next piece while the server writes the last.
use diesel::{PgConnection, QueryResult};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::mpsc::sync_channel;

/// Records that go into the tables together.
const PIECE: usize = 5_000;
/// Pieces that wait for the server, at most.
const AHEAD: usize = 2;

/// Copies all records. `rows` makes the rows of a piece, `copy` writes them.
pub fn pour<T, P: Send>(
    conn: &mut PgConnection,
    shown: &Shown,
    records: impl Iterator<Item = T> + Send,
    rows: impl Fn(Vec<T>) -> P + Send,
    mut copy: impl FnMut(&mut PgConnection, P) -> QueryResult<()>,
) -> QueryResult<()> {
    std::thread::scope(|scope| {
        let (made, wanted) = sync_channel(AHEAD);
        scope.spawn(move || {
            for piece in pieces(records) {
                let count = piece.len();
                // nobody listens any more once a piece could not be written
                if made.send((count, rows(piece))).is_err() {
                    break;
                }
            }
        });
        for (count, piece) in wanted {
            copy(conn, piece)?;
            shown.add(count);
        }
        shown.end();
        Ok(())
    })
}

fn pieces<T>(mut records: impl Iterator<Item = T>) -> impl Iterator<Item = Vec<T>> {
    std::iter::from_fn(move || {
        let piece: Vec<T> = records.by_ref().take(PIECE).collect();
        (!piece.is_empty()).then_some(piece)
    })
}

/// How far it is: a bar on a terminal, and in any case a line at the end.
pub struct Shown {
    what: &'static str,
    bar: ProgressBar,
}

impl Shown {
    /// `total` where it is known beforehand.
    pub fn new(what: &'static str, total: Option<u32>) -> Self {
        let bar = match (std::io::stderr().is_terminal(), total) {
            (false, _) => ProgressBar::hidden(),
            (true, Some(total)) => ProgressBar::new(total.into()),
            (true, None) => ProgressBar::no_length(),
        };
        let template = match total {
            Some(_) => "{msg:10} {wide_bar} {human_pos}/{human_len} {eta}",
            None => "{msg:10} {spinner} {human_pos} {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what);
        Self { what, bar }
    }

    fn add(&self, count: usize) {
        self.bar.inc(u64::try_from(count).unwrap_or_default());
    }

    fn end(&self) {
        let seconds = self.bar.elapsed().as_secs_f64();
        self.bar.finish_and_clear();
        println!("{:>10} {} ({seconds:.1} s)", self.bar.position(), self.what);
    }
}
