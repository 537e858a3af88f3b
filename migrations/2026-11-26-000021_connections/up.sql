-- Data that other systems send: shops, tills, ERPs.

CREATE TABLE connections (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    name            text NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('shopify', 'woocommerce', 'generic', 'email')),
    -- whose ids the external ids are
    source_system   text NOT NULL,
    -- as whom what arrives is written
    user_id         uuid NOT NULL,
    conflict_policy text NOT NULL CHECK (conflict_policy IN ('newest_wins', 'source_wins', 'ours_wins')),
    -- of single fields, by their names: contact.phone
    field_policies  jsonb,
    mapping         jsonb,
    -- where a payload says when its record was changed
    changed_at_path text,
    currency        text,
    time_zone       text,
    is_active       boolean NOT NULL,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    created_by      uuid NOT NULL,
    updated_by      uuid NOT NULL,
    deleted_at      timestamptz,
    search          tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX connections_user_idx ON connections (tenant_id, user_id);

-- What senders sign with: the current secret, and the one before for as long as it stays good.
CREATE TABLE connection_secrets (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    connection_id uuid NOT NULL,
    sealed        bytea NOT NULL,
    sealed_key_id uuid NOT NULL
        GENERATED ALWAYS AS (encode(substring(sealed FROM 2 FOR 16), 'hex')::uuid) STORED,
    -- null: the current one
    expires_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, sealed_key_id) REFERENCES data_keys (tenant_id, id)
);
CREATE INDEX connection_secrets_connection_idx ON connection_secrets (tenant_id, connection_id);
CREATE INDEX connection_secrets_sealed_key_idx ON connection_secrets (tenant_id, sealed_key_id);

-- What has arrived, as it was sent. Kept for thirty days.
CREATE TABLE inbound_deliveries (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    connection_id uuid NOT NULL,
    -- what its sender calls it
    sender_key    text NOT NULL,
    topic         text NOT NULL,
    sent_at       timestamptz,
    -- of a mail in base64, for it may hold any bytes
    body          text NOT NULL,
    -- what it says, where its bytes hide that
    plain         text,
    size          bigint NOT NULL,
    status        text NOT NULL CHECK (status IN ('queued', 'processed', 'superseded', 'ignored', 'failed')),
    error         text,
    attempts      int NOT NULL DEFAULT 0,
    version       int NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    processed_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX inbound_deliveries_named_key ON inbound_deliveries (tenant_id, connection_id, sender_key);
CREATE INDEX inbound_deliveries_status_idx ON inbound_deliveries (tenant_id, status, id);
CREATE INDEX inbound_deliveries_created_idx ON inbound_deliveries (tenant_id, created_at);

-- How new what has come of a record of the sender's is: an older state is not written over a newer one.
CREATE TABLE inbound_records (
    tenant_id     uuid NOT NULL,
    connection_id uuid NOT NULL,
    resource      text NOT NULL,
    external_id   text NOT NULL,
    record_id     uuid,
    changed_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, connection_id, resource, external_id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX inbound_records_record_idx ON inbound_records (tenant_id, record_id);

-- Mails that came in. What is long, and whom they went to, stands beside them.
CREATE TABLE email_messages (
    tenant_id        uuid NOT NULL,
    id               uuid NOT NULL,
    owner_id         uuid NOT NULL,
    team_id          uuid,
    contact_id       uuid,
    account_id       uuid,
    -- the first message of the conversation
    thread_id        uuid NOT NULL,
    -- as its Message-ID names it
    message_key       text NOT NULL,
    -- what it answers
    reference_keys    text[] NOT NULL,
    subject          text,
    from_name        text,
    from_address     text,
    preview          text,
    sent_at          timestamptz,
    received_at      timestamptz NOT NULL,
    size             bigint NOT NULL,
    attachment_count int NOT NULL,
    version          int NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    created_by       uuid NOT NULL,
    updated_by       uuid NOT NULL,
    deleted_at       timestamptz,
    search           tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE UNIQUE INDEX email_messages_message_key ON email_messages (tenant_id, message_key);
CREATE INDEX email_messages_thread_idx ON email_messages (tenant_id, thread_id, received_at);
CREATE INDEX email_messages_references_idx ON email_messages USING gin (tenant_id, reference_keys)
    WITH (gin_pending_list_limit = 256);
CREATE INDEX email_messages_contact_idx ON email_messages (tenant_id, contact_id, received_at);
CREATE INDEX email_messages_account_idx ON email_messages (tenant_id, account_id, received_at);
CREATE INDEX email_messages_owner_idx ON email_messages (tenant_id, owner_id);
CREATE INDEX email_messages_team_idx ON email_messages (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX email_messages_received_idx ON email_messages (tenant_id, received_at, id);
CREATE INDEX email_messages_created_idx ON email_messages (tenant_id, created_at, id);
CREATE INDEX email_messages_updated_idx ON email_messages (tenant_id, updated_at, id);
CREATE INDEX email_messages_search_idx ON email_messages USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

CREATE TABLE email_contents (
    tenant_id   uuid NOT NULL,
    message_id  uuid NOT NULL,
    text        text,
    html        text,
    attachments jsonb NOT NULL,
    PRIMARY KEY (tenant_id, message_id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES email_messages (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE email_participants (
    tenant_id  uuid NOT NULL,
    message_id uuid NOT NULL,
    position   int NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('to', 'cc', 'bcc', 'reply_to')),
    name       text,
    address    text,
    PRIMARY KEY (tenant_id, message_id, position),
    FOREIGN KEY (tenant_id, message_id) REFERENCES email_messages (tenant_id, id) ON DELETE CASCADE
);
