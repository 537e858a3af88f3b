//! What processes use, read from /proc: processor seconds and memory.
//! Processor time of a request survives a noisy machine; requests per second do not.

use std::fs;

/// Ticks of /proc in a second: Linux shows 100 to programs on every architecture it runs PostgreSQL on.
const TICKS: f64 = 100.0;

/// Processor seconds a process has used, all its threads together.
pub fn process(pid: u32) -> f64 {
    stat(&pid.to_string()).map_or(0.0, |stat| stat.own)
}

/// Processor seconds this program has used itself.
pub fn own() -> f64 {
    stat("self").map_or(0.0, |stat| stat.own)
}

/// Processor seconds of this program's children that have ended and been waited for.
pub fn ended_children() -> f64 {
    stat("self").map_or(0.0, |stat| stat.children)
}

/// Processor seconds of a PostgreSQL: the postmaster, its living children and those it has reaped.
pub fn postgres(postmaster: u32) -> f64 {
    let reaped = || stat(&postmaster.to_string()).map_or(0.0, |stat| stat.own + stat.children);
    loop {
        let (before, living) = (reaped(), children(postmaster));
        // a child reaped between the two readings would be in neither
        if reaped() - before < 1.5 / TICKS {
            return before + living;
        }
    }
}

fn children(parent: u32) -> f64 {
    let names = fs::read_dir("/proc").into_iter().flatten().flatten().map(|entry| entry.file_name());
    let pids = names.filter_map(|name| name.into_string().ok()).filter(|name| is_number(name));
    pids.filter_map(|pid| stat(&pid)).filter(|stat| stat.parent == parent).map(|stat| stat.own).sum()
}

/// Processor seconds the whole machine was busy since it started.
pub fn machine() -> f64 {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let ticks: Vec<f64> = text.lines().next().unwrap_or_default().split(' ').filter_map(|n| n.parse().ok()).collect();
    // user nice system idle iowait irq softirq: all but the two that are no work
    let busy: f64 = ticks.iter().take(7).sum::<f64>() - ticks.iter().skip(3).take(2).sum::<f64>();
    busy / TICKS
}

/// Memory a process holds now, in MB.
pub fn resident(pid: u32) -> Option<f64> {
    status(pid, "VmRSS:")
}

/// The most memory a living process ever held, in MB.
pub fn peak(pid: u32) -> Option<f64> {
    status(pid, "VmHWM:")
}

struct Stat {
    parent: u32,
    own: f64,
    children: f64,
}

fn stat(pid: &str) -> Option<Stat> {
    parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The name in parentheses may hold anything, so fields count from the last parenthesis.
fn parse(text: &str) -> Option<Stat> {
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_ascii_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok());
    let parent = fields.get(1)?.parse().ok()?;
    Some(Stat { parent, own: (ticks(11)? + ticks(12)?) / TICKS, children: (ticks(13)? + ticks(14)?) / TICKS })
}

fn status(pid: u32, name: &str) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: f64 = line.split_ascii_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

fn is_number(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn reads_around_a_name_with_parentheses() {
        let stat = parse("7 (a) b (c) S 3 7 7 0 -1 4194560 1 2 3 4 150 50 30 20 20 0 1 0 5").unwrap();
        assert_eq!((stat.parent, stat.own, stat.children), (3, 2.0, 0.5));
    }

    #[test]
    fn this_process_is_alive() {
        let pid = std::process::id();
        assert!(resident(pid).unwrap() > 0.5);
        assert!(peak(pid).unwrap() >= resident(pid).unwrap() * 0.9);
        assert!(machine() > own());
        assert!(stat("self").is_some());
    }
}
