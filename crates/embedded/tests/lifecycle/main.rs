//! The life of a server: started, shared, stopped, killed, found half made. Real servers, as root or not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod sql;

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use embedded::{Config, Pg};

/// A home that goes with the test.
struct Scratch(Config);

impl Scratch {
    /// Kept like the application's, where tests may make a mess.
    fn app(name: &str) -> Scratch {
        let home = Config::test(&format!("embedded-{name}-{}", std::process::id())).home;
        Scratch(Config { home, ..Config::app(PathBuf::new()) })
    }

    fn start(&self) -> Pg {
        embedded::start(&self.0).unwrap()
    }

    fn home(&self) -> &Path {
        &self.0.home
    }

    fn query(&self, text: &str) -> Result<Option<String>, String> {
        sql::query(&self.home().join("run/.s.PGSQL.5432"), text)
    }

    fn answers(&self) -> bool {
        self.query("SELECT 1").is_ok()
    }

    fn wait_until_stopped(&self) {
        let since = Instant::now();
        while self.answers() || self.home().join("data/postmaster.pid").exists() {
            assert!(since.elapsed() < Duration::from_secs(20), "the server did not stop");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.home());
    }
}

/// This test program again, as another process that uses the server in `home`, and then waits to be killed.
fn spawn_other_process(home: &Path) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "role_of_other_process", "--nocapture"]).env("EMBEDDED_TEST_HOME", home);
    command.stdout(Stdio::piped()).spawn().unwrap()
}

/// The same, once it has its server, and whether it started it.
fn other_process(home: &Path) -> (Child, String) {
    let mut child = spawn_other_process(home);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let said = lines.find_map(|line| line.unwrap().strip_prefix("role: ").map(str::to_owned));
    (child, said.expect("the other process could not start"))
}

#[test]
fn role_of_other_process() {
    if let Some(home) = env::var_os("EMBEDDED_TEST_HOME") {
        let pg = embedded::start(&Config { home: home.into(), ..Config::app(PathBuf::new()) }).unwrap();
        println!("\nrole: {}", if pg.started { "started" } else { "attached" });
        thread::sleep(Duration::from_secs(60));
    }
}

#[test]
fn a_stopped_server_starts_again_with_its_data() {
    let scratch = Scratch::app("again");
    let pg = scratch.start();
    assert!(pg.started);
    assert!(pg.bin_dir().join("initdb").is_file());
    scratch.query("CREATE TABLE kept AS SELECT 7 AS n").unwrap();
    pg.stop();
    assert!(!scratch.answers());
    assert!(!scratch.home().join("data/postmaster.pid").exists());

    let pg = scratch.start();
    assert!(pg.started);
    assert_eq!(scratch.query("SELECT n FROM kept"), Ok(Some("7".into())));
    pg.stop();
}

#[test]
fn it_is_set_up_for_the_application() {
    let mut scratch = Scratch::app("settings");
    scratch.0.settings.push(("work_mem".into(), "5MB".into()));
    let pg = scratch.start();
    let ask = |text: &str| scratch.query(text).unwrap().unwrap();
    assert_eq!(ask("SELECT 'ÉTÉ Ω Я' ILIKE 'été ω я'"), "t");
    assert_eq!(ask("SHOW server_encoding"), "UTF8");
    assert_eq!(ask("SHOW listen_addresses"), "");
    assert_eq!(ask("SHOW fsync"), "on");
    assert_eq!(ask("SHOW gin_pending_list_limit"), "256kB");
    assert_eq!(ask("SHOW work_mem"), "5MB");
    ask("CREATE EXTENSION pg_trgm; SELECT 1");
    assert!(pg.url("a b").starts_with("postgresql://postgres@/a%20b?host=%2F"), "{}", pg.url("a b"));
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(scratch.home().join("run")).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn the_server_stays_until_its_last_user_has_gone() {
    let scratch = Scratch::app("shared");
    let (mut first, role) = other_process(scratch.home());
    assert_eq!(role, "started");
    let (mut second, role) = other_process(scratch.home());
    assert_eq!(role, "attached");
    let here = scratch.start();
    assert!(!here.started);

    first.kill().unwrap();
    first.wait().unwrap();
    thread::sleep(Duration::from_millis(500));
    assert!(scratch.answers(), "it went with the process that had started it");
    here.stop();
    assert!(scratch.answers(), "it went though a process still used it");
    second.kill().unwrap();
    second.wait().unwrap();
    scratch.wait_until_stopped();
}

#[test]
fn a_killed_process_takes_its_server_along_and_the_next_start_is_clean() {
    let scratch = Scratch::app("killed");
    for _ in 0..3 {
        // the next one starts a new server, or is quick enough to keep the present one running
        let (mut owner, _) = other_process(scratch.home());
        assert!(scratch.answers());
        owner.kill().unwrap();
        owner.wait().unwrap();
    }
    scratch.wait_until_stopped();
    let log = fs::read_to_string(scratch.home().join("postgres.log")).unwrap();
    assert!(!log.contains("not properly shut down"), "{log}");
}

#[test]
fn a_half_finished_first_start_is_repeated() {
    let scratch = Scratch::app("half");
    fs::create_dir_all(scratch.home().join("data.init/base")).unwrap();
    fs::write(scratch.home().join("data.init/PG_VERSION"), "15\n").unwrap();
    let pg = scratch.start();
    assert!(pg.started && scratch.answers());
    assert!(!scratch.home().join("data.init").exists());
    pg.stop();
}

#[test]
fn a_first_start_killed_in_the_middle_is_repeated() {
    let scratch = Scratch::app("middle");
    let mut first = spawn_other_process(scratch.home());
    let since = Instant::now();
    while !scratch.home().join("data.init/global").exists() {
        assert!(since.elapsed() < Duration::from_secs(20), "initdb did not begin");
        thread::sleep(Duration::from_millis(5));
    }
    first.kill().unwrap();
    first.wait().unwrap();
    let pg = scratch.start();
    assert!(pg.started && scratch.answers());
}

#[test]
fn a_server_that_crashed_starts_again() {
    let scratch = Scratch::app("crashed");
    drop(scratch.start());
    // as after a power cut, when the number now belongs to another process
    let pid = format!("{}\n{}\n0\n5432\n\n\n\nready   \n", std::process::id(), scratch.home().join("data").display());
    fs::write(scratch.home().join("data/postmaster.pid"), pid).unwrap();
    let pg = scratch.start();
    assert!(pg.started && scratch.answers());
}

#[test]
fn of_many_starters_one_starts_it() {
    let scratch = Scratch::app("race");
    let servers: Vec<Pg> = thread::scope(|scope| {
        let starters: Vec<_> = (0..6).map(|_| scope.spawn(|| scratch.start())).collect();
        starters.into_iter().map(|starter| starter.join().unwrap()).collect()
    });
    assert_eq!(servers.iter().filter(|pg| pg.started).count(), 1);
    assert!(scratch.answers());
    drop(servers);
    assert!(!scratch.answers());
}

#[test]
fn a_throw_away_server_lingers_and_leaves_nothing() {
    let config = Config::test(&format!("embedded-thrown-{}", std::process::id()));
    let scratch = Scratch(Config { idle: Duration::from_secs(2), ..config });
    drop(scratch.start());
    let again = scratch.start();
    assert!(!again.started, "it did not linger");
    assert_eq!(scratch.query("SHOW fsync"), Ok(Some("off".into())));
    drop(again);
    scratch.wait_until_stopped();
    thread::sleep(Duration::from_millis(500));
    assert!(!scratch.home().join("data").exists());
}

#[test]
fn a_long_path_puts_the_socket_elsewhere() {
    let mut scratch = Scratch::app("long");
    scratch.0.home = scratch.home().join("a folder").join("x".repeat(100)).join("postgres");
    let pg = scratch.start();
    assert!(pg.url("postgres").contains("?host=%2Ftmp%2F.guanxi-"), "{}", pg.url("postgres"));
    let host = pg.url("").split_once("host=").unwrap().1.replace("%2F", "/");
    drop(pg);
    let _ = fs::remove_dir_all(host);
    let _ = fs::remove_dir_all(scratch.home().ancestors().nth(3).unwrap());
}

#[test]
fn a_failure_says_what_to_do() {
    let mut scratch = Scratch::app("failure");
    scratch.0.settings.push(("no_such_setting".into(), "1".into()));
    let error = embedded::start(&scratch.0).unwrap_err().to_string();
    assert!(error.contains("no_such_setting") && error.contains("DATABASE_URL"), "{error}");
    assert!(!error.contains('\n'), "{error}");
}
