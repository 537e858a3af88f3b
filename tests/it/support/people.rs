//! Who lives in the town: one of each built-in role, two sellers more, one without any role, and the owner next door.

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Person {
    Owner,
    Admin,
    /// in the team `sales`, above the others
    Manager,
    /// a representative, in the team `north`
    Rep,
    /// another one of the team `north`
    Mate,
    /// a representative in the team `south`
    Stranger,
    ReadOnly,
    /// has no role at all
    Nobody,
    /// the owner of the other tenant
    Foreigner,
}

pub const PASSWORD: &str = "the town well runs deep";

impl Person {
    pub const ALL: [Self; 9] = [
        Self::Owner,
        Self::Admin,
        Self::Manager,
        Self::Rep,
        Self::Mate,
        Self::Stranger,
        Self::ReadOnly,
        Self::Nobody,
        Self::Foreigner,
    ];

    /// Those whom the owner lets in, with their built-in role and their team.
    pub const HIRED: [(Self, Option<&'static str>, Option<&'static str>); 7] = [
        (Self::Admin, Some("admin"), None),
        (Self::Manager, Some("manager"), Some("sales")),
        (Self::Rep, Some("representative"), Some("north")),
        (Self::Mate, Some("representative"), Some("north")),
        (Self::Stranger, Some("representative"), Some("south")),
        (Self::ReadOnly, Some("read_only"), None),
        (Self::Nobody, None, None),
    ];

    pub fn email(self) -> String {
        format!("{self:?}@town.example").to_lowercase()
    }
}
