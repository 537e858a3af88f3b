-- Marketing: plans, campaigns and who is in them, what is written to whom, who is not written to, and what came of it.

CREATE TABLE marketing_plans (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    name          text NOT NULL,
    description   text,
    status        text NOT NULL CHECK (status IN ('draft', 'active', 'completed', 'cancelled')),
    start_on      date NOT NULL,
    end_on        date NOT NULL,
    currency      text NOT NULL,
    budget_amount numeric(21, 6) CHECK (budget_amount >= 0),
    version       int NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    created_by    uuid NOT NULL,
    updated_by    uuid NOT NULL,
    deleted_at    timestamptz,
    search        tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT marketing_plans_period CHECK (start_on <= end_on)
);
CREATE UNIQUE INDEX marketing_plans_name_key ON marketing_plans (tenant_id, name) WHERE deleted_at IS NULL;
CREATE INDEX marketing_plans_created_idx ON marketing_plans (tenant_id, created_at, id);

CREATE TABLE campaigns (
    tenant_id               uuid NOT NULL REFERENCES tenants,
    id                      uuid NOT NULL,
    owner_id                uuid NOT NULL,
    team_id                 uuid,
    plan_id                 uuid,
    -- the one that it is a part of
    parent_id               uuid,
    name                    text NOT NULL,
    campaign_type           text NOT NULL CHECK (campaign_type IN
        ('email', 'sms', 'social', 'push', 'event', 'ads', 'promotion', 'telephone', 'direct_mail')),
    status                  text NOT NULL CHECK (status IN ('planned', 'active', 'paused', 'completed', 'cancelled')),
    start_on                date,
    end_on                  date,
    goal                    text,
    description             text,
    currency                text NOT NULL,
    budget_amount           numeric(21, 6) CHECK (budget_amount >= 0),
    expected_cost_amount    numeric(21, 6) CHECK (expected_cost_amount >= 0),
    actual_cost_amount      numeric(21, 6) CHECK (actual_cost_amount >= 0),
    expected_revenue_amount numeric(21, 6) CHECK (expected_revenue_amount >= 0),
    actual_revenue_amount   numeric(21, 6) CHECK (actual_revenue_amount >= 0),
    custom                  jsonb NOT NULL DEFAULT '{}',
    version                 int NOT NULL DEFAULT 1,
    created_at              timestamptz NOT NULL,
    updated_at              timestamptz NOT NULL,
    created_by              uuid NOT NULL,
    updated_by              uuid NOT NULL,
    deleted_at              timestamptz,
    search                  tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT campaigns_period CHECK (start_on <= end_on),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    FOREIGN KEY (tenant_id, plan_id) REFERENCES marketing_plans (tenant_id, id),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES campaigns (tenant_id, id)
);
CREATE INDEX campaigns_owner_idx ON campaigns (tenant_id, owner_id);
CREATE INDEX campaigns_team_idx ON campaigns (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX campaigns_plan_idx ON campaigns (tenant_id, plan_id) WHERE plan_id IS NOT NULL;
CREATE INDEX campaigns_parent_idx ON campaigns (tenant_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX campaigns_status_idx ON campaigns (tenant_id, status, id);
CREATE INDEX campaigns_created_idx ON campaigns (tenant_id, created_at, id);
CREATE INDEX campaigns_updated_idx ON campaigns (tenant_id, updated_at, id);
CREATE INDEX campaigns_search_idx ON campaigns USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);
CREATE TRIGGER custom_made BEFORE INSERT ON campaigns FOR EACH ROW WHEN (NEW.custom <> '{}')
    EXECUTE FUNCTION custom_settle('campaign');
CREATE TRIGGER custom_changed BEFORE UPDATE OF custom, deleted_at ON campaigns FOR EACH ROW
    WHEN (OLD.custom IS DISTINCT FROM NEW.custom
          OR OLD.custom <> '{}' AND OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION custom_settle('campaign');
CREATE TRIGGER custom_gone BEFORE DELETE ON campaigns FOR EACH ROW WHEN (OLD.custom <> '{}')
    EXECUTE FUNCTION custom_settle('campaign');

-- Whom a campaign is meant for, and what came of it.
CREATE TABLE campaign_members (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    campaign_id  uuid NOT NULL,
    contact_id   uuid,
    lead_id      uuid,
    status       text NOT NULL CHECK (status IN
        ('targeted', 'sent', 'opened', 'clicked', 'responded', 'converted', 'bounced', 'unsubscribed')),
    responded_at timestamptz,
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT campaign_members_of_one CHECK ((contact_id IS NULL) <> (lead_id IS NULL)),
    FOREIGN KEY (tenant_id, campaign_id) REFERENCES campaigns (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, lead_id) REFERENCES leads (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX campaign_members_contact_key ON campaign_members (tenant_id, campaign_id, contact_id)
    WHERE contact_id IS NOT NULL;
CREATE UNIQUE INDEX campaign_members_lead_key ON campaign_members (tenant_id, campaign_id, lead_id)
    WHERE lead_id IS NOT NULL;
CREATE INDEX campaign_members_list_idx ON campaign_members (tenant_id, campaign_id, status, id);
CREATE INDEX campaign_members_of_contact_idx ON campaign_members (tenant_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX campaign_members_of_lead_idx ON campaign_members (tenant_id, lead_id) WHERE lead_id IS NOT NULL;

CREATE TABLE templates (
    tenant_id      uuid NOT NULL REFERENCES tenants,
    id             uuid NOT NULL,
    name           text NOT NULL,
    description    text,
    channel        text NOT NULL CHECK (channel IN ('email', 'sms', 'social', 'wechat')),
    -- of the variant for those whose language has none
    default_locale text NOT NULL,
    -- [{locale, subject, html, text}]
    variants       jsonb NOT NULL,
    -- [{name, fallback}]
    variables      jsonb NOT NULL DEFAULT '[]',
    version        int NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    created_by     uuid NOT NULL,
    updated_by     uuid NOT NULL,
    deleted_at     timestamptz,
    search         tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX templates_name_key ON templates (tenant_id, name) WHERE deleted_at IS NULL;
CREATE INDEX templates_created_idx ON templates (tenant_id, created_at, id);

-- Addresses and numbers that nothing goes to. Whoever was erased is not written to again: the digest stays, by which an
-- address is known again, and from which nobody makes it out without the key of the server.
CREATE TABLE suppressions (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    channel      text NOT NULL CHECK (channel IN ('email', 'sms')),
    address      text,
    address_hash bytea NOT NULL,
    contact_id   uuid,
    reason       text NOT NULL CHECK (reason IN ('hard_bounce', 'complaint', 'unsubscribed', 'manual', 'legal')),
    -- of which alone it is; of all where there is none
    purpose      text,
    note         text,
    version      int NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    created_by   uuid NOT NULL,
    updated_by   uuid NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX suppressions_all_key ON suppressions (tenant_id, channel, address_hash) WHERE purpose IS NULL;
CREATE UNIQUE INDEX suppressions_purpose_key ON suppressions (tenant_id, channel, address_hash, purpose)
    WHERE purpose IS NOT NULL;
CREATE INDEX suppressions_contact_idx ON suppressions (tenant_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX suppressions_created_idx ON suppressions (tenant_id, created_at, id);

CREATE TABLE sends (
    tenant_id           uuid NOT NULL,
    id                  uuid NOT NULL,
    campaign_id         uuid NOT NULL,
    name                text NOT NULL,
    channel             text NOT NULL CHECK (channel IN ('email')),
    purpose             text NOT NULL,
    is_transactional    boolean NOT NULL DEFAULT false,
    template_id         uuid NOT NULL,
    segment_ids         uuid[] NOT NULL,
    exclude_segment_ids uuid[] NOT NULL DEFAULT '{}',
    scheduled_at        timestamptz,
    -- the hour that the clock shows then where the tenant is, wherever somebody is
    is_local_time       boolean NOT NULL DEFAULT false,
    per_minute          int NOT NULL DEFAULT 600 CHECK (per_minute > 0),
    -- from when to when nothing goes out, by the clock of whoever it goes to
    quiet_from          text CHECK (quiet_from ~ '^[0-2][0-9]:[0-5][0-9]$'),
    quiet_until         text CHECK (quiet_until ~ '^[0-2][0-9]:[0-5][0-9]$'),
    -- how many of its purpose somebody gets in so many days
    cap_count           int CHECK (cap_count > 0),
    cap_days            int CHECK (cap_days > 0),
    status              text NOT NULL CHECK (status IN
        ('draft', 'scheduled', 'freezing', 'sending', 'paused', 'done', 'cancelled')),
    -- how many were chosen, and how many were not for which reason
    audience            jsonb,
    -- in whose name it goes out
    started_by          uuid,
    started_at          timestamptz,
    ended_at            timestamptz,
    version             int NOT NULL DEFAULT 1,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    created_by          uuid NOT NULL,
    updated_by          uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, campaign_id) REFERENCES campaigns (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, template_id) REFERENCES templates (tenant_id, id)
);
CREATE INDEX sends_campaign_idx ON sends (tenant_id, campaign_id, id);
CREATE INDEX sends_template_idx ON sends (tenant_id, template_id);
CREATE INDEX sends_status_idx ON sends (tenant_id, status) WHERE status IN ('scheduled', 'freezing', 'sending');

-- How far a send has come: what changes with no version of it.
CREATE TABLE send_runs (
    tenant_id   uuid NOT NULL,
    send_id     uuid NOT NULL,
    -- whoever comes behind is looked at next
    after_id    uuid,
    -- from when on the next may go out: whoever takes some moves it on by their share of a minute
    free_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, send_id),
    FOREIGN KEY (tenant_id, send_id) REFERENCES sends (tenant_id, id) ON DELETE CASCADE
);

-- Where the links of a send lead: nobody is led anywhere else.
CREATE TABLE send_links (
    tenant_id uuid NOT NULL,
    id        uuid NOT NULL,
    send_id   uuid NOT NULL,
    url       text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, send_id) REFERENCES sends (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX send_links_url_key ON send_links (tenant_id, send_id, url);

-- One for each who was chosen when the send began.
CREATE TABLE deliveries (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    send_id         uuid NOT NULL,
    campaign_id     uuid NOT NULL,
    contact_id      uuid NOT NULL,
    channel         text NOT NULL CHECK (channel IN ('email')),
    purpose         text NOT NULL,
    address         text,
    status          text NOT NULL CHECK (status IN ('queued', 'sending', 'sent', 'failed', 'unknown', 'suppressed',
        'bounced', 'complained', 'unsubscribed', 'cancelled')),
    failure         text,
    due_at          timestamptz NOT NULL,
    -- when somebody began to send it
    claimed_at      timestamptz,
    sent_at         timestamptz,
    opened_at       timestamptz,
    clicked_at      timestamptz,
    unsubscribed_at timestamptz,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, send_id) REFERENCES sends (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, campaign_id) REFERENCES campaigns (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE
);
-- nobody gets two of one send
CREATE UNIQUE INDEX deliveries_once_key ON deliveries (tenant_id, send_id, contact_id, channel);
CREATE INDEX deliveries_due_idx ON deliveries (tenant_id, send_id, due_at, id) WHERE status = 'queued';
CREATE INDEX deliveries_claimed_idx ON deliveries (tenant_id, send_id, claimed_at) WHERE status = 'sending';
CREATE INDEX deliveries_status_idx ON deliveries (tenant_id, send_id, status);
CREATE INDEX deliveries_campaign_idx ON deliveries (tenant_id, campaign_id, id);
-- how many of a purpose somebody has got lately
CREATE INDEX deliveries_contact_idx ON deliveries (tenant_id, contact_id, purpose, sent_at);

-- What came of a delivery. Of each sort, and of each link, one row: what is opened a thousand times is counted.
CREATE TABLE delivery_events (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    delivery_id uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN
        ('sent', 'open', 'click', 'reply', 'soft_bounce', 'hard_bounce', 'complaint', 'unsubscribe')),
    -- of a click
    link_id     uuid,
    event_count int NOT NULL DEFAULT 1,
    occurred_at timestamptz NOT NULL,
    last_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, delivery_id) REFERENCES deliveries (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX delivery_events_kind_key ON delivery_events (tenant_id, delivery_id, kind) WHERE link_id IS NULL;
CREATE UNIQUE INDEX delivery_events_link_key ON delivery_events (tenant_id, delivery_id, kind, link_id)
    WHERE link_id IS NOT NULL;
CREATE INDEX delivery_events_delivery_idx ON delivery_events (tenant_id, delivery_id, id);
