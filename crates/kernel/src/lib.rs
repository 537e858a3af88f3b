//! The language that every wing speaks. No I/O, no HTTP, no query: ids, who is asking, what may go wrong, pages, money.
pub mod catalogue;
pub mod clock;
pub mod ctx;
pub mod error;
pub mod event;
pub mod existing;
pub mod id;
pub mod language;
pub mod money;
pub mod net;
pub mod page;
pub mod patch;
pub mod permit;
pub mod rules;
pub mod shape;
pub mod text;
pub mod tidy;

pub use ctx::{Access, Actor, Ctx, Grants, Origin, Reach};
pub use error::{Code, Error, Fault, Kind, Result};
pub use existing::Existing;
pub use id::*;
pub use language::Language;
pub use money::Money;
pub use page::{Cut, Page};
pub use permit::*;
pub use text::{Text, Texts};
pub use tidy::Tidy;
