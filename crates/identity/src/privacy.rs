//! What the tables of the wing tell about whom. A user who is erased stays as an id with a pseudonym, since records say
//! who made them; all that they come in by goes.
use platform::privacy::Data::{Derived, Identifier, Personal, Secret, Technical};
use platform::privacy::Erasure::{Anew, Keep, Null, Pseudonym, Row};
use platform::privacy::Whose::{Nobody, User};
use platform::privacy::{Table, names, table, tag, technical};

pub const TABLES: &[Table] = &[
    table(
        "tenants",
        &[
            technical(&["tenant_id", "id", "name", "locale", "time_zone", "base_currency"]),
            technical(&["require_second_factor", "quote_approval_discount", "requires_if_match", "phone_region"]),
            technical(&["fiscal_year_start_month"]),
            technical(&["version", "created_at", "updated_at"]),
        ],
    ),
    USERS,
    table(
        "passwords",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "changed_at"]),
            tag(Identifier, User, Row, &["user_id"]),
            tag(Secret, User, Row, &["hash"]),
        ],
    ),
    table(
        "teams",
        &[
            technical(&["tenant_id", "id", "name", "parent_id", "search"]),
            technical(&["version", "created_at", "updated_at", "deleted_at"]),
            names(User, &["created_by", "updated_by"]),
        ],
    ),
    table(
        "team_members",
        &[tag(Technical, Nobody, Row, &["tenant_id", "team_id"]), tag(Identifier, User, Row, &["user_id"])],
    ),
    table(
        "queue_members",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "team_id"]),
            tag(Identifier, User, Row, &["queue_id", "user_id", "member_id"]),
        ],
    ),
    table(
        "roles",
        &[
            technical(&["tenant_id", "id", "name", "builtin", "description", "permissions", "fields", "search"]),
            technical(&["version", "created_at", "updated_at", "deleted_at"]),
            names(User, &["created_by", "updated_by"]),
        ],
    ),
    table(
        "user_roles",
        &[tag(Technical, Nobody, Row, &["tenant_id", "role_id"]), tag(Identifier, User, Row, &["user_id"])],
    ),
    SESSIONS,
    API_KEYS,
    table(
        "api_key_secrets",
        &[
            tag(Technical, Nobody, Row, &["tenant_id"]),
            tag(Identifier, User, Row, &["api_key_id"]),
            tag(Secret, User, Row, &["hash", "previous_hash"]),
        ],
    ),
    SSO_PROVIDERS,
    table(
        "sso_provider_secrets",
        &[technical(&["tenant_id", "provider_id", "sealed_key_id"]), tag(Secret, Nobody, Keep, &["sealed"])],
    ),
    table(
        "sso_identities",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "provider_id", "version", "created_at", "updated_at"]),
            tag(Identifier, User, Row, &["id", "user_id"]),
            tag(Personal, User, Row, &["subject", "email", "last_used_at"]),
        ],
    ),
    // goes by itself before long
    table(
        "sso_logins",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "provider_id", "redirect_uri", "expires_at"]),
            tag(Identifier, User, Row, &["id", "user_id"]),
            tag(Secret, User, Row, &["hash", "nonce", "verifier"]),
        ],
    ),
    // a hash of who failed: it goes by itself before long
    table(
        "login_failures",
        &[
            tag(Technical, Nobody, Row, &["failures", "forgotten_at"]),
            tag(Derived, User, Row, &["key_hash"]),
            tag(Personal, User, Row, &["last_failed_at"]),
        ],
    ),
    table(
        "links",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "purpose", "is_mailed", "created_at", "expires_at"]),
            tag(Identifier, User, Row, &["user_id"]),
            tag(Secret, User, Row, &["hash"]),
            tag(Personal, User, Row, &["email"]),
        ],
    ),
    FACTORS,
    table(
        "factor_secrets",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "last_step", "failures", "sealed_key_id"]),
            tag(Identifier, User, Row, &["factor_id"]),
            tag(Secret, User, Row, &["secret", "sealed"]),
            tag(Personal, User, Row, &["last_failed_at"]),
        ],
    ),
    table(
        "recovery_codes",
        &[
            tag(Technical, Nobody, Row, &["tenant_id"]),
            tag(Identifier, User, Row, &["factor_id"]),
            tag(Secret, User, Row, &["hash"]),
        ],
    ),
    table(
        "login_challenges",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "expires_at"]),
            tag(Identifier, User, Row, &["id", "user_id"]),
            tag(Secret, User, Row, &["hash"]),
            tag(Personal, User, Row, &["device"]),
        ],
    ),
];

const SSO_PROVIDERS: Table = table(
    "sso_providers",
    &[
        technical(&["tenant_id", "id", "name", "issuer", "client_id", "scopes", "domains", "redirect_uris"]),
        technical(&["second_factor_claims", "is_welcoming", "role_id", "is_active"]),
        technical(&["version", "created_at", "updated_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

const FACTORS: Table = table(
    "factors",
    &[
        tag(Technical, Nobody, Row, &["tenant_id", "kind", "version", "created_at", "updated_at"]),
        tag(Identifier, User, Row, &["id", "user_id"]),
        tag(Personal, User, Row, &["name", "confirmed_at", "last_used_at"]),
    ],
);

const USERS: Table = table(
    "users",
    &[
        technical(&["tenant_id", "kind", "is_active", "version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["id", "created_by", "updated_by"]),
        tag(Personal, User, Pseudonym, &["email", "display_name"]),
        tag(Personal, User, Null, &["locale", "time_zone", "email_verified_at"]),
        tag(Derived, User, Anew, &["search"]),
    ],
);

const SESSIONS: Table = table(
    "sessions",
    &[
        tag(Technical, Nobody, Row, &["tenant_id", "version", "is_vouched"]),
        tag(Identifier, User, Row, &["id", "user_id"]),
        tag(Secret, User, Row, &["refresh_hash"]),
        tag(Personal, User, Row, &["device", "address", "created_at", "last_used_at", "expires_at", "revoked_at"]),
    ],
);

/// The nets that a key may come from are where its owner works.
const API_KEYS: Table = table(
    "api_keys",
    &[
        tag(Technical, Nobody, Row, &["tenant_id", "scopes", "version", "created_at", "updated_at"]),
        tag(Identifier, User, Row, &["id", "user_id"]),
        tag(Derived, User, Row, &["hint", "previous_hint"]),
        tag(Personal, User, Row, &["name", "addresses", "last_used_at"]),
        tag(Technical, Nobody, Row, &["expires_at", "previous_expires_at", "revoked_at"]),
    ],
);
