-- How people get in and stay in: what has failed of late, and the links that letters bring.

-- Known to all nodes. A login names no tenant; the key is a hash, which tells neither address nor user.
CREATE TABLE login_failures (
    key_hash       bytea PRIMARY KEY CHECK (length(key_hash) = 32),
    failures       int NOT NULL,
    last_failed_at timestamptz NOT NULL,
    forgotten_at   timestamptz NOT NULL
);

-- A link is good once; only its hash is kept.
CREATE TABLE links (
    tenant_id  uuid NOT NULL,
    user_id    uuid NOT NULL,
    purpose    text NOT NULL CHECK (purpose IN ('invitation', 'password_reset', 'verification')),
    hash       bytea NOT NULL CHECK (length(hash) = 32),
    -- the address that it is for: with another one it is good no more
    email      text NOT NULL,
    -- whether it went to that address and to nobody else
    is_mailed  boolean NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id, purpose, hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
