//! A worker in a process of its own.
use super::Town;
use std::process::{Child, Stdio};

/// Ends with the test.
pub struct Worker(Child);

impl Worker {
    /// It dies at this point of the program, if it names one.
    pub fn start(town: &Town, crash: &str) -> Self {
        let mut command = town.program(&["worker"]);
        command.env("GUANXI_TEST_CRASH", crash).env("GUANXI_JOB_LEASE", "2");
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    /// Waits for its end.
    pub fn dies(&mut self) {
        let _ = self.0.wait();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
