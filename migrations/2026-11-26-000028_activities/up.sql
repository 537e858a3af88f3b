-- What was done with customers, what is to be done, how records are sorted, and the calendar that shows it.

CREATE TABLE activities (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    owner_id     uuid NOT NULL,
    team_id      uuid,
    kind         text NOT NULL
        CHECK (kind IN ('call', 'email', 'meeting', 'note', 'sms', 'chat', 'visit', 'social')),
    direction    text CHECK (direction IN ('inbound', 'outbound')),
    subject      text,
    body         text,
    started_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    outcome      text,
    -- [{resource, record_id}], in their order
    links        jsonb NOT NULL DEFAULT '[]',
    -- [{contact_id, user_id, name, address, role, response}]
    participants jsonb NOT NULL DEFAULT '[]',
    -- whom it is about and who was there, for whoever looks for what is kept of them: `links_settle` keeps it
    record_ids   uuid[] NOT NULL DEFAULT '{}',
    custom       jsonb NOT NULL DEFAULT '{}',
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    created_by   uuid NOT NULL,
    updated_by   uuid NOT NULL,
    deleted_at   timestamptz,
    search       tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    CONSTRAINT activities_ends_after_start CHECK (ended_at >= started_at)
);
CREATE INDEX activities_owner_idx ON activities (tenant_id, owner_id);
CREATE INDEX activities_team_idx ON activities (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX activities_started_idx ON activities (tenant_id, started_at, id);
CREATE INDEX activities_created_idx ON activities (tenant_id, created_at, id);
CREATE INDEX activities_updated_idx ON activities (tenant_id, updated_at, id);
CREATE INDEX activities_search_idx ON activities USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

-- The records that activities are about, and whoever was there, by record: made of `links` and `participants`.
CREATE TABLE activity_links (
    tenant_id   uuid NOT NULL,
    activity_id uuid NOT NULL,
    record_id   uuid NOT NULL,
    resource    text NOT NULL,
    -- when the activity began: a timeline goes by it
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, activity_id, record_id, resource),
    FOREIGN KEY (tenant_id, activity_id) REFERENCES activities (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX activity_links_record_idx ON activity_links (tenant_id, record_id, resource, occurred_at, activity_id);

CREATE TABLE tasks (
    tenant_id        uuid NOT NULL REFERENCES tenants,
    id               uuid NOT NULL,
    -- who is to do it, and whose it is
    assignee_id      uuid NOT NULL,
    team_id          uuid,
    subject          text NOT NULL,
    description      text,
    status           text NOT NULL
        CHECK (status IN ('open', 'in_progress', 'waiting', 'completed', 'cancelled', 'deferred')),
    priority         text NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    due_at           timestamptz,
    -- or all of a day
    due_on           date,
    -- on whose clocks a day begins, and a rule is reckoned
    time_zone        text,
    -- of RFC 5545
    recurrence       text,
    -- the first task that came by the rule, and when that was due
    series_id        uuid,
    series_starts_at timestamptz,
    -- the one that its completion has made
    next_task_id     uuid,
    reminders        jsonb NOT NULL DEFAULT '[]',
    reminded_at      timestamptz,
    completed_at     timestamptz,
    links            jsonb NOT NULL DEFAULT '[]',
    record_ids       uuid[] NOT NULL DEFAULT '{}',
    custom           jsonb NOT NULL DEFAULT '{}',
    version          int NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    created_by       uuid NOT NULL,
    updated_by       uuid NOT NULL,
    deleted_at       timestamptz,
    search           tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, assignee_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    CONSTRAINT tasks_due_once CHECK (due_at IS NULL OR due_on IS NULL),
    CONSTRAINT tasks_completed CHECK ((status = 'completed') = (completed_at IS NOT NULL))
);
CREATE INDEX tasks_assignee_idx ON tasks (tenant_id, assignee_id, due_at);
CREATE INDEX tasks_team_idx ON tasks (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX tasks_due_idx ON tasks (tenant_id, due_at, id);
CREATE INDEX tasks_created_idx ON tasks (tenant_id, created_at, id);
CREATE INDEX tasks_updated_idx ON tasks (tenant_id, updated_at, id);
CREATE INDEX tasks_search_idx ON tasks USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

CREATE TABLE task_links (
    tenant_id   uuid NOT NULL,
    task_id     uuid NOT NULL,
    record_id   uuid NOT NULL,
    resource    text NOT NULL,
    -- when the task was made
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, task_id, record_id, resource),
    FOREIGN KEY (tenant_id, task_id) REFERENCES tasks (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX task_links_record_idx ON task_links (tenant_id, record_id, resource, occurred_at, task_id);

-- Moments at which somebody is reminded, each once: whoever fires one takes its row.
CREATE TABLE task_reminders (
    tenant_id uuid NOT NULL,
    task_id   uuid NOT NULL,
    -- its place among those of the task
    position  int NOT NULL,
    remind_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, task_id, position),
    FOREIGN KEY (tenant_id, task_id) REFERENCES tasks (tenant_id, id) ON DELETE CASCADE
);
-- workers look for what is due of all tenants
CREATE INDEX task_reminders_due_idx ON task_reminders (remind_at);

CREATE TABLE tags (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    name        text NOT NULL,
    -- how names are compared
    name_key    text NOT NULL,
    color       text,
    description text,
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    created_by  uuid NOT NULL,
    updated_by  uuid NOT NULL,
    deleted_at  timestamptz,
    search      tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX tags_name_key ON tags (tenant_id, name_key) WHERE deleted_at IS NULL;
CREATE INDEX tags_search_idx ON tags USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

-- That a record has a tag.
CREATE TABLE taggings (
    tenant_id  uuid NOT NULL,
    record_id  uuid NOT NULL,
    resource   text NOT NULL,
    tag_id     uuid NOT NULL,
    source     text NOT NULL CHECK (source IN ('manual', 'rule', 'model')),
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, record_id, resource, tag_id),
    FOREIGN KEY (tenant_id, tag_id) REFERENCES tags (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX taggings_tag_idx ON taggings (tenant_id, tag_id, resource, record_id);

-- Whose calendar may be fetched by a link: the link says which row it is of, and is good while that stands.
CREATE TABLE calendar_feeds (
    tenant_id  uuid NOT NULL,
    user_id    uuid NOT NULL,
    id         uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);

-- The ids that links and participants name. What is no list, or no link, names nothing: erasing leaves such.
CREATE FUNCTION linked(links jsonb, participants jsonb) RETURNS TABLE (resource text, record_id uuid)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT e ->> 'resource', (e ->> 'record_id')::uuid
    FROM jsonb_array_elements(CASE jsonb_typeof(links) WHEN 'array' THEN links ELSE '[]' END) AS e
    WHERE e ? 'resource' AND e ? 'record_id'
    UNION
    SELECT w.resource, w.id::uuid
    FROM jsonb_array_elements(CASE jsonb_typeof(participants) WHEN 'array' THEN participants ELSE '[]' END) AS e,
        LATERAL (VALUES ('contact', e ->> 'contact_id'), ('user', e ->> 'user_id')) AS w (resource, id)
    WHERE w.id IS NOT NULL
$$;

CREATE FUNCTION activity_links_settle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_WHEN = 'BEFORE' THEN
        NEW.record_ids := ARRAY(SELECT DISTINCT l.record_id FROM linked(NEW.links, NEW.participants) AS l ORDER BY 1);
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM activity_links AS l WHERE l.tenant_id = NEW.tenant_id AND l.activity_id = NEW.id;
    END IF;
    INSERT INTO activity_links (tenant_id, activity_id, record_id, resource, occurred_at)
        SELECT NEW.tenant_id, NEW.id, l.record_id, l.resource, NEW.started_at
        FROM linked(NEW.links, NEW.participants) AS l;
    RETURN NULL;
END $$;
CREATE TRIGGER links_read BEFORE INSERT OR UPDATE OF links, participants ON activities FOR EACH ROW
    EXECUTE FUNCTION activity_links_settle();
CREATE TRIGGER links_made AFTER INSERT ON activities FOR EACH ROW WHEN (NEW.record_ids <> '{}')
    EXECUTE FUNCTION activity_links_settle();
CREATE TRIGGER links_changed AFTER UPDATE OF links, participants, started_at ON activities FOR EACH ROW
    WHEN ((OLD.links, OLD.participants, OLD.started_at) IS DISTINCT FROM (NEW.links, NEW.participants, NEW.started_at))
    EXECUTE FUNCTION activity_links_settle();

CREATE FUNCTION task_links_settle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_WHEN = 'BEFORE' THEN
        NEW.record_ids := ARRAY(SELECT DISTINCT l.record_id FROM linked(NEW.links, '[]') AS l ORDER BY 1);
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM task_links AS l WHERE l.tenant_id = NEW.tenant_id AND l.task_id = NEW.id;
    END IF;
    INSERT INTO task_links (tenant_id, task_id, record_id, resource, occurred_at)
        SELECT NEW.tenant_id, NEW.id, l.record_id, l.resource, NEW.created_at FROM linked(NEW.links, '[]') AS l;
    RETURN NULL;
END $$;
CREATE TRIGGER links_read BEFORE INSERT OR UPDATE OF links ON tasks FOR EACH ROW
    EXECUTE FUNCTION task_links_settle();
CREATE TRIGGER links_made AFTER INSERT ON tasks FOR EACH ROW WHEN (NEW.record_ids <> '{}')
    EXECUTE FUNCTION task_links_settle();
CREATE TRIGGER links_changed AFTER UPDATE OF links ON tasks FOR EACH ROW
    WHEN (OLD.links IS DISTINCT FROM NEW.links) EXECUTE FUNCTION task_links_settle();

-- When a task is due: of a whole day, when that begins on its clocks.
CREATE FUNCTION task_due(due_at timestamptz, due_on date, time_zone text) RETURNS timestamptz LANGUAGE sql STABLE
    RETURN coalesce(due_at, due_on::timestamp AT TIME ZONE coalesce(time_zone, 'UTC'));

-- The moments of a task's reminders are those to come: what is past has been told, or was set too late.
CREATE FUNCTION task_reminders_settle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- due already, and not told yet
    waiting timestamptz[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        waiting := ARRAY(SELECT r.remind_at FROM task_reminders AS r
            WHERE r.tenant_id = NEW.tenant_id AND r.task_id = NEW.id);
        DELETE FROM task_reminders AS r WHERE r.tenant_id = NEW.tenant_id AND r.task_id = NEW.id;
    END IF;
    IF NEW.status IN ('completed', 'cancelled') OR NEW.deleted_at IS NOT NULL
        OR jsonb_typeof(NEW.reminders) <> 'array' THEN
        RETURN NULL;
    END IF;
    INSERT INTO task_reminders (tenant_id, task_id, position, remind_at)
        SELECT NEW.tenant_id, NEW.id, m.position, m.moment FROM (
            SELECT e.position, coalesce((e.one ->> 'remind_at')::timestamptz, task_due(NEW.due_at, NEW.due_on,
                NEW.time_zone) - make_interval(mins => (e.one ->> 'minutes_before')::int)) AS moment
            FROM jsonb_array_elements(NEW.reminders) WITH ORDINALITY AS e (one, position)
        ) AS m WHERE m.moment > coalesce(NEW.reminded_at, '-infinity')
            AND (m.moment > NEW.updated_at - interval '1 minute' OR m.moment = ANY (waiting));
    RETURN NULL;
END $$;
CREATE TRIGGER reminders_made AFTER INSERT ON tasks FOR EACH ROW WHEN (NEW.reminders <> '[]')
    EXECUTE FUNCTION task_reminders_settle();
CREATE TRIGGER reminders_changed AFTER UPDATE OF reminders, due_at, due_on, time_zone, status, deleted_at ON tasks
    FOR EACH ROW WHEN ((OLD.reminders <> '[]' OR NEW.reminders <> '[]')
        AND (OLD.reminders, OLD.due_at, OLD.due_on, OLD.time_zone, OLD.status, OLD.deleted_at)
            IS DISTINCT FROM (NEW.reminders, NEW.due_at, NEW.due_on, NEW.time_zone, NEW.status, NEW.deleted_at))
    EXECUTE FUNCTION task_reminders_settle();

-- What else is kept of records goes with them when they go for good: their ids may come again.
CREATE FUNCTION forget_records(of_tenant uuid, records uuid[]) RETURNS void LANGUAGE sql AS $$
    DELETE FROM activity_links AS l WHERE l.tenant_id = of_tenant AND l.record_id = ANY (records);
    DELETE FROM task_links AS l WHERE l.tenant_id = of_tenant AND l.record_id = ANY (records);
    DELETE FROM taggings AS t WHERE t.tenant_id = of_tenant AND t.record_id = ANY (records);
$$;

-- fields of a tenant's own, as 000020 has them
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM (VALUES ('activities', 'activity'), ('tasks', 'task')) AS n (place, noun) LOOP
        EXECUTE format('CREATE TRIGGER custom_made BEFORE INSERT ON %I FOR EACH ROW WHEN (NEW.custom <> ''{}'')
            EXECUTE FUNCTION custom_settle(%L)', one.place, one.noun);
        EXECUTE format('CREATE TRIGGER custom_changed BEFORE UPDATE OF custom, deleted_at ON %I FOR EACH ROW
            WHEN (OLD.custom IS DISTINCT FROM NEW.custom
                  OR OLD.custom <> ''{}'' AND OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
            EXECUTE FUNCTION custom_settle(%L)', one.place, one.noun);
        EXECUTE format('CREATE TRIGGER custom_gone BEFORE DELETE ON %I FOR EACH ROW WHEN (OLD.custom <> ''{}'')
            EXECUTE FUNCTION custom_settle(%L)', one.place, one.noun);
    END LOOP;
END $$;

-- one more reason to tell somebody, beside those that are there
DO $$
DECLARE
    was text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'notifications_kind_check');
BEGIN
    ALTER TABLE notifications DROP CONSTRAINT notifications_kind_check;
    EXECUTE 'ALTER TABLE notifications ADD CONSTRAINT notifications_kind_check '
        || replace(was, '''followed''::text', '''followed''::text, ''task_reminder''::text');
END $$;
