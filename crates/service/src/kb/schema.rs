//! The tables of the knowledge base.
use platform::search::Tsvector;

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    kb_portals (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        slug -> Text,
        name -> Text,
        description -> Nullable<Text>,
        default_locale -> Text,
        locales -> Array<Text>,
        is_public -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    kb_categories (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        portal_id -> Uuid,
        parent_id -> Nullable<Uuid>,
        slug -> Text,
        name -> Text,
        description -> Nullable<Text>,
        names -> Jsonb,
        position -> Int4,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    kb_articles (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        portal_id -> Uuid,
        category_id -> Nullable<Uuid>,
        slug -> Text,
        title -> Text,
        is_public -> Bool,
        position -> Int4,
        published_locales -> Array<Text>,
        published_at -> Nullable<Timestamptz>,
        version_count -> Int4,
        case_id -> Nullable<Uuid>,
        custom -> Jsonb,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        search -> Tsvector,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::Tsvector;
    kb_article_versions (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        article_id -> Uuid,
        number -> Int4,
        locale -> Text,
        title -> Text,
        summary -> Nullable<Text>,
        body -> Text,
        body_html -> Text,
        status -> Text,
        publish_at -> Nullable<Timestamptz>,
        expires_at -> Nullable<Timestamptz>,
        submitted_by -> Nullable<Uuid>,
        submitted_at -> Nullable<Timestamptz>,
        approved_by -> Nullable<Uuid>,
        approved_at -> Nullable<Timestamptz>,
        rejection_reason -> Nullable<Text>,
        published_at -> Nullable<Timestamptz>,
        archived_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        created_by -> Uuid,
        updated_by -> Uuid,
        search -> Tsvector,
    }
}

diesel::table! {
    kb_feedback (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        article_id -> Uuid,
        locale -> Text,
        is_helpful -> Bool,
        comment -> Nullable<Text>,
        visitor_hash -> Bytea,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    kb_article_days (tenant_id, article_id, day, locale) {
        tenant_id -> Uuid,
        article_id -> Uuid,
        locale -> Text,
        day -> Date,
        view_count -> Int8,
    }
}

diesel::table! {
    kb_portal_days (tenant_id, portal_id, day, locale) {
        tenant_id -> Uuid,
        portal_id -> Uuid,
        locale -> Text,
        day -> Date,
        search_count -> Int8,
        empty_count -> Int8,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    kb_portals,
    kb_categories,
    kb_articles,
    kb_article_versions,
    kb_feedback,
    kb_article_days,
    kb_portal_days
);
