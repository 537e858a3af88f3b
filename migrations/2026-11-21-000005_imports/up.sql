-- Files brought in: what was asked, how far it is, and what became of every row.

CREATE TABLE imports (
    tenant_id       uuid NOT NULL REFERENCES tenants,
    id              uuid NOT NULL,
    resource        text NOT NULL,
    file_name       text NOT NULL,
    -- where the file stands: a key of the server's store, or the path that a command was given
    file_key        text NOT NULL,
    file_size       bigint NOT NULL,
    file_sha256     text NOT NULL,
    mapping         jsonb NOT NULL,
    mode            text NOT NULL CHECK (mode IN ('upsert', 'create_only', 'update_only')),
    duplicates      text NOT NULL CHECK (duplicates IN ('reject', 'allow', 'update')),
    is_dry_run      boolean NOT NULL,
    status          text NOT NULL DEFAULT 'queued' CHECK (status IN
                    ('queued', 'running', 'succeeded', 'partially_succeeded', 'failed', 'cancelled', 'reverting', 'reverted')),
    -- the columns of the file
    header          text[] NOT NULL,
    -- where to go on: how much of the text has been done
    checkpoint      bigint NOT NULL DEFAULT 0,
    rows_read       bigint NOT NULL DEFAULT 0,
    rows_created    bigint NOT NULL DEFAULT 0,
    rows_updated    bigint NOT NULL DEFAULT 0,
    rows_unchanged  bigint NOT NULL DEFAULT 0,
    rows_failed     bigint NOT NULL DEFAULT 0,
    -- what a revert had to leave, for other records refer to it
    records_kept    bigint NOT NULL DEFAULT 0,
    error           text,
    job_id          uuid,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    created_by      uuid NOT NULL,
    team_id         uuid,
    finished_at     timestamptz,
    deleted_at      timestamptz,
    search          tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    -- every row that was read ended somewhere
    CHECK (rows_read = rows_created + rows_updated + rows_unchanged + rows_failed)
);

-- The records that an import made, by the chunk: what a revert takes back.
CREATE TABLE import_records (
    tenant_id  uuid NOT NULL,
    import_id  uuid NOT NULL,
    resource   text NOT NULL,
    id         uuid NOT NULL,
    record_ids uuid[] NOT NULL,
    PRIMARY KEY (tenant_id, import_id, resource, id),
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
