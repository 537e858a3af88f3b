-- Lists taken out as files, the order in which jobs are taken, and jobs that come again and again.

CREATE TABLE exports (
    tenant_id      uuid NOT NULL REFERENCES tenants,
    id             uuid NOT NULL,
    resource       text NOT NULL,
    format         text NOT NULL CHECK (format IN ('csv', 'xlsx', 'ndjson')),
    -- what was asked for, as a list is asked, and the fields that its maker saw when they asked
    query          jsonb NOT NULL,
    status         text NOT NULL DEFAULT 'queued' CHECK (status IN
                   ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired')),
    file_size      bigint,
    file_sha256    text,
    rows_written   bigint NOT NULL DEFAULT 0,
    error          text,
    job_id         uuid,
    expires_at     timestamptz,
    version        int NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    created_by     uuid NOT NULL,
    team_id        uuid,
    finished_at    timestamptz,
    deleted_at     timestamptz,
    search         tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    CHECK (status <> 'succeeded' OR num_nulls(file_size, file_sha256, expires_at) = 0)
);

-- What is urgent goes first; of what is equally urgent, every tenant's first job goes before anybody's second.
ALTER TABLE jobs
    ADD COLUMN priority smallint NOT NULL DEFAULT 5,
    ADD COLUMN turn int NOT NULL DEFAULT 0;
DROP INDEX jobs_due_idx;
CREATE INDEX jobs_due_idx ON jobs (priority, turn, run_at) WHERE status = 'queued';
-- those whose worker fell silent go before all that wait
CREATE INDEX jobs_held_idx ON jobs (leased_until) WHERE status = 'running';
CREATE INDEX jobs_waiting_idx ON jobs (tenant_id, priority) WHERE status = 'queued';

-- A job that comes again and again: by a rule (RFC 5545) on the clocks of a place.
CREATE TABLE job_schedules (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    name       text NOT NULL,
    kind       text NOT NULL,
    payload    jsonb NOT NULL,
    priority   smallint NOT NULL,
    rule       text NOT NULL,
    time_zone  text NOT NULL,
    starts_at  timestamptz NOT NULL,
    -- nothing where the rule has come to its end
    next_at    timestamptz,
    last_at    timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);
-- workers look over all tenants
CREATE INDEX job_schedules_due_idx ON job_schedules (next_at) WHERE next_at IS NOT NULL;
