//! The tables of what customers ask for.
use platform::search::Tsvector;

diesel::table! {
    cases (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        owner_id -> Uuid,
        team_id -> Nullable<Uuid>,
        number -> Text,
        subject -> Text,
        description -> Nullable<Text>,
        case_type -> Text,
        status -> Text,
        priority -> Text,
        severity -> Nullable<Text>,
        channel -> Text,
        category_id -> Nullable<Uuid>,
        account_id -> Nullable<Uuid>,
        contact_id -> Nullable<Uuid>,
        queue_id -> Nullable<Uuid>,
        parent_id -> Nullable<Uuid>,
        required_skills -> Array<Text>,
        first_response_at -> Nullable<Timestamptz>,
        resolved_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        reopened_count -> Int4,
        resolution -> Nullable<Text>,
        last_customer_message_at -> Nullable<Timestamptz>,
        last_agent_message_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        custom -> Jsonb,
    }
}

/// Columns of `cases` beyond the 32 that a table of diesel has.
pub mod cases_beside {
    use super::{Tsvector, cases};
    use diesel::sql_types::{Nullable, Text, Timestamptz, Uuid};

    // what is searched is written and asked for, and in no record
    platform::beside!(cases {
        search: Tsvector,
        order_id: Nullable<Uuid>,
        product_id: Nullable<Uuid>,
        follows_id: Nullable<Uuid>,
        root_cause: Nullable<Text>,
        auto_replied_at: Nullable<Timestamptz>
    });
}

diesel::table! {
    case_messages (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        case_id -> Uuid,
        visibility -> Text,
        author_kind -> Text,
        author_id -> Nullable<Uuid>,
        contact_id -> Nullable<Uuid>,
        channel -> Text,
        subject -> Nullable<Text>,
        body -> Text,
        html -> Nullable<Text>,
        from_name -> Nullable<Text>,
        from_address -> Nullable<Text>,
        recipients -> Array<Text>,
        cc -> Array<Text>,
        file_ids -> Array<Uuid>,
        external_message_id -> Nullable<Text>,
        in_reply_to -> Nullable<Text>,
        email_message_id -> Nullable<Uuid>,
        inbox_id -> Nullable<Uuid>,
        delivery -> Nullable<Text>,
        delivered_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(cases, case_messages);
