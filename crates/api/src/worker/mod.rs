//! The worker.
use crate::house::House;

pub struct Work;

impl Work {
    pub async fn stop(self) {}
}

pub fn start(_: House) -> Work {
    Work
}
