-- Webhooks: whom events are sent to, by which secrets, how far each tenant has been gone through, what became of each.

CREATE TABLE webhook_endpoints (
    tenant_id       uuid NOT NULL REFERENCES tenants,
    id              uuid NOT NULL,
    url             text NOT NULL,
    description     text,
    -- names and patterns of events: contact.created, contact.*, *
    events          text[] NOT NULL,
    -- a condition on the record, in the filter language
    filter          text,
    -- an update is sent only if it changed one of these; any, where there are none
    changed_fields  text[] NOT NULL,
    -- whom it sends for: what they see is sent, and no more
    user_id         uuid NOT NULL,
    -- the nouns that could be read through the key by which it was set up; null: by no key
    nouns           text[],
    status          text NOT NULL CHECK (status IN ('enabled', 'disabled')),
    disabled_reason text CHECK (disabled_reason IN ('asked', 'gone', 'failing', 'filter')),
    disabled_at     timestamptz,
    -- since when nothing has come through
    failing_at      timestamptz,
    -- where it begins in the order of events; null until the event that has enabled it is gone through
    begins_after    bigint,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    created_by      uuid NOT NULL,
    updated_by      uuid NOT NULL,
    deleted_at      timestamptz,
    search          tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    CHECK ((status = 'disabled') = (disabled_at IS NOT NULL) AND (status = 'disabled') = (disabled_reason IS NOT NULL))
);
CREATE INDEX webhook_endpoints_created_idx ON webhook_endpoints (tenant_id, created_at, id);
CREATE INDEX webhook_endpoints_search_idx ON webhook_endpoints USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

-- What signs. Two are good while one takes the place of the other.
CREATE TABLE webhook_secrets (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    endpoint_id   uuid NOT NULL,
    sealed        bytea NOT NULL,
    sealed_key_id uuid NOT NULL
        GENERATED ALWAYS AS (encode(substring(sealed FROM 2 FOR 16), 'hex')::uuid) STORED,
    created_at    timestamptz NOT NULL,
    -- null: the current one
    expires_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoints (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, sealed_key_id) REFERENCES data_keys (tenant_id, id)
);
CREATE INDEX webhook_secrets_endpoint_idx ON webhook_secrets (tenant_id, endpoint_id);
CREATE INDEX webhook_secrets_sealed_key_idx ON webhook_secrets (tenant_id, sealed_key_id);

-- How far the events of a tenant have been gone through. Whoever goes through them holds the row.
CREATE TABLE webhook_cursors (
    tenant_id uuid NOT NULL REFERENCES tenants,
    position  bigint NOT NULL,
    PRIMARY KEY (tenant_id)
);

-- One event on its way to one endpoint. What is sent is put together when it is sent: no data stands here.
CREATE TABLE webhook_deliveries (
    tenant_id       uuid NOT NULL,
    -- of event and endpoint, so that it is the same whenever it is sent: the `webhook-id`
    id              uuid NOT NULL,
    endpoint_id     uuid NOT NULL,
    event_id        uuid NOT NULL,
    event_name      text NOT NULL,
    object_id       uuid NOT NULL,
    -- of the event in its tenant; null: a test
    seq             bigint,
    status          text NOT NULL CHECK (status IN ('pending', 'delivered', 'failed', 'cancelled')),
    -- since it was last begun
    attempt_count   int NOT NULL DEFAULT 0,
    -- the last of them: when, how long, what came of it
    attempts        jsonb NOT NULL DEFAULT '[]',
    -- while it is pending; for one that is being sent, when it is taken for lost
    next_attempt_at timestamptz,
    leased_until    timestamptz,
    fence           bigint NOT NULL DEFAULT 0,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    finished_at     timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoints (tenant_id, id) ON DELETE CASCADE,
    CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL))
);
-- what is due, endpoint by endpoint
CREATE INDEX webhook_deliveries_due_idx ON webhook_deliveries (tenant_id, endpoint_id, next_attempt_at)
    WHERE status = 'pending';
-- what is being sent: a few rows
CREATE INDEX webhook_deliveries_leased_idx ON webhook_deliveries (tenant_id, endpoint_id, leased_until)
    WHERE leased_until IS NOT NULL;
CREATE INDEX webhook_deliveries_endpoint_idx ON webhook_deliveries (tenant_id, endpoint_id, id);
CREATE INDEX webhook_deliveries_object_idx ON webhook_deliveries (tenant_id, object_id);
CREATE INDEX webhook_deliveries_created_idx ON webhook_deliveries (tenant_id, created_at);
