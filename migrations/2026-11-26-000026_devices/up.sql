-- What the store calls the content that was examined: where something else stands there by now, it is not handed out.
ALTER TABLE files ADD COLUMN etag text;

-- An object that a request is about to put: it goes from then on, unless the request has come to its end before.
ALTER TABLE file_removals ADD COLUMN kept_until timestamptz;

-- The telephones and browsers of people. By its token somebody is reached on one, so it is sealed.
CREATE TABLE devices (
    tenant_id          uuid NOT NULL,
    id                 uuid NOT NULL,
    user_id            uuid NOT NULL,
    platform           text NOT NULL CHECK (platform IN ('ios', 'android', 'web')),
    sealed             bytea NOT NULL,
    sealed_key_id      uuid NOT NULL
        GENERATED ALWAYS AS (encode(substring(sealed FROM 2 FOR 16), 'hex')::uuid) STORED,
    -- a token is one device, whoever is logged in there
    fingerprint        bytea NOT NULL,
    fingerprint_key_id uuid NOT NULL
        GENERATED ALWAYS AS (encode(substring(fingerprint FROM 2 FOR 16), 'hex')::uuid) STORED,
    app_version        text,
    locale             text,
    last_seen_at       timestamptz NOT NULL,
    created_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, sealed_key_id) REFERENCES data_keys (tenant_id, id),
    FOREIGN KEY (tenant_id, fingerprint_key_id) REFERENCES data_keys (tenant_id, id)
);
CREATE UNIQUE INDEX devices_token_key ON devices (tenant_id, fingerprint);
CREATE INDEX devices_user_idx ON devices (tenant_id, user_id);
CREATE INDEX devices_sealed_key_idx ON devices (tenant_id, sealed_key_id);
CREATE INDEX devices_fingerprint_key_idx ON devices (tenant_id, fingerprint_key_id);

-- Who is named in a text is told of it; and what is told goes to devices, when those who have them are awake.
ALTER TABLE notifications DROP CONSTRAINT notifications_kind_check;
ALTER TABLE notifications ADD CONSTRAINT notifications_kind_check
    CHECK (kind IN ('assigned', 'shared', 'ended', 'disabled', 'mentioned', 'followed'));
ALTER TABLE notifications ADD COLUMN push_at timestamptz;
CREATE INDEX notifications_push_idx ON notifications (push_at) WHERE push_at IS NOT NULL;
