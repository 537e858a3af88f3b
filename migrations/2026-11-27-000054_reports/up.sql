-- Reports and dashboards: what is asked of records again and again, and how it is shown.

CREATE TABLE reports (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    owner_id    uuid NOT NULL,
    team_id     uuid,
    name        text NOT NULL,
    description text,
    -- the noun whose records are looked at
    resource    text NOT NULL,
    -- as POST /v1/analytics/query takes it; its filter may name parameters
    query       jsonb NOT NULL,
    layout      text NOT NULL CHECK (layout IN ('table', 'summary', 'matrix')),
    chart       jsonb,
    parameters  jsonb NOT NULL DEFAULT '[]',
    -- with everybody of the tenant
    is_public   boolean NOT NULL DEFAULT false,
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    created_by  uuid NOT NULL,
    updated_by  uuid NOT NULL,
    deleted_at  timestamptz,
    search      tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id)
);
CREATE INDEX reports_owner_idx ON reports (tenant_id, owner_id, id);
CREATE INDEX reports_team_idx ON reports (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX reports_public_idx ON reports (tenant_id, id) WHERE is_public;

CREATE TABLE dashboards (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    owner_id    uuid NOT NULL,
    team_id     uuid,
    name        text NOT NULL,
    description text,
    -- they come and go together: a report or a query each, how it is drawn, and where it stands
    widgets     jsonb NOT NULL DEFAULT '[]',
    is_public   boolean NOT NULL DEFAULT false,
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    created_by  uuid NOT NULL,
    updated_by  uuid NOT NULL,
    deleted_at  timestamptz,
    search      tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id)
);
CREATE INDEX dashboards_owner_idx ON dashboards (tenant_id, owner_id, id);
CREATE INDEX dashboards_team_idx ON dashboards (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX dashboards_public_idx ON dashboards (tenant_id, id) WHERE is_public;

-- Reports that are sent to people, again and again.
CREATE TABLE report_schedules (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    owner_id      uuid NOT NULL,
    team_id       uuid,
    report_id     uuid NOT NULL,
    name          text NOT NULL,
    -- a recurrence rule, by the clock of the zone
    rule          text NOT NULL,
    time_zone     text NOT NULL,
    -- users
    recipient_ids uuid[] NOT NULL,
    format        text NOT NULL CHECK (format IN ('csv', 'xlsx', 'pdf')),
    parameters    jsonb NOT NULL DEFAULT '{}',
    status        text NOT NULL CHECK (status IN ('active', 'paused')),
    status_reason text,
    next_at       timestamptz,
    last_at       timestamptz,
    version       int NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    created_by    uuid NOT NULL,
    updated_by    uuid NOT NULL,
    deleted_at    timestamptz,
    search        tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    FOREIGN KEY (tenant_id, report_id) REFERENCES reports (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX report_schedules_owner_idx ON report_schedules (tenant_id, owner_id, id);
CREATE INDEX report_schedules_team_idx ON report_schedules (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX report_schedules_report_idx ON report_schedules (tenant_id, report_id);
-- workers look over all tenants
CREATE INDEX report_schedules_due_idx ON report_schedules (next_at) WHERE status = 'active' AND deleted_at IS NULL;

-- Each time that a report was sent to somebody, or was not.
CREATE TABLE report_runs (
    tenant_id          uuid NOT NULL,
    id                 uuid NOT NULL,
    report_schedule_id uuid NOT NULL,
    recipient_id       uuid NOT NULL,
    due_at             timestamptz NOT NULL,
    status             text NOT NULL CHECK (status IN ('succeeded', 'failed')),
    -- the code of what went wrong
    error              text,
    row_count          int,
    version            int NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, report_schedule_id) REFERENCES report_schedules (tenant_id, id) ON DELETE CASCADE
);
-- a job that was begun anew tells of the same
CREATE UNIQUE INDEX report_runs_once_key ON report_runs (tenant_id, report_schedule_id, recipient_id, due_at);

-- Days and moments of a tenant's own fields stand in their rows as text: what is none of them is absent.
CREATE FUNCTION tally_day(value text) RETURNS date LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
    RETURN value::date;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;
CREATE FUNCTION tally_moment(value text) RETURNS timestamptz LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
    RETURN value::timestamptz;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;
