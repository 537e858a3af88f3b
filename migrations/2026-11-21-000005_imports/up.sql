-- Files brought in: what was asked, how far it is, and what became of every row.

CREATE TABLE imports (
    tenant_id       uuid NOT NULL REFERENCES tenants,
    id              uuid NOT NULL,
    resource        text NOT NULL,
    file_name       text NOT NULL,
    file_key        text NOT NULL,
    file_size       bigint NOT NULL,
    file_sha256     text NOT NULL,
    mapping         jsonb NOT NULL,
    mode            text NOT NULL CHECK (mode IN ('upsert', 'create_only', 'update_only')),
    duplicates      text NOT NULL CHECK (duplicates IN ('reject', 'allow', 'update')),
    is_dry_run      boolean NOT NULL,
    status          text NOT NULL DEFAULT 'queued' CHECK (status IN
                    ('queued', 'running', 'succeeded', 'partially_succeeded', 'failed', 'cancelled', 'reverting', 'reverted')),
    -- where to go on
    checkpoint      bigint NOT NULL DEFAULT 0,
    rows_read       bigint NOT NULL DEFAULT 0,
    rows_created    bigint NOT NULL DEFAULT 0,
    rows_updated    bigint NOT NULL DEFAULT 0,
    rows_unchanged  bigint NOT NULL DEFAULT 0,
    rows_failed     bigint NOT NULL DEFAULT 0,
    error           text,
    job_id          uuid,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    created_by      uuid NOT NULL,
    finished_at     timestamptz,
    PRIMARY KEY (tenant_id, id)
);

-- The records that an import made: what a revert takes back.
CREATE TABLE import_records (
    tenant_id uuid NOT NULL,
    import_id uuid NOT NULL,
    resource  text NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, import_id, resource, record_id),
    FOREIGN KEY (tenant_id, import_id) REFERENCES imports (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE import_errors (
    tenant_id  uuid NOT NULL,
    import_id  uuid NOT NULL,
    row_number bigint NOT NULL,
    faults     jsonb NOT NULL,
    cells      jsonb NOT NULL,
    PRIMARY KEY (tenant_id, import_id, row_number),
    FOREIGN KEY (tenant_id, import_id) REFERENCES imports (tenant_id, id) ON DELETE CASCADE
);
