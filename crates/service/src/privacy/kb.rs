//! What the tables of the knowledge base tell about whom: nothing but who has written it, and what visitors say of it.
use platform::privacy::Data::Personal;
use platform::privacy::Erasure::Null;
use platform::privacy::Whose::{Anyone, User};
use platform::privacy::{Table, names, table, tag, technical};

pub(super) const PORTALS: Table = table(
    "kb_portals",
    &[
        technical(&["tenant_id", "id", "slug", "name", "description", "default_locale", "locales", "is_public"]),
        technical(&["search", "version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

pub(super) const CATEGORIES: Table = table(
    "kb_categories",
    &[
        technical(&["tenant_id", "id", "portal_id", "parent_id", "slug", "name", "description", "names", "position"]),
        technical(&["search", "version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

pub(super) const ARTICLES: Table = table(
    "kb_articles",
    &[
        technical(&["tenant_id", "id", "portal_id", "category_id", "slug", "title", "is_public", "position"]),
        technical(&["published_locales", "published_at", "version_count", "case_id", "custom", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

pub(super) const VERSIONS: Table = table(
    "kb_article_versions",
    &[
        technical(&["tenant_id", "id", "article_id", "number", "locale", "title", "summary", "body", "body_html"]),
        technical(&["status", "publish_at", "expires_at", "submitted_at", "approved_at", "rejection_reason"]),
        technical(&["published_at", "archived_at", "search", "version", "created_at", "updated_at"]),
        names(User, &["submitted_by", "approved_by", "created_by", "updated_by"]),
    ],
);

/// What a visitor says may speak of anybody; of which visitor it is, the hash tells nobody.
pub(super) const FEEDBACK: Table = table(
    "kb_feedback",
    &[
        technical(&["tenant_id", "id", "article_id", "locale", "is_helpful", "visitor_hash", "version"]),
        technical(&["created_at", "updated_at"]),
        tag(Personal, Anyone, Null, &["comment"]),
    ],
);

pub(super) const ARTICLE_DAYS: Table =
    table("kb_article_days", &[technical(&["tenant_id", "article_id", "locale", "day", "view_count"])]);

pub(super) const PORTAL_DAYS: Table =
    table("kb_portal_days", &[technical(&["tenant_id", "portal_id", "locale", "day", "search_count", "empty_count"])]);
