-- What the business knows and lets its customers read, and how often that was read and has helped.

CREATE TABLE kb_portals (
    tenant_id      uuid NOT NULL REFERENCES tenants,
    id             uuid NOT NULL,
    -- how visitors ask for it; no two portals of the server have the same
    slug           text NOT NULL,
    name           text NOT NULL,
    description    text,
    default_locale text NOT NULL,
    locales        text[] NOT NULL,
    is_public      boolean NOT NULL DEFAULT false,
    version        int NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    created_by     uuid NOT NULL,
    updated_by     uuid NOT NULL,
    deleted_at     timestamptz,
    search         tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT kb_portals_default_locale CHECK (default_locale = ANY (locales))
);
CREATE UNIQUE INDEX kb_portals_slug_key ON kb_portals (tenant_id, slug) WHERE deleted_at IS NULL;
-- a visitor names no tenant
CREATE INDEX kb_portals_door_idx ON kb_portals (slug) WHERE deleted_at IS NULL;
CREATE INDEX kb_portals_created_idx ON kb_portals (tenant_id, created_at, id);

CREATE TABLE kb_categories (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    portal_id   uuid NOT NULL,
    parent_id   uuid,
    slug        text NOT NULL,
    -- in the default locale of the portal
    name        text NOT NULL,
    description text,
    -- {locale: name}
    names       jsonb NOT NULL DEFAULT '{}',
    position    int NOT NULL DEFAULT 0,
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    created_by  uuid NOT NULL,
    updated_by  uuid NOT NULL,
    deleted_at  timestamptz,
    search      tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, portal_id) REFERENCES kb_portals (tenant_id, id),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES kb_categories (tenant_id, id)
);
CREATE UNIQUE INDEX kb_categories_slug_key ON kb_categories (tenant_id, portal_id, slug) WHERE deleted_at IS NULL;
CREATE INDEX kb_categories_portal_idx ON kb_categories (tenant_id, portal_id, position, id);
CREATE INDEX kb_categories_parent_idx ON kb_categories (tenant_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX kb_categories_created_idx ON kb_categories (tenant_id, created_at, id);

CREATE TABLE kb_articles (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL,
    portal_id         uuid NOT NULL,
    category_id       uuid,
    slug              text NOT NULL,
    -- what it is called here: that of its newest version in the default locale, or of the first that there was
    title             text NOT NULL,
    is_public         boolean NOT NULL DEFAULT true,
    position          int NOT NULL DEFAULT 0,
    -- in which it is published now
    published_locales text[] NOT NULL DEFAULT '{}',
    -- when last something of it was published
    published_at      timestamptz,
    version_count     int NOT NULL DEFAULT 0,
    -- whose answer it was made of
    case_id           uuid,
    custom            jsonb NOT NULL DEFAULT '{}',
    version           int NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    created_by        uuid NOT NULL,
    updated_by        uuid NOT NULL,
    deleted_at        timestamptz,
    search            tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, portal_id) REFERENCES kb_portals (tenant_id, id),
    FOREIGN KEY (tenant_id, category_id) REFERENCES kb_categories (tenant_id, id)
);
CREATE UNIQUE INDEX kb_articles_slug_key ON kb_articles (tenant_id, portal_id, slug) WHERE deleted_at IS NULL;
CREATE INDEX kb_articles_portal_idx ON kb_articles (tenant_id, portal_id, position, id);
CREATE INDEX kb_articles_category_idx ON kb_articles (tenant_id, category_id) WHERE category_id IS NOT NULL;
CREATE INDEX kb_articles_created_idx ON kb_articles (tenant_id, created_at, id);
CREATE INDEX kb_articles_updated_idx ON kb_articles (tenant_id, updated_at, id);
CREATE INDEX kb_articles_search_idx ON kb_articles USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

CREATE TRIGGER custom_made BEFORE INSERT ON kb_articles FOR EACH ROW WHEN (NEW.custom <> '{}')
    EXECUTE FUNCTION custom_settle('kb_article');
CREATE TRIGGER custom_changed BEFORE UPDATE OF custom, deleted_at ON kb_articles FOR EACH ROW
    WHEN (OLD.custom IS DISTINCT FROM NEW.custom OR OLD.custom <> '{}' AND OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION custom_settle('kb_article');
CREATE TRIGGER custom_gone BEFORE DELETE ON kb_articles FOR EACH ROW WHEN (OLD.custom <> '{}')
    EXECUTE FUNCTION custom_settle('kb_article');

CREATE TABLE kb_article_versions (
    tenant_id        uuid NOT NULL,
    id               uuid NOT NULL,
    article_id       uuid NOT NULL,
    -- which of the article it is, in all locales
    number           int NOT NULL,
    locale           text NOT NULL,
    title            text NOT NULL,
    summary          text,
    -- Markdown, and the page that is made of it
    body             text NOT NULL,
    body_html        text NOT NULL,
    status           text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'in_review', 'published', 'archived')),
    -- when it is to be read, from and until
    publish_at       timestamptz,
    expires_at       timestamptz,
    submitted_by     uuid,
    submitted_at     timestamptz,
    -- who has let it through; before it is published, it waits for its moment
    approved_by      uuid,
    approved_at      timestamptz,
    rejection_reason text,
    published_at     timestamptz,
    archived_at      timestamptz,
    version          int NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    created_by       uuid NOT NULL,
    updated_by       uuid NOT NULL,
    -- of title, summary and body
    search           tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT kb_article_versions_shown CHECK (publish_at < expires_at),
    FOREIGN KEY (tenant_id, article_id) REFERENCES kb_articles (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX kb_article_versions_number_key ON kb_article_versions (tenant_id, article_id, number);
CREATE UNIQUE INDEX kb_article_versions_published_key ON kb_article_versions (tenant_id, article_id, locale)
    WHERE status = 'published';
CREATE INDEX kb_article_versions_search_idx ON kb_article_versions USING gin (tenant_id, search)
    WITH (gin_pending_list_limit = 256) WHERE status = 'published';
-- what the clock looks for, of all tenants
CREATE INDEX kb_article_versions_coming_idx ON kb_article_versions (publish_at)
    WHERE status = 'in_review' AND approved_at IS NOT NULL AND publish_at IS NOT NULL;
CREATE INDEX kb_article_versions_ending_idx ON kb_article_versions (expires_at)
    WHERE status = 'published' AND expires_at IS NOT NULL;

-- Whether search words have what a query asks for, as the lists of the house ask it.
CREATE FUNCTION kb_finds(words tsvector, query text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN words @@ CAST(query AS tsquery);

-- Whether an article has helped, said once by each visitor, who may think better of it.
CREATE TABLE kb_feedback (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    article_id   uuid NOT NULL,
    locale       text NOT NULL,
    is_helpful   boolean NOT NULL,
    comment      text,
    -- the hash of what the visitor's program calls them
    visitor_hash bytea NOT NULL,
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, article_id) REFERENCES kb_articles (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX kb_feedback_visitor_key ON kb_feedback (tenant_id, article_id, visitor_hash);
CREATE INDEX kb_feedback_created_idx ON kb_feedback (tenant_id, created_at, id);

-- How often an article was read on a day of UTC.
CREATE TABLE kb_article_days (
    tenant_id  uuid NOT NULL,
    article_id uuid NOT NULL,
    locale     text NOT NULL,
    day        date NOT NULL,
    view_count bigint NOT NULL,
    PRIMARY KEY (tenant_id, article_id, day, locale),
    FOREIGN KEY (tenant_id, article_id) REFERENCES kb_articles (tenant_id, id) ON DELETE CASCADE
);

-- How often a portal was searched on a day of UTC, and how often that has found nothing.
CREATE TABLE kb_portal_days (
    tenant_id    uuid NOT NULL,
    portal_id    uuid NOT NULL,
    locale       text NOT NULL,
    day          date NOT NULL,
    search_count bigint NOT NULL,
    empty_count  bigint NOT NULL,
    PRIMARY KEY (tenant_id, portal_id, day, locale),
    FOREIGN KEY (tenant_id, portal_id) REFERENCES kb_portals (tenant_id, id) ON DELETE CASCADE
);

-- Answers that are written once and given often: of their owner, of a team, or of everybody.
CREATE TABLE canned_responses (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    owner_id   uuid NOT NULL,
    team_id    uuid,
    -- with everybody of the tenant
    is_public  boolean NOT NULL DEFAULT false,
    -- what is typed to get it
    short_code text NOT NULL,
    title      text NOT NULL,
    folder     text,
    -- {locale: text}
    texts      jsonb NOT NULL,
    version    int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid NOT NULL,
    deleted_at timestamptz,
    search     tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id)
);
CREATE UNIQUE INDEX canned_responses_short_code_key ON canned_responses (tenant_id, short_code) WHERE deleted_at IS NULL;
CREATE INDEX canned_responses_owner_idx ON canned_responses (tenant_id, owner_id, id);
CREATE INDEX canned_responses_team_idx ON canned_responses (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX canned_responses_public_idx ON canned_responses (tenant_id, id) WHERE is_public;
CREATE INDEX canned_responses_created_idx ON canned_responses (tenant_id, created_at, id);

-- What customers are asked when something is done for them, and what they answer.
CREATE TABLE surveys (
    tenant_id        uuid NOT NULL REFERENCES tenants,
    id               uuid NOT NULL,
    name             text NOT NULL,
    kind             text NOT NULL CHECK (kind IN ('csat', 'nps', 'ces')),
    -- {locale: text}: the subject of the letter, what is asked, and what is said of an answer
    subjects         jsonb NOT NULL,
    questions        jsonb NOT NULL,
    thanks           jsonb NOT NULL DEFAULT '{}',
    is_active        boolean NOT NULL DEFAULT true,
    -- whose case was closed is asked
    is_sent_on_close boolean NOT NULL DEFAULT false,
    delay_minutes    int NOT NULL DEFAULT 0 CHECK (delay_minutes >= 0),
    sampling_percent int NOT NULL DEFAULT 100 CHECK (sampling_percent BETWEEN 1 AND 100),
    -- somebody is asked once in so many days, at most
    quiet_days       int NOT NULL DEFAULT 30 CHECK (quiet_days >= 0),
    -- how long an answer is taken
    answer_days      int NOT NULL DEFAULT 14 CHECK (answer_days > 0),
    version          int NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    created_by       uuid NOT NULL,
    updated_by       uuid NOT NULL,
    deleted_at       timestamptz,
    search           tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX surveys_name_key ON surveys (tenant_id, name) WHERE deleted_at IS NULL;
CREATE INDEX surveys_created_idx ON surveys (tenant_id, created_at, id);

-- That somebody was asked, about what and whom, and what they have answered.
CREATE TABLE survey_responses (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    survey_id   uuid NOT NULL,
    contact_id  uuid NOT NULL,
    -- what was done for them, by whom, and in which queue
    case_id     uuid,
    user_id     uuid,
    queue_id    uuid,
    locale      text,
    status      text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sending', 'sent', 'answered', 'cancelled')),
    send_at     timestamptz NOT NULL,
    sent_at     timestamptz,
    expires_at  timestamptz NOT NULL,
    -- of each token that was sent
    hashes      bytea[] NOT NULL DEFAULT '{}',
    answered_at timestamptz,
    score       int,
    comment     text,
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    created_by  uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT survey_responses_answered CHECK ((status = 'answered') = (answered_at IS NOT NULL)),
    FOREIGN KEY (tenant_id, survey_id) REFERENCES surveys (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX survey_responses_survey_idx ON survey_responses (tenant_id, survey_id, answered_at);
CREATE INDEX survey_responses_contact_idx ON survey_responses (tenant_id, contact_id, created_at);
CREATE INDEX survey_responses_case_idx ON survey_responses (tenant_id, case_id) WHERE case_id IS NOT NULL;
CREATE INDEX survey_responses_created_idx ON survey_responses (tenant_id, created_at, id);
-- what the clock looks for, of all tenants
CREATE INDEX survey_responses_due_idx ON survey_responses (send_at) WHERE status = 'pending';

-- What is often done with a case, under a name: all of it at once, or nothing.
CREATE TABLE macros (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    name        text NOT NULL,
    description text,
    -- [{set, canned_response_id, visibility, locale, tag_id, owner_id, team_id}], in their order
    actions     jsonb NOT NULL,
    is_active   boolean NOT NULL DEFAULT true,
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    created_by  uuid NOT NULL,
    updated_by  uuid NOT NULL,
    deleted_at  timestamptz,
    search      tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX macros_name_key ON macros (tenant_id, name) WHERE deleted_at IS NULL;
CREATE INDEX macros_created_idx ON macros (tenant_id, created_at, id);

ALTER TABLE kb_articles ADD FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id) ON DELETE SET NULL (case_id);
CREATE INDEX kb_articles_case_idx ON kb_articles (tenant_id, case_id) WHERE case_id IS NOT NULL;
ALTER TABLE survey_responses
    ADD FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id) ON DELETE SET NULL (case_id);

-- Cases that were closed, for whoever is asked then; each is looked at once.
CREATE TABLE survey_marks (
    tenant_id uuid NOT NULL,
    id        uuid NOT NULL DEFAULT gen_random_uuid(),
    case_id   uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES cases (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX survey_marks_case_idx ON survey_marks (tenant_id, case_id);

CREATE FUNCTION survey_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO survey_marks (tenant_id, case_id) SELECT NEW.tenant_id, NEW.id WHERE EXISTS (
        SELECT FROM surveys AS s WHERE s.tenant_id = NEW.tenant_id AND s.is_active AND s.is_sent_on_close
        AND s.deleted_at IS NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER survey_closed AFTER UPDATE OF status ON cases FOR EACH ROW
    WHEN (NEW.status = 'closed' AND OLD.status <> 'closed' AND NEW.contact_id IS NOT NULL) EXECUTE FUNCTION survey_mark();
