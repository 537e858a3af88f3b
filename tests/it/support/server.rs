//! The real server in a thread of the test.
use api::config::Config;
use api::house::House;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

/// The server and its worker, on a thread of their own.
pub struct Server {
    pub addr: SocketAddr,
    stop: Mutex<Option<Box<dyn FnOnce() + Send>>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(config: Config, url: String) -> Self {
        let listener = TcpListener::bind(config.addr).unwrap();
        let addr = listener.local_addr().unwrap();
        let (told, ready) = mpsc::channel();
        let run = async move {
            let house = House::open(&config, &url).await.unwrap();
            let work = config.jobs.then(|| api::worker::start(house.clone()));
            let streams = house.streams.clone();
            let server = api::app::server(house, &config, listener).unwrap();
            let handle = server.handle();
            let stop = move || {
                streams.close();
                drop(handle.stop(false));
            };
            told.send(Box::new(stop) as Box<dyn FnOnce() + Send>).unwrap();
            server.await.unwrap();
            if let Some(work) = work {
                work.stop().await;
            }
        };
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            tokio::task::LocalSet::new().block_on(&runtime, run);
        });
        let stop = ready.recv_timeout(Duration::from_secs(30)).ok();
        if stop.is_none() {
            thread.join().unwrap();
            panic!("the server did not start");
        }
        Self { addr, stop: Mutex::new(stop), thread: Some(thread) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.lock().unwrap().take() {
            stop();
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
