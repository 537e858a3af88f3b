//! The library of the Standard Webhooks specification for Python, as a second opinion on what is sent: in a process of its
//! own, which reads what came, line by line. Where there is none (`pip install standardwebhooks`; `TEST_PYTHON` says
//! which Python), the test says so and goes on without.
use crate::support::receiver::Parcel;
use crate::support::{Receiver, json, make};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const SCRIPT: &str = r#"
import base64, json, sys
try:
    from standardwebhooks.webhooks import Webhook, WebhookVerificationError
except ImportError:
    sys.exit("no standardwebhooks")
print("ready", flush=True)
good = 0
for line in sys.stdin:
    one = json.loads(line)
    body, hook = base64.b64decode(one["body"]), Webhook(one["secret"])
    hook.verify(body, one["headers"])
    try:
        hook.verify(body + b" ", one["headers"])
        sys.exit("it takes whatever comes")
    except WebhookVerificationError:
        good += 1
print(good, flush=True)
"#;

pub struct Reference(Option<(Child, ChildStdin, BufReader<ChildStdout>)>);

impl Reference {
    pub fn start() -> Self {
        let python = std::env::var("TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let mut command = Command::new(&python);
        command.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let Ok(mut child) = command.spawn() else {
            println!("not held against the reference: there is no {python}");
            return Self(None);
        };
        let (say, mut hear) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut first = String::new();
        hear.read_line(&mut first).unwrap();
        if first.trim() != "ready" {
            println!("not held against the reference: {python} has no standardwebhooks");
            return Self(None);
        }
        Self(Some((child, say, hear)))
    }

    /// What came, soon after it did: the library takes nothing that is older than five minutes.
    pub fn hold(&mut self, secret: &str, parcels: &[Parcel]) {
        let Some((_, say, _)) = &mut self.0 else { return };
        for one in parcels {
            let line = json!({"secret": secret, "headers": one.headers, "body": make::base64(&one.body)});
            writeln!(say, "{line}").expect("the reference library has refused what was sent");
        }
    }

    /// How many it has found to be good, which are all; nothing where there is no library.
    pub fn end(self) -> Option<usize> {
        let (mut child, say, mut hear) = self.0?;
        drop(say);
        let mut last = String::new();
        hear.read_line(&mut last).unwrap();
        assert!(child.wait().unwrap().success(), "the reference library has refused what was sent");
        Some(last.trim().parse().unwrap())
    }
}

/// A receiver whose parcels are held against the library as they come.
pub struct Held<'a> {
    pub receiver: &'a Receiver,
    pub secret: String,
    seen: usize,
}

impl<'a> Held<'a> {
    pub fn new(receiver: &'a Receiver, secret: String) -> Self {
        Self { receiver, secret, seen: 0 }
    }

    pub fn look(&mut self, reference: &mut Reference) -> usize {
        let fresh = self.receiver.since(self.seen);
        self.seen += fresh.len();
        reference.hold(&self.secret, &fresh);
        self.seen
    }
}
