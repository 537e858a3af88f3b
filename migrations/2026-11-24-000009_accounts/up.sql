-- How people get in and stay in: what has failed of late.

-- Known to all nodes. A login names no tenant; the key is a hash, which tells neither address nor user.
CREATE TABLE login_failures (
    key_hash       bytea PRIMARY KEY CHECK (length(key_hash) = 32),
    failures       int NOT NULL,
    last_failed_at timestamptz NOT NULL,
    forgotten_at   timestamptz NOT NULL
);
