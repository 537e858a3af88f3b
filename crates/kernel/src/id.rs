//! Typed ids: UUIDv7, made by the application, one type a noun, so that no two kinds can be mixed up.

/// A typed id: JSON string, SQL `uuid`, its own component in the OpenAPI document.
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
                 diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
        #[serde(transparent)]
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A fresh one; its order is the order of making, to the millisecond.
            #[allow(clippy::new_without_default, clippy::disallowed_methods)]
            pub fn new() -> Self { Self(uuid::Uuid::now_v7()) }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> { text.parse().map(Self) }
        }
        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self { Self(id) }
        }
        impl From<$name> for uuid::Uuid {
            fn from(id: $name) -> Self { id.0 }
        }
        impl From<&$name> for uuid::Uuid {
            fn from(id: &$name) -> Self { id.0 }
        }
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> { crate::id::schema() }
        }
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
        }
        impl diesel::serialize::ToSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
                diesel::serialize::ToSql::<diesel::sql_types::Uuid, diesel::pg::Pg>::to_sql(&self.0, out)
            }
        }
        impl diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn from_sql(value: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                diesel::deserialize::FromSql::<diesel::sql_types::Uuid, diesel::pg::Pg>::from_sql(value).map(Self)
            }
        }
    )+};
}

/// How far the clock of a client may run ahead.
const AHEAD: u128 = 12 * 60 * 60 * 1000;

/// The rule of an id that a client makes: what is written of a record is found by the moment its id tells, so none may
/// tell one that is still to come.
pub fn is_of_its_time<I: Copy + Into<uuid::Uuid>>(id: &I) -> Result<(), validator::ValidationError> {
    let id: uuid::Uuid = (*id).into();
    let now = u128::try_from(crate::clock::now().timestamp_millis()).unwrap_or_default();
    match id.get_version_num() == 7 && id.as_u128() >> 80 > now + AHEAD {
        true => Err(crate::rule!("in_the_future", "tells a moment that is still to come")),
        false => Ok(()),
    }
}

pub(crate) fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
        .description(Some("UUIDv7"))
        .examples(["0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6"])
        .into()
}

id!(
    TenantId,
    UserId,
    TeamId,
    RoleId,
    SessionId,
    ApiKeyId,
    FactorId,
    ChallengeId,
    SsoProviderId,
    SsoIdentityId,
    SsoLoginId,
    RequestId,
    EventId,
    JobId,
    ScheduleId,
    ImportId,
    ExportId,
    FileId,
    DataKeyId
);
id!(AccountId, ContactId, ContactPointId, MembershipId, AccountIdentifierId, ContactIdentifierId);
id!(AccountAddressId, ContactAddressId);
id!(AccountLifecycleChangeId, ContactLifecycleChangeId);
id!(EmailMessageId);
id!(ActivityId, TaskId, TagId, CalendarFeedId);
id!(ConsentId, FormId, FormSubmissionId, VerificationId);
id!(ExternalRefId, ShareId, MergeId, DuplicateCandidateId);
id!(ConnectionId, ConnectionSecretId, InboundDeliveryId);
id!(ProductId, PriceBookId, PriceBookEntryId, OrderId, OrderLineId);
id!(PipelineId, StageId, ExchangeRateId, QuotaId);
id!(QuoteId, QuoteLineId, QuoteLinkId, QuoteApprovalId);
id!(ContractId, InstallmentId, PaymentId, PaymentMatchId);
id!(OpportunityId, OpportunityContactId, OpportunityLineId, StageChangeId);
id!(LeadId, LeadScoreRuleId, LeadScoreEntryId, AssignmentRuleId, LeadAssignmentId);
id!(PoolId, PoolEventId, TerritoryId);
id!(PromotionId, CouponId, RedemptionId, TouchpointId);
id!(SkillId, AgentId, RoutingRuleId, CaseAssignmentId, QaScorecardId, QaEvaluationId);
id!(KbPortalId, KbCategoryId, KbArticleId, KbArticleVersionId, KbFeedbackId);
id!(CannedResponseId, MacroId, SurveyId, SurveyResponseId);
id!(PrivacyRequestId, LegalHoldId, RestrictionId, RetentionPolicyId);
id!(FieldDefId, OptionSetId, ViewId);
id!(SegmentId, SegmentMemberId);
id!(
    MarketingPlanId,
    CampaignId,
    CampaignMemberId,
    TemplateId,
    SuppressionId,
    SendId,
    SendLinkId,
    DeliveryId,
    DeliveryEventId
);
id!(WebhookEndpointId, WebhookDeliveryId, WebhookSecretId);
id!(NotificationId, DeviceId);
id!(CaseId, CaseMessageId, CaseCategoryId, CaseInboxId, AutoReplyRuleId);
id!(ReportId, DashboardId, ReportScheduleId, ReportRunId);
id!(BusinessCalendarId, SlaPolicyId, CaseSlaId, EscalationRuleId, EscalationId);
id!(LabelId, SegmentationId, SegmentationRunId, ClassificationId, AssociationRunId, AssociationRuleId);
