-- What customers ask for: cases, what was said about each, where mails come in that become cases, and what is answered
-- to them at once.

CREATE TABLE case_categories (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    name        text NOT NULL,
    description text,
    -- the one that it is a part of
    parent_id   uuid,
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    created_by  uuid NOT NULL,
    updated_by  uuid NOT NULL,
    deleted_at  timestamptz,
    search      tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES case_categories (tenant_id, id)
);
CREATE UNIQUE INDEX case_categories_name_key ON case_categories (tenant_id, name) WHERE deleted_at IS NULL;
CREATE INDEX case_categories_parent_idx ON case_categories (tenant_id, parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE cases (
    tenant_id                uuid NOT NULL REFERENCES tenants,
    id                       uuid NOT NULL,
    owner_id                 uuid NOT NULL,
    team_id                  uuid,
    number                   text NOT NULL,
    subject                  text NOT NULL,
    description              text,
    case_type                text NOT NULL CHECK (case_type IN ('inquiry', 'complaint', 'suggestion', 'request',
                                                                'problem', 'other')),
    status                   text NOT NULL CHECK (status IN ('new', 'open', 'pending', 'on_hold', 'resolved',
                                                             'closed')),
    priority                 text NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    severity                 text CHECK (severity IN ('minor', 'moderate', 'major', 'critical')),
    channel                  text NOT NULL CHECK (channel IN ('email', 'portal', 'phone', 'chat', 'web', 'api',
                                                              'social', 'other')),
    category_id              uuid,
    account_id               uuid,
    contact_id               uuid,
    order_id                 uuid,
    product_id               uuid,
    -- whose turn it is to give it to somebody
    queue_id                 uuid,
    -- the case that it is a part of
    parent_id                uuid,
    -- the closed case that it goes on from
    follows_id               uuid,
    required_skills          text[] NOT NULL DEFAULT '{}',
    first_response_at        timestamptz,
    resolved_at              timestamptz,
    closed_at                timestamptz,
    reopened_count           int NOT NULL DEFAULT 0,
    resolution               text,
    root_cause               text,
    last_customer_message_at timestamptz,
    last_agent_message_at    timestamptz,
    -- when its customer was answered without anybody's doing: once a case
    auto_replied_at          timestamptz,
    -- the case that it became one with
    merged_into_id           uuid,
    version                  int NOT NULL DEFAULT 1,
    created_at               timestamptz NOT NULL,
    updated_at               timestamptz NOT NULL,
    created_by               uuid NOT NULL,
    updated_by               uuid NOT NULL,
    deleted_at               timestamptz,
    custom                   jsonb NOT NULL DEFAULT '{}',
    search                   tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT cases_resolved CHECK ((status IN ('resolved', 'closed')) = (resolved_at IS NOT NULL)),
    CONSTRAINT cases_closed CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    FOREIGN KEY (tenant_id, category_id) REFERENCES case_categories (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id) ON DELETE SET NULL (order_id),
    FOREIGN KEY (tenant_id, product_id) REFERENCES products (tenant_id, id) ON DELETE SET NULL (product_id),
    FOREIGN KEY (tenant_id, queue_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES cases (tenant_id, id) ON DELETE SET NULL (parent_id),
    FOREIGN KEY (tenant_id, follows_id) REFERENCES cases (tenant_id, id) ON DELETE SET NULL (follows_id),
    FOREIGN KEY (tenant_id, merged_into_id) REFERENCES cases (tenant_id, id) ON DELETE SET NULL (merged_into_id)
);
CREATE UNIQUE INDEX cases_number_key ON cases (tenant_id, number) WHERE deleted_at IS NULL;
CREATE INDEX cases_owner_idx ON cases (tenant_id, owner_id);
CREATE INDEX cases_team_idx ON cases (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX cases_category_idx ON cases (tenant_id, category_id, id) WHERE category_id IS NOT NULL;
CREATE INDEX cases_account_idx ON cases (tenant_id, account_id, id);
CREATE INDEX cases_contact_idx ON cases (tenant_id, contact_id, id);
CREATE INDEX cases_order_idx ON cases (tenant_id, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX cases_product_idx ON cases (tenant_id, product_id) WHERE product_id IS NOT NULL;
CREATE INDEX cases_queue_idx ON cases (tenant_id, queue_id, status, id) WHERE queue_id IS NOT NULL;
CREATE INDEX cases_parent_idx ON cases (tenant_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX cases_follows_idx ON cases (tenant_id, follows_id) WHERE follows_id IS NOT NULL;
CREATE INDEX cases_merged_idx ON cases (tenant_id, merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE INDEX cases_status_idx ON cases (tenant_id, status, id);
CREATE INDEX cases_created_idx ON cases (tenant_id, created_at, id);
CREATE INDEX cases_updated_idx ON cases (tenant_id, updated_at, id);
CREATE INDEX cases_search_idx ON cases USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

CREATE TRIGGER custom_made BEFORE INSERT ON cases FOR EACH ROW WHEN (NEW.custom <> '{}')
    EXECUTE FUNCTION custom_settle('case');
CREATE TRIGGER custom_changed BEFORE UPDATE OF custom, deleted_at ON cases FOR EACH ROW
    WHEN (OLD.custom IS DISTINCT FROM NEW.custom
          OR OLD.custom <> '{}' AND OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION custom_settle('case');
CREATE TRIGGER custom_gone BEFORE DELETE ON cases FOR EACH ROW WHEN (OLD.custom <> '{}')
    EXECUTE FUNCTION custom_settle('case');

-- Where mails are written to that become cases.
CREATE TABLE case_inboxes (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    -- in lower case
    address     text NOT NULL,
    name        text NOT NULL,
    -- what a case is that comes in by it
    case_type   text NOT NULL CHECK (case_type IN ('inquiry', 'complaint', 'suggestion', 'request', 'problem',
                                                   'other')),
    priority    text NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    category_id uuid,
    queue_id    uuid,
    team_id     uuid,
    is_active   boolean NOT NULL DEFAULT true,
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    created_by  uuid NOT NULL,
    updated_by  uuid NOT NULL,
    deleted_at  timestamptz,
    search      tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, category_id) REFERENCES case_categories (tenant_id, id),
    FOREIGN KEY (tenant_id, queue_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id)
);
CREATE UNIQUE INDEX case_inboxes_address_key ON case_inboxes (tenant_id, address) WHERE deleted_at IS NULL;
CREATE INDEX case_inboxes_category_idx ON case_inboxes (tenant_id, category_id) WHERE category_id IS NOT NULL;
CREATE INDEX case_inboxes_queue_idx ON case_inboxes (tenant_id, queue_id) WHERE queue_id IS NOT NULL;
CREATE INDEX case_inboxes_team_idx ON case_inboxes (tenant_id, team_id) WHERE team_id IS NOT NULL;

-- What was said about a case, by whom: to the customer, by the customer, or among those who look after it.
CREATE TABLE case_messages (
    tenant_id           uuid NOT NULL,
    id                  uuid NOT NULL,
    case_id             uuid NOT NULL,
    visibility          text NOT NULL CHECK (visibility IN ('public', 'internal')),
    author_kind         text NOT NULL CHECK (author_kind IN ('customer', 'agent', 'system')),
    -- who of the business has written it, or has written it down
    author_id           uuid,
    contact_id          uuid,
    channel             text NOT NULL CHECK (channel IN ('email', 'portal', 'phone', 'chat', 'web', 'api', 'social',
                                                         'other')),
    subject             text,
    body                text NOT NULL,
    html                text,
    from_name           text,
    from_address        text,
    recipients          text[] NOT NULL DEFAULT '{}',
    cc                  text[] NOT NULL DEFAULT '{}',
    file_ids            uuid[] NOT NULL DEFAULT '{}',
    -- what another system calls it: of a mail its Message-ID, without brackets
    external_message_id text,
    in_reply_to         text,
    email_message_id    uuid,
    -- by which it came in, or goes out
    inbox_id            uuid,
    -- of what goes out by mail
    delivery            text CHECK (delivery IN ('queued', 'sent', 'failed')),
    delivered_at        timestamptz,
    version             int NOT NULL DEFAULT 1,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT case_messages_open CHECK (author_kind <> 'customer' OR visibility = 'public'),
    CONSTRAINT case_messages_delivered CHECK ((delivery IS NOT DISTINCT FROM 'sent') = (delivered_at IS NOT NULL)),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, author_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE SET NULL (contact_id),
    FOREIGN KEY (tenant_id, email_message_id) REFERENCES email_messages (tenant_id, id)
        ON DELETE SET NULL (email_message_id),
    FOREIGN KEY (tenant_id, inbox_id) REFERENCES case_inboxes (tenant_id, id)
);
CREATE INDEX case_messages_case_idx ON case_messages (tenant_id, case_id, created_at, id);
CREATE INDEX case_messages_author_idx ON case_messages (tenant_id, author_id) WHERE author_id IS NOT NULL;
CREATE INDEX case_messages_contact_idx ON case_messages (tenant_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX case_messages_email_idx ON case_messages (tenant_id, email_message_id)
    WHERE email_message_id IS NOT NULL;
CREATE INDEX case_messages_inbox_idx ON case_messages (tenant_id, inbox_id) WHERE inbox_id IS NOT NULL;
-- a mail is one message, however often it comes
CREATE UNIQUE INDEX case_messages_external_key ON case_messages (tenant_id, external_message_id)
    WHERE external_message_id IS NOT NULL;

-- What is answered at once to whoever opens a case.
CREATE TABLE auto_reply_rules (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    name       text NOT NULL,
    position   int NOT NULL,
    -- of which cases; of all, where there is none
    filter     text,
    -- [{locale, subject, body}], the first of them for whoever speaks none of the others
    texts      jsonb NOT NULL,
    is_active  boolean NOT NULL DEFAULT true,
    version    int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid NOT NULL,
    deleted_at timestamptz,
    search     tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX auto_reply_rules_position_idx ON auto_reply_rules (tenant_id, position, id);

-- What has become of cases, and when.
CREATE VIEW case_milestones AS
SELECT tenant_id, id AS record_id, 'created'::text AS step, 0 AS position, created_at AS occurred_at FROM cases
UNION ALL
SELECT tenant_id, id, 'answered', 1, first_response_at FROM cases WHERE first_response_at IS NOT NULL
UNION ALL
SELECT tenant_id, id, 'resolved', 2, resolved_at FROM cases WHERE resolved_at IS NOT NULL
UNION ALL
SELECT tenant_id, id, 'closed', 3, closed_at FROM cases WHERE closed_at IS NOT NULL;

-- cases become one, too
ALTER TABLE merges DROP CONSTRAINT merges_resource_check,
    ADD CONSTRAINT merges_resource_check CHECK (resource IN ('account', 'contact', 'case'));
