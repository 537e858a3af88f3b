//! An identity provider of OpenID Connect that really signs: discovery, keys, a page to log in at, tokens for a code. It
//! holds callers to what the standards ask of them, and does all sorts of mischief where a test wants it.
mod serve;
mod sign;

pub use sign::{Signer, unsigned};

use super::{Client, Value, encoded, json, make};
use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard};

pub const SECRET: &str = "canary+of/the client:secret";

/// Makes a token of claims in a way of its own.
pub type Forge = Box<dyn Fn(&Value) -> String + Send>;

pub struct Idp {
    pub addr: SocketAddr,
    world: Arc<Mutex<World>>,
}

/// What it does.
pub struct World {
    pub signer: Signer,
    pub published: Vec<Signer>,
    /// over what discovery says
    pub metadata: Value,
    /// over what a token says
    pub claims: Value,
    /// over what the head of a token says
    pub header: Value,
    /// makes a token of its claims in another way
    pub forge: Option<Forge>,
    /// what else is told of somebody
    pub user_info: Value,
    /// what happens below a path
    pub mischief: BTreeMap<&'static str, Mischief>,
    /// how often each path was asked for
    pub asked: BTreeMap<String, usize>,
    issuer: String,
    codes: BTreeMap<String, Grant>,
}

#[derive(Clone, Debug)]
pub enum Mischief {
    /// takes its time
    Slow,
    /// answers without end
    Huge,
    Elsewhere(String),
    /// a status and a body
    Answer(u16, &'static str),
}

/// What a code was given for.
struct Grant {
    client_id: String,
    redirect_uri: String,
    challenge: String,
    claims: Value,
}

impl Idp {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let signer = Signer::ed("first", 1);
        let world = Arc::new(Mutex::new(World {
            published: vec![signer.clone()],
            signer,
            metadata: json!({}),
            claims: json!({}),
            header: json!({}),
            forge: None,
            user_info: json!({}),
            mischief: BTreeMap::new(),
            asked: BTreeMap::new(),
            issuer: format!("http://{addr}"),
            codes: BTreeMap::new(),
        }));
        let shared = Arc::clone(&world);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let world = Arc::clone(&shared);
                std::thread::spawn(move || serve::answer(stream, &world));
            }
        });
        Self { addr, world }
    }

    pub fn issuer(&self) -> String {
        format!("http://{}", self.addr)
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.world().asked.get(path).copied().unwrap_or_default()
    }

    /// A provider of the caller's tenant, which believes it about `town.example`.
    #[track_caller]
    pub fn provider(&self, client: &Client, extra: Value) -> Value {
        let basis = json!({"name": "Town account", "issuer": self.issuer(), "client_id": "guanxi",
            "client_secret": SECRET, "domains": ["town.example"]});
        client.post("/v1/sso-providers", make::with(basis, extra)).created()
    }

    /// Somebody logs in at the page that a browser was sent to: the `code` that it comes back with.
    #[track_caller]
    pub fn log_in(&self, begun: &Value, claims: &Value) -> String {
        let url = format!("{}&as={}", make::id(begun, "authorization_url"), encoded(&claims.to_string()));
        let agent = ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build().new_agent();
        let answer = agent.get(&url).call().unwrap();
        assert_eq!(answer.status().as_u16(), 302, "{url}");
        let place = answer.headers().get("location").unwrap().to_str().unwrap().to_owned();
        let code = place.split(['?', '&']).find_map(|pair| pair.strip_prefix("code="));
        code.unwrap_or_else(|| panic!("{place} has no code")).to_owned()
    }

    /// What somebody comes back with, of a login that was begun.
    #[track_caller]
    pub fn come_back(&self, begun: &Value, claims: &Value) -> Value {
        json!({"code": self.log_in(begun, claims), "state": begun["state"]})
    }
}

/// Somebody with a verified address.
pub fn person(subject: &str, email: &str) -> Value {
    json!({"sub": subject, "email": email, "email_verified": true, "name": "Some One"})
}
