-- What people ask about their data, what holds erasure up, what goes by its age, and what was erased.

CREATE TABLE privacy_requests (
    tenant_id       uuid NOT NULL REFERENCES tenants,
    id              uuid NOT NULL,
    kind            text NOT NULL
                    CHECK (kind IN ('access', 'portability', 'rectification', 'erasure', 'restriction')),
    status          text NOT NULL DEFAULT 'received'
                    CHECK (status IN ('received', 'verified', 'in_progress', 'completed', 'rejected')),
    -- null: nobody that is known here
    subject_kind    text CHECK (subject_kind IN ('contact', 'account', 'user')),
    subject_id      uuid,
    requester_name  text,
    requester_email text,
    words           text,
    channel         text NOT NULL,
    law             text NOT NULL CHECK (law IN ('gdpr', 'pipl')),
    due_on          date NOT NULL,
    evidence        text,
    verified_how    text,
    verified_at     timestamptz,
    started_at      timestamptz,
    closed_at       timestamptz,
    -- why it was rejected
    reason          text,
    -- what was done: counts and ids, nothing personal
    outcome         jsonb NOT NULL DEFAULT '{}',
    error           text,
    file_size       bigint,
    file_sha256     text,
    file_expires_at timestamptz,
    job_id          uuid,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    created_by      uuid NOT NULL,
    updated_by      uuid NOT NULL,
    deleted_at      timestamptz,
    search          tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    CHECK ((subject_kind IS NULL) = (subject_id IS NULL))
);
CREATE INDEX privacy_requests_subject_idx ON privacy_requests (tenant_id, subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX privacy_requests_due_idx ON privacy_requests (tenant_id, due_on, id);
CREATE INDEX privacy_requests_created_idx ON privacy_requests (tenant_id, created_at, id);
CREATE INDEX privacy_requests_search_idx ON privacy_requests USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

-- Whose data is kept and not worked with: every write of the record looks here.
CREATE TABLE restrictions (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    record_id     uuid NOT NULL,
    resource      text NOT NULL,
    request_id    uuid NOT NULL,
    restricted_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, request_id) REFERENCES privacy_requests (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX restrictions_request_key ON restrictions (tenant_id, request_id);
CREATE INDEX restrictions_record_idx ON restrictions (tenant_id, record_id);

CREATE TABLE legal_holds (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    subject_kind text NOT NULL CHECK (subject_kind IN ('contact', 'account', 'user')),
    subject_id   uuid NOT NULL,
    reason       text NOT NULL,
    released_at  timestamptz,
    released_by  uuid,
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    created_by   uuid NOT NULL,
    updated_by   uuid NOT NULL,
    deleted_at   timestamptz,
    search       tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX legal_holds_subject_idx ON legal_holds (tenant_id, subject_id);
CREATE INDEX legal_holds_created_idx ON legal_holds (tenant_id, created_at, id);
CREATE INDEX legal_holds_search_idx ON legal_holds USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

CREATE TABLE retention_policies (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    name        text NOT NULL,
    -- the noun whose records it is about
    resource    text NOT NULL,
    -- the moment or day of a record from which it ages
    date_field  text NOT NULL,
    age_days    int NOT NULL CHECK (age_days > 0),
    filter      text,
    action      text NOT NULL CHECK (action IN ('archive', 'purge', 'anonymise')),
    is_active   boolean NOT NULL,
    last_run_at timestamptz,
    -- how many records the last run reached, and how many it had to leave
    last_done   bigint,
    last_kept   bigint,
    job_id      uuid,
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    created_by  uuid NOT NULL,
    updated_by  uuid NOT NULL,
    deleted_at  timestamptz,
    search      tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX retention_policies_name_key ON retention_policies (tenant_id, name) WHERE deleted_at IS NULL;
CREATE INDEX retention_policies_created_idx ON retention_policies (tenant_id, created_at, id);
CREATE INDEX retention_policies_search_idx ON retention_policies USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

-- The ledger: what was erased, by its id and nothing else. A copy stands in a file, for backups do not know it.
CREATE TABLE erasures (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    resource   text NOT NULL,
    record_id  uuid NOT NULL,
    erased_at  timestamptz NOT NULL,
    -- files that go when the transaction is kept
    files      text[] NOT NULL,
    -- when they were gone, and the ledger's file knew
    settled_at timestamptz,
    PRIMARY KEY (tenant_id, resource, record_id)
);
CREATE INDEX erasures_unsettled_idx ON erasures (tenant_id, record_id) WHERE settled_at IS NULL;
