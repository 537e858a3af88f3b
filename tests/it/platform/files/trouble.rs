//! Full disks, servers that die in the middle, and what is cleared away.
use super::{announced, file, link, objects, path, put};
use crate::support::{Client, Town, json, make};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A small disk of its own, where the machine lets one be mounted.
struct Disk(tempfile::TempDir);

impl Disk {
    fn of(megabytes: usize) -> Option<Self> {
        let place = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
            .arg(place.path())
            .stderr(Stdio::null())
            .status();
        mounted.is_ok_and(|status| status.success()).then_some(Self(place))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_is_told_and_nothing_is_left_behind() {
    let Some(disk) = Disk::of(8) else {
        println!("no disk could be mounted: not tried");
        return;
    };
    let town = Town::configured(|config| config.data_dir = disk.0.path().to_path_buf());
    let owner = town.owner();
    let found = || {
        let folder = disk.0.path().join("files/objects");
        let tenants = std::fs::read_dir(folder).unwrap().flatten();
        tenants.flat_map(|tenant| std::fs::read_dir(tenant.path()).unwrap().flatten()).count()
    };
    let large = announced(&owner, "large", 12 << 20, json!({}));
    let url = make::id(&large["upload"], "url");
    let answer = town.anonymous().unheld("PUT", &url, Some(("application/octet-stream", vec![7; 12 << 20])));
    answer.refused(507, "storage_full");
    assert_eq!(found(), 0);
    owner.act(&format!("{}/complete", path(&large))).refused(409, "file_not_uploaded");
    let small = announced(&owner, "small", 1 << 20, json!({}));
    put(&town, &small, &vec![7; 1 << 20]).is(204);
    assert_eq!(owner.act(&format!("{}/complete", path(&small))).ok()["status"], "ready");
    assert_eq!(found(), 1);
}

/// A server in a process of its own.
struct Server(Child, String);

impl Server {
    fn start(town: &Town, crash: &str) -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = free.local_addr().unwrap();
        drop(free);
        let mut command = town.program(&["serve"]);
        command.env("GUANXI_ADDR", addr.to_string()).env("GUANXI_TEST_CRASH", crash);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let since = Instant::now();
        while std::net::TcpStream::connect(addr).is_err() {
            assert!(since.elapsed() < Duration::from_secs(60), "it does not start");
            std::thread::sleep(Duration::from_millis(30));
        }
        Self(child, format!("http://{addr}"))
    }

    fn is_dead(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_server_that_dies_leaves_neither_row_nor_object_that_nobody_knows() {
    let town = Town::idle();
    let owner = town.owner();
    let made = announced(&owner, "x", 5, json!({}));
    let mut first = Server::start(&town, "file_before_kept");
    let url = format!("{}{}", first.1, make::id(&made["upload"], "url"));
    assert!(ureq::put(&url).send(&b"words"[..]).is_err());
    let since = Instant::now();
    while !first.is_dead() {
        assert!(since.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(20));
    }
    // half of it is there, and counts for nothing
    assert_eq!(objects(&town).len(), 1);
    owner.act(&format!("{}/complete", path(&made))).refused(409, "file_not_uploaded");
    put(&town, &made, b"words").is(204);
    owner.act(&format!("{}/complete", path(&made))).ok();
    // a removal that was stopped is gone on with
    owner.delete(&format!("{}?purge=true", path(&made))).is(204);
    town.database.run("UPDATE file_removals SET due_at = now()");
    let mut second = Server::start(&town, "file_removed");
    crate::platform::until("the content is gone", || objects(&town).len() == 1);
    let since = Instant::now();
    while !second.is_dead() {
        assert!(since.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(town.database.count("SELECT count(*) FROM file_removals"), 1);
    // the half is swept up when it is a day old
    let old = std::time::SystemTime::now() - Duration::from_secs(2 * 86_400);
    std::fs::File::options().write(true).open(&objects(&town)[0]).unwrap().set_modified(old).unwrap();
    let outbound = platform::outbound::Outbound::open(&platform::outbound::Settings::default()).unwrap();
    let settings = platform::file::Settings::default();
    let folder = platform::file::Objects::open(&settings, town.data_dir.path(), &outbound).unwrap();
    assert_eq!(folder.sweep(kernel::clock::now()).unwrap(), 1);
    assert_eq!(objects(&town).len(), 0);
    let _third = Server::start(&town, "");
    crate::platform::until("nothing waits", || town.database.count("SELECT count(*) FROM file_removals") == 0);
}

#[test]
fn what_never_came_is_cleared_away() {
    let town = Town::idle();
    let owner = town.owner();
    announced(&owner, "never", 5, json!({}));
    let kept = file(&town, &owner, "kept", b"words", json!({}));
    town.database.run("UPDATE files SET upload_until = now() - interval '25 hours'");
    assert_eq!(
        platform::file::lapse(&mut town.database.conn(), kernel::clock::now() - chrono::Duration::days(1)).unwrap(),
        1
    );
    assert_eq!(owner.get("/v1/files").ids(), [make::id(&kept, "id")]);
    town.anonymous().get(&link(&owner, &kept)).ok();
}

/// Of several that put to one file at once, one whole content stands.
#[test]
fn many_who_put_at_once_leave_one_whole_content() {
    let town = Town::start();
    let owner: Client = town.owner();
    let made = announced(&owner, "x", 300_000, json!({}));
    std::thread::scope(|scope| {
        for n in 0..8_u8 {
            let (town, made) = (&town, &made);
            scope.spawn(move || put(town, made, &vec![n; 300_000]).is(204));
        }
    });
    owner.act(&format!("{}/complete", path(&made))).ok();
    let body = town.anonymous().get(&link(&owner, &made)).body;
    assert!(body.len() == 300_000 && body.iter().all(|byte| *byte == body[0]));
    assert_eq!(objects(&town).len(), 1);
}
