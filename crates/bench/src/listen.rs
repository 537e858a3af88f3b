//! What happens, told to those who listen: from the answer of a change, which is kept then, to the frame that tells of it,
//! while as many changes are made a second as is asked for. Each listener is counted, and each tenth read.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use crate::client::Client;
use crate::histogram::Histogram;
use crate::options::{Place, Size};
use crate::request::{Request, next_serial};
use crate::run::Bench;
use crate::server::Server;
use crate::{Result, float, rotate, usage};

#[derive(Args, Clone)]
pub struct Listen {
    /// Contacts that are changed.
    #[arg(long, default_value = "10k")]
    pub size: Size,
    /// Who listens, one measurement each.
    #[arg(long, value_delimiter = ',', default_value = "100,1000")]
    pub listeners: Vec<usize>,
    /// Sessions that they share.
    #[arg(long, default_value_t = 100)]
    pub sessions: usize,
    /// Changes a second.
    #[arg(long, default_value_t = 1_000)]
    pub rate: u32,
    /// Connections that make them.
    #[arg(long, default_value_t = 8)]
    pub writers: u32,
    /// Seconds measured.
    #[arg(long, default_value_t = 15)]
    pub seconds: u64,
    /// Where things stand.
    #[command(flatten)]
    pub place: Place,
}

const MARK: &str = "\"job_title\":\"N";
const DIGITS: usize = 12;
const PATIENCE: Duration = Duration::from_secs(10);

/// When each change was answered, by its number.
type Answered = Arc<std::sync::Mutex<HashMap<u64, Instant>>>;

pub fn measure(listen: &Listen) -> Result<()> {
    let mut bench = Bench::start(&listen.place)?;
    let (seed, _) = bench.seed(&listen.place, listen.size.0)?;
    println!(
        "| listeners | changes/s | frames/s | delay p50 ms | p95 ms | p99 ms | lost | MB idle | MB | CPU s/s server | PostgreSQL |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    for listeners in &listen.listeners {
        let server = bench.fresh(&seed)?;
        one(listen, *listeners, &server, &bench.cluster.url("bench"), bench.cluster.postmaster)?;
    }
    Ok(())
}

fn one(listen: &Listen, listeners: usize, server: &Server, url: &str, postmaster: u32) -> Result<()> {
    let ids = rotate::ids(url, "SELECT string_agg(id::text, ' ') AS value FROM contacts")?;
    let bearers: Vec<String> =
        (0..listen.sessions.min(listeners)).map(|_| server.login()).collect::<Result<Vec<String>>>()?;
    let idle = usage::resident(server.pid()).unwrap_or_default();
    let (answered, over) = (Answered::default(), Arc::new(AtomicBool::new(false)));
    let (made, ready) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let hearing = {
        let (addr, answered, over, ready) = (server.addr, Arc::clone(&answered), Arc::clone(&over), Arc::clone(&ready));
        std::thread::spawn(move || hear(addr, &bearers, listeners, &answered, &over, &ready))
    };
    while ready.load(Ordering::Relaxed) < u64::try_from(listeners)? {
        if hearing.is_finished() {
            return Err("the listeners could not come in".into());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let (ours, theirs, begun) = (usage::process(server.pid()), usage::postgres(postmaster), Instant::now());
    write(listen, server, &ids, &answered, &made)?;
    let seconds = begun.elapsed().as_secs_f64();
    let (ours, theirs) = (usage::process(server.pid()) - ours, usage::postgres(postmaster) - theirs);
    let loaded = usage::resident(server.pid()).unwrap_or_default();
    std::thread::sleep(PATIENCE);
    over.store(true, Ordering::Relaxed);
    let heard = hearing.join().map_err(|_| "the listeners broke down")??;
    let made = float(made.load(Ordering::Relaxed));
    let ms = |thousandths| heard.delay.quantile(thousandths).as_secs_f64() * 1e3;
    println!(
        "| {listeners} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} | {} | {idle:.0} | {loaded:.0} | {:.2} | {:.2} |",
        made / seconds,
        float(heard.frames) / seconds,
        ms(500),
        ms(950),
        ms(990),
        made * float(u64::try_from(listeners)?) - float(heard.frames),
        ours / seconds,
        theirs / seconds
    );
    Ok(())
}

/// Makes changes at the rate that is asked for, or as many as come to be.
fn write(listen: &Listen, server: &Server, ids: &[String], answered: &Answered, made: &Arc<AtomicU64>) -> Result<()> {
    let bearer = server.login()?;
    let runs: Vec<_> = (0..listen.writers)
        .map(|writer| {
            let ids: Vec<String> = ids.iter().skip(usize::try_from(writer).unwrap_or(0)).step_by(8).cloned().collect();
            let (bearer, answered, made, listen) =
                (bearer.clone(), Arc::clone(answered), Arc::clone(made), listen.clone());
            let addr = server.addr;
            std::thread::spawn(move || {
                let mut client = Client::connect(addr, &bearer).map_err(|e| e.to_string())?;
                let pause = Duration::from_secs_f64(f64::from(listen.writers) / f64::from(listen.rate));
                let (begun, mut next) = (Instant::now(), Instant::now());
                for id in ids.iter().cycle() {
                    if begun.elapsed() >= Duration::from_secs(listen.seconds) {
                        break;
                    }
                    std::thread::sleep(next.saturating_duration_since(Instant::now()));
                    next += pause;
                    let serial = next_serial();
                    let body = Some(format!("{{\"job_title\":\"N{serial}\"}}"));
                    let target = format!("/v1/contacts/{id}");
                    client.json(&Request { method: "PATCH", target, body, about: None }).map_err(|e| e.to_string())?;
                    if let (Ok(number), Ok(mut all)) = (serial.parse(), answered.lock()) {
                        all.insert(number, Instant::now());
                    }
                    made.fetch_add(1, Ordering::Relaxed);
                }
                Ok::<(), String>(())
            })
        })
        .collect();
    for run in runs {
        run.join().map_err(|_| "a writer broke down")??;
    }
    Ok(())
}

struct Heard {
    delay: Histogram,
    frames: u64,
}

fn hear(
    addr: SocketAddr,
    bearers: &[String],
    listeners: usize,
    answered: &Answered,
    over: &Arc<AtomicBool>,
    ready: &Arc<AtomicU64>,
) -> std::result::Result<Heard, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
    let runtime = runtime.map_err(|e| e.to_string())?;
    let heard = Rc::new(RefCell::new(Heard { delay: Histogram::new(), frames: 0 }));
    let set = LocalSet::new();
    for (listener, bearer) in (0..listeners).zip(bearers.iter().cycle()) {
        let wire = Request::get("/v1/events/stream?types=contact.updated".to_owned()).wire(bearer).with_serial("");
        let (heard, answered, over) = (Rc::clone(&heard), Arc::clone(answered), Arc::clone(over));
        let reader = Reader { heard, answered, over, reads: listener % 10 == 0, held: Vec::new() };
        let ready = Arc::clone(ready);
        set.spawn_local(async move {
            if let Err(error) = reader.listen(addr, &wire, &ready).await {
                eprintln!("a listener was cut off: {error}");
            }
        });
    }
    runtime.block_on(set);
    drop(runtime);
    Rc::into_inner(heard).map(RefCell::into_inner).ok_or_else(|| "a listener is still there".to_owned())
}

struct Reader {
    heard: Rc<RefCell<Heard>>,
    answered: Answered,
    over: Arc<AtomicBool>,
    reads: bool,
    held: Vec<u8>,
}

impl Reader {
    async fn listen(mut self, addr: SocketAddr, wire: &[u8], ready: &AtomicU64) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(addr).await?;
        stream.write_all(wire).await?;
        let mut buffer = vec![0; 64 * 1024];
        let mut is_new = true;
        while !self.over.load(Ordering::Relaxed) {
            let read = tokio::time::timeout(Duration::from_millis(500), stream.read(&mut buffer)).await;
            let Ok(read) = read else { continue };
            let piece = buffer.get(..read?).unwrap_or_default();
            if piece.is_empty() {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if is_new {
                is_new = false;
                ready.fetch_add(1, Ordering::Relaxed);
            }
            self.take(piece);
        }
        Ok(())
    }

    fn take(&mut self, piece: &[u8]) {
        self.held.extend_from_slice(piece);
        let whole = self.held.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let rest = self.held.split_off(whole);
        let lines = std::mem::replace(&mut self.held, rest);
        let mut heard = self.heard.borrow_mut();
        for line in lines.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"data: ")) {
            heard.frames += 1;
            let now = Instant::now();
            let of = self.reads.then(|| number(line)).flatten();
            let at = of.and_then(|number| self.answered.lock().ok()?.get(&number).copied());
            if of.is_some() {
                // a frame may be quicker than the answer
                heard.delay.record(at.map_or(Duration::ZERO, |at| now.saturating_duration_since(at)));
            }
        }
    }
}

/// Of the change that a frame tells of: the record comes before what it was.
fn number(line: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(line).ok()?;
    let at = text.find(MARK)? + MARK.len();
    text.get(at..at + DIGITS)?.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_frame_tells_of_its_change() {
        let line = br#"data: {"data":{"job_title":"N100000000042"},"previous":{"job_title":"N100000000007"}}"#;
        assert_eq!(number(line), Some(100_000_000_042));
        assert_eq!(number(b"data: {}"), None);
    }
}
