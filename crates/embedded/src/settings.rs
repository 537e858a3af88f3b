//! The PostgreSQL settings: the defaults are kept, durability first, but for what a CRM on one machine, or a
//! throw-away test server, does better with.

use std::fs;
use std::path::Path;

use crate::config::Config;
use crate::os;

const MB: u64 = 1 << 20;

/// All settings of a server; a later one wins over an earlier one of the same name.
pub fn of(config: &Config) -> Vec<(String, String)> {
    let mut settings =
        vec![("listen_addresses", String::new()), ("timezone", "UTC".into()), ("log_timezone", "UTC".into())];
    if config.durable {
        settings.extend(durable(memory_bytes().unwrap_or(4096 * MB)));
    } else {
        settings.extend(throw_away());
    }
    // containers have 64 MB there, too little for a parallel query
    if os::free_bytes(Path::new("/dev/shm")).is_none_or(|free| free < 512 * MB) {
        settings.push(("dynamic_shared_memory_type", "mmap".into()));
    }
    let chosen = settings.into_iter().map(|(name, value)| (name.to_owned(), value));
    chosen.chain(config.settings.iter().cloned()).collect()
}

fn durable(memory: u64) -> Vec<(&'static str, String)> {
    vec![
        ("shared_buffers", format!("{}MB", (memory / 16 / MB).clamp(64, 1024))),
        ("effective_cache_size", format!("{}MB", (memory / 2 / MB).max(128))),
        ("max_wal_size", "2GB".into()),
        ("wal_compression", "on".into()),
        // solid-state disks: a random page costs hardly more than the next one
        ("random_page_cost", "1.1".into()),
        // the default of 4 MB makes single writers wait for a large merge into the search index
        ("gin_pending_list_limit", "256kB".into()),
        // a batch holds a lock for each key that it makes records by
        ("max_locks_per_transaction", "256".into()),
        // short queries: compiling them costs more than it saves
        ("jit", "off".into()),
    ]
}

fn throw_away() -> Vec<(&'static str, String)> {
    let fixed = [
        ("fsync", "off"),
        ("synchronous_commit", "off"),
        ("full_page_writes", "off"),
        ("wal_level", "minimal"),
        ("max_wal_senders", "0"),
        ("max_wal_size", "256MB"),
        ("autovacuum", "off"),
        ("shared_buffers", "64MB"),
        ("max_connections", "200"),
        ("gin_pending_list_limit", "256kB"),
        ("random_page_cost", "1.1"),
        ("jit", "off"),
    ];
    fixed.into_iter().map(|(name, value)| (name, value.to_owned())).collect()
}

/// The memory of the machine, or of the container when that has less.
fn memory_bytes() -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| parse_meminfo(&text));
    let container = fs::read_to_string("/sys/fs/cgroup/memory.max").ok().and_then(|text| text.trim().parse().ok());
    machine.into_iter().chain(container).min()
}

fn parse_meminfo(text: &str) -> Option<u64> {
    let total = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    total.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_grow_with_memory_within_bounds() {
        let buffers = |memory| durable(memory).into_iter().find(|(name, _)| *name == "shared_buffers").map(|s| s.1);
        assert_eq!(buffers(256 * MB).as_deref(), Some("64MB"));
        assert_eq!(buffers(4096 * MB).as_deref(), Some("256MB"));
        assert_eq!(buffers(1 << 40).as_deref(), Some("1024MB"));
    }

    #[test]
    fn memory_is_read() {
        assert_eq!(parse_meminfo("MemTotal:       2048 kB\nMemFree: 1 kB\n"), Some(2 * MB));
    }

    #[test]
    fn the_callers_settings_come_last() {
        let config = Config { settings: vec![("jit".into(), "on".into())], ..Config::app("/srv/crm".into()) };
        assert_eq!(of(&config).last(), Some(&("jit".to_owned(), "on".to_owned())));
    }
}
