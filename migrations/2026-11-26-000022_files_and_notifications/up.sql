-- Files: what is known of each; what they hold stands in the object store, by an id that nobody outside is told.

CREATE TABLE files (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    -- the record that it is attached to, or neither: then it is its maker's alone
    resource     text,
    record_id    uuid,
    name         text NOT NULL,
    -- as it was declared, and from its completion on as it is
    content_type text NOT NULL,
    size         bigint NOT NULL CHECK (size >= 0),
    sha256       text,
    status       text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'ready', 'failed')),
    failure      text CHECK (failure IN ('size', 'checksum')),
    -- by what it is known to the store
    object_id    uuid NOT NULL,
    -- until when something may still be put there
    upload_until timestamptz NOT NULL,
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    created_by   uuid NOT NULL,
    updated_by   uuid NOT NULL,
    deleted_at   timestamptz,
    search       tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    CHECK ((resource IS NULL) = (record_id IS NULL)),
    CHECK ((failure IS NULL) = (status <> 'failed'))
);
CREATE INDEX files_record_idx ON files (tenant_id, record_id, id) WHERE record_id IS NOT NULL;
CREATE INDEX files_own_idx ON files (tenant_id, created_by, id) WHERE record_id IS NULL;
-- what a tenant has, read from the index alone
CREATE INDEX files_size_idx ON files (tenant_id) INCLUDE (size) WHERE status <> 'failed';
CREATE INDEX files_unfinished_idx ON files (tenant_id, upload_until) WHERE status <> 'ready';

-- What is to go from the store. It is written by whatever takes a file away, in the same transaction, so that no object
-- is left that nobody knows of.
CREATE TABLE file_removals (
    tenant_id uuid NOT NULL REFERENCES tenants,
    object_id uuid NOT NULL,
    -- before that, something may still be put there: it is removed now, and then once more
    due_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, object_id)
);

CREATE FUNCTION remove_file_object() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO file_removals (tenant_id, object_id, due_at) VALUES (OLD.tenant_id, OLD.object_id, OLD.upload_until)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER files_gone AFTER DELETE ON files FOR EACH ROW EXECUTE FUNCTION remove_file_object();
CREATE TRIGGER files_failed AFTER UPDATE OF status ON files FOR EACH ROW WHEN (NEW.status = 'failed')
    EXECUTE FUNCTION remove_file_object();

-- Who follows which record, and so is told of its changes.
CREATE TABLE followers (
    tenant_id  uuid NOT NULL,
    resource   text NOT NULL,
    record_id  uuid NOT NULL,
    user_id    uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, record_id, user_id, resource),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX followers_user_idx ON followers (tenant_id, user_id);

-- What somebody is told of: which event, and why them. What it tells is asked anew when it is read.
CREATE TABLE notifications (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    user_id    uuid NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('assigned', 'shared', 'ended', 'disabled', 'followed')),
    resource   text NOT NULL,
    record_id  uuid NOT NULL,
    event_id   uuid NOT NULL,
    seq        bigint NOT NULL,
    actor_id   uuid NOT NULL,
    status     text NOT NULL DEFAULT 'unread' CHECK (status IN ('unread', 'read', 'archived')),
    -- false: they want letters of it alone
    is_listed  bool NOT NULL,
    -- when a letter tells of it; null where none does, or one has
    mail_at    timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
-- of an event, one person is told once
CREATE UNIQUE INDEX notifications_event_key ON notifications (tenant_id, user_id, event_id);
CREATE INDEX notifications_reader_idx ON notifications (tenant_id, user_id, created_at, id);
CREATE INDEX notifications_unread_idx ON notifications (tenant_id, user_id) WHERE status = 'unread';

-- the worker looks for letters of all tenants
CREATE INDEX notifications_mail_idx ON notifications (mail_at) WHERE mail_at IS NOT NULL;

-- What somebody wants to be told of, by which ways, and when.
CREATE TABLE notification_preferences (
    tenant_id  uuid NOT NULL,
    user_id    uuid NOT NULL,
    wanted     jsonb NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

-- How far the events of a tenant have been gone through for it. Whoever goes through them holds the row.
CREATE TABLE notification_cursors (
    tenant_id uuid NOT NULL REFERENCES tenants,
    position  bigint NOT NULL,
    PRIMARY KEY (tenant_id)
);
-- of what has happened before, nobody is told
INSERT INTO notification_cursors SELECT tenant_id, max(seq) FROM audit_chain GROUP BY tenant_id;
