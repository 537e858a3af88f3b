//! Permissions as types, and the capability that proves one.
//!
//! A `Permit<P>` can only be had from [`Permit::check`]; the database opens for nothing else. So code that touches
//! data without naming its permission does not compile. Permissions compose: a tuple of them is one.
use crate::{Ctx, Error, Reach, Result, Text, error, text};
use std::fmt::Display;
use std::hash::Hash;
use std::marker::PhantomData;

/// A thing that permissions, routes, events and audit rows speak about.
pub trait Noun: 'static {
    /// singular, snake_case: `contact`
    const NAME: &'static str;
}

/// A noun with identity and version.
pub trait Record: Noun {
    type Id: Copy + Eq + Hash + Display + Send + Sync + From<uuid::Uuid> + Into<uuid::Uuid> + 'static;
    fn id(&self) -> Self::Id;
    fn version(&self) -> i32;
}

macro_rules! actions { ($($name:ident = $text:literal is $kind:ident, $doc:literal;)+) => {
    /// What may be done to a record.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Action { $($name),+ }

    impl Action {
        pub const ALL: [Self; [$($text),+].len()] = [$(Self::$name),+];
        pub const COUNT: usize = Self::ALL.len();

        #[allow(clippy::as_conversions)]
        pub const fn index(self) -> usize { self as usize }

        pub const fn name(self) -> &'static str {
            match self { $(Self::$name => $text),+ }
        }

        pub fn named(name: &str) -> Option<Self> {
            Self::ALL.into_iter().find(|action| action.name() == name)
        }
    }

    $(
        #[doc = $doc]
        pub struct $name<N>(PhantomData<N>);
        impl<N: Noun> $kind for $name<N> {}
        impl<N: Noun> Permission for $name<N> {
            fn granted(ctx: &Ctx) -> bool { ctx.reach::<N>(Action::$name) > Reach::None }
            fn names(out: &mut Vec<String>) { out.push(format!("{}:{}", N::NAME, $text)) }
        }
    )+
}; }

actions! {
    Read = "read" is Looks, "May see records of `N`.";
    Create = "create" is Changes, "May make records of `N`.";
    Update = "update" is Changes, "May change records of `N`.";
    Delete = "delete" is Changes, "May archive and restore records of `N`.";
    Export = "export" is Looks, "May take lists of `N` out.";
    Import = "import" is Changes, "May bring files of `N` in.";
    Merge = "merge" is Changes, "May merge records of `N`.";
    Assign = "assign" is Changes, "May give records of `N` to another owner.";
    Approve = "approve" is Changes, "May approve what others put forward of `N`.";
    Share = "share" is Changes, "May share records of `N`.";
    Reveal = "reveal" is Changes, "May see what is sealed of records of `N`; that it was seen is written down.";
    Purge = "purge" is Changes, "May delete records of `N` for good.";
}

/// A permission, or several at once.
pub trait Permission: 'static {
    fn granted(ctx: &Ctx) -> bool;
    /// `object:action`, for the document.
    fn names(out: &mut Vec<String>);
}

/// A permission that only looks. `Db::read` and `Db::load` ask for one.
pub trait Looks: Permission {}
/// A permission that changes something. `Db::write` and `Db::change` ask for one.
pub trait Changes: Permission {}

impl<A: Permission, B: Permission> Permission for (A, B) {
    fn granted(ctx: &Ctx) -> bool {
        A::granted(ctx) && B::granted(ctx)
    }
    fn names(out: &mut Vec<String>) {
        A::names(out);
        B::names(out);
    }
}
impl<A: Looks, B: Looks> Looks for (A, B) {}
impl<A: Changes, B: Permission> Changes for (A, B) {}

/// May create, update or delete records of `N`: for a batch, whose items are asked one by one which of these they need.
pub struct Writes<N>(PhantomData<N>);
impl<N: Noun> Permission for Writes<N> {
    fn granted(ctx: &Ctx) -> bool {
        [Action::Create, Action::Update, Action::Delete].into_iter().any(|action| ctx.reach::<N>(action) > Reach::None)
    }
    fn names(out: &mut Vec<String>) {
        out.push(format!("{}:create|update|delete", N::NAME));
    }
}
impl<N: Noun> Changes for Writes<N> {}

/// What every authenticated caller may do to itself: see who it is, log out.
pub struct Myself;
impl Permission for Myself {
    fn granted(_: &Ctx) -> bool {
        true
    }
    fn names(_: &mut Vec<String>) {}
}
impl Looks for Myself {}
impl Changes for Myself {}

/// Proof that the actor of `ctx` holds `P`.
///
/// ```compile_fail
/// # use kernel::*;
/// # fn forge<N: Noun>(ctx: Ctx) -> Permit<Read<N>> {
/// Permit { ctx, permission: std::marker::PhantomData } // private fields: it cannot be forged
/// # }
/// ```
pub struct Permit<P> {
    ctx: Ctx,
    permission: PhantomData<fn() -> P>,
}

impl<P: Permission> Permit<P> {
    pub fn check(ctx: Ctx) -> Result<Self> {
        ctx.must::<P>()?;
        Ok(Self { ctx, permission: PhantomData })
    }
}

impl Ctx {
    /// The same question as a permit's, for one item of many. Who is refused is told what they lack.
    pub fn must<P: Permission>(&self) -> Result<()> {
        if P::granted(self) {
            return Ok(());
        }
        let mut needed = Vec::new();
        P::names(&mut needed);
        Err(lacking(needed))
    }

    /// The same, of a noun that is known only now.
    pub fn must_all(&self, object: &str, actions: &[Action]) -> Result<()> {
        if actions.iter().all(|action| self.grants.reach(object, *action) > Reach::None) {
            return Ok(());
        }
        Err(lacking(actions.iter().map(|action| format!("{object}:{}", action.name())).collect()))
    }
}

fn lacking(needed: Vec<String>) -> Error {
    let joined = needed.into_iter().map(Text::new).reduce(|one, more| text!("{one} and {more}"; one, more));
    Error::from(error::FORBIDDEN).detail(text!("needs {permissions}"; permissions = joined.unwrap_or_default()))
}

impl<P> Permit<P> {
    pub fn ctx(&self) -> &Ctx {
        &self.ctx
    }
}
