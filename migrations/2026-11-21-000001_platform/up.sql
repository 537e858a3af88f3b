-- The ground: what has happened, who did it, what waits to be done, and what other systems call our records.

CREATE TABLE server_secrets (
    name       text NOT NULL CHECK (name IN ('token', 'cursor')),
    kid        uuid NOT NULL,
    secret     bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (name, kid)
);

-- One row for every change of a record, written by the statement that changes it.
CREATE TABLE event_log (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    name        text NOT NULL,
    object_id   uuid NOT NULL,
    version     int NOT NULL,
    actor_id    uuid NOT NULL,
    request_id  uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    data        jsonb NOT NULL,
    PRIMARY KEY (tenant_id, object_id, version, id)
);

CREATE TABLE audit_log (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    action      text NOT NULL,
    object_id   uuid NOT NULL,
    actor_id    uuid NOT NULL,
    api_key_id  uuid,
    request_id  uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE external_refs (
    tenant_id     uuid NOT NULL,
    resource      text NOT NULL,
    source_system text NOT NULL CHECK (source_system <> '' AND length(source_system) <= 100),
    external_id   text NOT NULL CHECK (external_id <> '' AND length(external_id) <= 200),
    record_id     uuid NOT NULL,
    id            uuid NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, resource, source_system, external_id)
);
CREATE INDEX external_refs_record_idx ON external_refs (tenant_id, record_id);

CREATE TABLE jobs (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    kind         text NOT NULL,
    status       text NOT NULL DEFAULT 'queued'
                 CHECK (status IN ('queued', 'running', 'succeeded', 'partially_succeeded', 'failed', 'cancelled')),
    payload      jsonb NOT NULL,
    -- what the job has got done so far: where it goes on after a crash, and what callers are shown
    progress     jsonb NOT NULL DEFAULT '{}',
    error        text,
    attempts     int NOT NULL DEFAULT 0,
    run_at       timestamptz NOT NULL DEFAULT now(),
    -- the worker that holds it, until when; the fence grows with every take-over, so that a late worker writes nothing
    leased_until timestamptz,
    fence        bigint NOT NULL DEFAULT 0,
    cancel_asked boolean NOT NULL DEFAULT false,
    created_by   uuid NOT NULL,
    team_id      uuid,
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    finished_at  timestamptz,
    deleted_at   timestamptz,
    search       tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
-- workers look over all tenants
CREATE INDEX jobs_due_idx ON jobs (run_at) WHERE status IN ('queued', 'running');
