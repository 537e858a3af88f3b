//! What is told when something has happened: `contact.created`. Names are published and keep their meaning.

/// What happened to a record; `name` is the second half of the event's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Created,
    Updated,
    /// archived: still there, out of sight, restorable
    Deleted,
    Restored,
    /// gone for good
    Purged,
    /// the steps of what somebody asks about their data
    Verified,
    Started,
    Gathered,
    Downloaded,
    Completed,
    Rejected,
    /// what held or restricted something does so no more
    Released,
    Lifted,
    /// what sends events does so, or no more
    Enabled,
    Disabled,
    /// a task is to be done again; somebody was reminded of one
    Reopened,
    Reminded,
    /// a record was given a tag, or has it no more
    Tagged,
    Untagged,
    /// a word of somebody was written down, and of whom it was
    Changed,
    ConsentChanged,
    /// somebody came to another stage on the way from a stranger to a customer
    LifecycleChanged,
    /// what is to be sold came a step on, to its end, or back from there
    StageChanged,
    Won,
    Lost,
    /// it has lain in its stage for too long
    Rotting,
    /// what is offered went to the customer, was taken, or has run out
    Sent,
    Accepted,
    Expired,
    /// what was agreed upon was signed, is about to end, and what is due was not paid in time, or is to be paid no more
    Signed,
    Expiring,
    Overdue,
    Waived,
    /// others became one with it
    Merged,
    /// a record came to be in a segment, or is there no more
    Entered,
    Left,
    /// who is in a segment was worked out, or could not be
    Built,
    Failed,
    /// somebody was given a record to look after
    Assigned,
    /// a lead was rated, given up, became a customer, or did not after all
    Scored,
    Disqualified,
    Converted,
    Unconverted,
    /// somebody has answered, or nobody has in time
    Responded,
    ResponseBreached,
    /// a lead came into a pool; somebody took it out, gave it back, or let it lie too long
    Pooled,
    Claimed,
    Returned,
    Recycled,
    /// what a customer has asked for was solved, or is over; something was said about it
    Resolved,
    Closed,
    MessageAdded,
    /// what was promised of it is about to be broken, or was; it was put to somebody who is to know
    SlaWarned,
    SlaBreached,
    Escalated,
    /// an account is called something else
    Classified,
}

impl Verb {
    /// What may change any field of a record that was there.
    pub const CHANGES: [Self; 22] = [
        Self::Updated,
        Self::LifecycleChanged,
        Self::StageChanged,
        Self::Won,
        Self::Lost,
        Self::Reopened,
        Self::Completed,
        Self::Assigned,
        Self::Scored,
        Self::Disqualified,
        Self::Converted,
        Self::Unconverted,
        Self::Responded,
        Self::ResponseBreached,
        Self::Pooled,
        Self::Claimed,
        Self::Returned,
        Self::Recycled,
        Self::Resolved,
        Self::Closed,
        Self::MessageAdded,
        Self::Escalated,
    ];

    /// Whether fields that somebody has sent are written with it.
    pub fn writes(self) -> bool {
        self == Self::Created || Self::CHANGES.contains(&self)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
            Self::Restored => "restored",
            Self::Purged => "purged",
            Self::Verified => "verified",
            Self::Started => "started",
            Self::Gathered => "gathered",
            Self::Downloaded => "downloaded",
            Self::Completed => "completed",
            Self::Rejected => "rejected",
            Self::Released => "released",
            Self::Lifted => "lifted",
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Reopened => "reopened",
            Self::Reminded => "reminded",
            Self::Tagged => "tagged",
            Self::Untagged => "untagged",
            Self::Changed => "changed",
            Self::ConsentChanged => "consent_changed",
            Self::LifecycleChanged => "lifecycle_changed",
            Self::StageChanged | Self::Won | Self::Lost | Self::Rotting => self.of_a_deal(),
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::Expired => "expired",
            Self::Signed => "signed",
            Self::Expiring => "expiring",
            Self::Overdue => "overdue",
            Self::Waived => "waived",
            Self::Merged => "merged",
            Self::Entered => "entered",
            Self::Left => "left",
            Self::Built => "built",
            Self::Failed => "failed",
            Self::Assigned => "assigned",
            Self::Scored => "scored",
            Self::Disqualified => "disqualified",
            Self::Converted => "converted",
            Self::Unconverted => "unconverted",
            Self::Responded => "responded",
            Self::ResponseBreached => "response_breached",
            Self::Pooled | Self::Claimed | Self::Returned | Self::Recycled => self.of_a_pool(),
            Self::Resolved | Self::Closed | Self::MessageAdded => self.of_a_case(),
            Self::SlaWarned | Self::SlaBreached | Self::Escalated => self.of_a_promise(),
            Self::Classified => "classified",
        }
    }

    /// What becomes of what may be sold.
    const fn of_a_deal(self) -> &'static str {
        match self {
            Self::StageChanged => "stage_changed",
            Self::Won => "won",
            Self::Lost => "lost",
            _ => "rotting",
        }
    }

    /// What becomes of leads in pools.
    const fn of_a_pool(self) -> &'static str {
        match self {
            Self::Pooled => "pooled",
            Self::Claimed => "claimed",
            Self::Returned => "returned",
            _ => "recycled",
        }
    }

    /// What becomes of a promise.
    const fn of_a_promise(self) -> &'static str {
        match self {
            Self::SlaWarned => "sla_warned",
            Self::SlaBreached => "sla_breached",
            _ => "escalated",
        }
    }

    /// What becomes of what a customer has asked for.
    const fn of_a_case(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            _ => "message_added",
        }
    }
}

/// Whether an event of this name has changed fields of a record that was there.
pub fn is_change(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|verb| Verb::CHANGES.iter().any(|change| change.name() == verb))
}

/// Whether fields that somebody has sent were written with it.
pub fn is_written(name: &str) -> bool {
    is_change(name) || name.ends_with(".created")
}

/// The second half of the name of an event that tells nothing but that a record has left its reader's sight.
pub const ACCESS_LOST: &str = "access_lost";
