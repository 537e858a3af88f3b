-- How the business sells: pipelines with their stages, what is hoped to be sold, and what other money is worth.

CREATE TABLE pipelines (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    name       text NOT NULL,
    labels     jsonb NOT NULL DEFAULT '{}',
    -- where an opportunity goes that names no pipeline
    is_default boolean NOT NULL DEFAULT false,
    version    int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid NOT NULL,
    deleted_at timestamptz,
    search     tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX pipelines_name_key ON pipelines (tenant_id, name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX pipelines_default_key ON pipelines (tenant_id) WHERE is_default AND deleted_at IS NULL;

CREATE TABLE stages (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL,
    pipeline_id       uuid NOT NULL,
    -- what programs, files and transitions call it
    key               text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_]{0,39}$'),
    position          int NOT NULL,
    name              text NOT NULL,
    labels            jsonb NOT NULL DEFAULT '{}',
    kind              text NOT NULL CHECK (kind IN ('open', 'won', 'lost')),
    -- per cent
    probability       int NOT NULL CHECK (probability BETWEEN 0 AND 100),
    forecast_category text NOT NULL CHECK (forecast_category IN ('pipeline', 'best_case', 'commit', 'closed', 'omitted')),
    -- fields of an opportunity that whoever enters the stage has to have
    required_fields   text[] NOT NULL DEFAULT '{}',
    -- keys of the stages that may come next; none are all
    transitions       text[] NOT NULL DEFAULT '{}',
    rotting_days      int CHECK (rotting_days > 0),
    version           int NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, pipeline_id) REFERENCES pipelines (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX stages_key_key ON stages (tenant_id, pipeline_id, key);

CREATE TABLE exchange_rates (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    from_currency text NOT NULL,
    to_currency   text NOT NULL,
    valid_on      date NOT NULL,
    -- what one unit of the first is in the second
    rate          numeric(21, 10) NOT NULL CHECK (rate > 0),
    version       int NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    created_by    uuid NOT NULL,
    updated_by    uuid NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX exchange_rates_day_key ON exchange_rates (tenant_id, from_currency, to_currency, valid_on);

CREATE TABLE opportunities (
    tenant_id         uuid NOT NULL REFERENCES tenants,
    id                uuid NOT NULL,
    owner_id          uuid NOT NULL,
    team_id           uuid,
    name              text NOT NULL,
    account_id        uuid,
    pipeline_id       uuid NOT NULL,
    stage_id          uuid NOT NULL,
    currency          text NOT NULL,
    -- given, or what the lines come to
    amount            numeric(21, 6),
    -- in the tenant's own currency, at the rate of its day
    base_amount       numeric(21, 6),
    base_currency     text NOT NULL,
    exchange_rate     numeric(21, 10),
    probability       int NOT NULL CHECK (probability BETWEEN 0 AND 100),
    expected_amount   numeric(21, 6),
    forecast_category text NOT NULL CHECK (forecast_category IN ('pipeline', 'best_case', 'commit', 'closed', 'omitted')),
    expected_close_on date,
    closed_at         timestamptz,
    stage_entered_at  timestamptz NOT NULL,
    opportunity_type  text,
    source            text,
    next_step         text,
    lost_reason       text,
    competitors       text[] NOT NULL DEFAULT '{}',
    -- its place among the others of its stage
    rank              bigint NOT NULL,
    version           int NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    created_by        uuid NOT NULL,
    updated_by        uuid NOT NULL,
    deleted_at        timestamptz,
    custom            jsonb NOT NULL DEFAULT '{}',
    search            tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, pipeline_id) REFERENCES pipelines (tenant_id, id),
    FOREIGN KEY (tenant_id, stage_id) REFERENCES stages (tenant_id, id)
);
CREATE INDEX opportunities_account_idx ON opportunities (tenant_id, account_id, id);
CREATE INDEX opportunities_pipeline_idx ON opportunities (tenant_id, pipeline_id, id);
-- a column of the board
CREATE INDEX opportunities_board_idx ON opportunities (tenant_id, stage_id, rank, id);
CREATE INDEX opportunities_owner_idx ON opportunities (tenant_id, owner_id);
CREATE INDEX opportunities_team_idx ON opportunities (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX opportunities_expected_idx ON opportunities (tenant_id, expected_close_on, id);
CREATE INDEX opportunities_closed_idx ON opportunities (tenant_id, closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX opportunities_amount_idx ON opportunities (tenant_id, amount, id);
CREATE INDEX opportunities_name_idx ON opportunities (tenant_id, name, id);
CREATE INDEX opportunities_created_idx ON opportunities (tenant_id, created_at, id);
CREATE INDEX opportunities_updated_idx ON opportunities (tenant_id, updated_at, id);
CREATE INDEX opportunities_search_idx ON opportunities USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

CREATE TRIGGER custom_made BEFORE INSERT ON opportunities FOR EACH ROW WHEN (NEW.custom <> '{}')
    EXECUTE FUNCTION custom_settle('opportunity');
CREATE TRIGGER custom_changed BEFORE UPDATE OF custom, deleted_at ON opportunities FOR EACH ROW
    WHEN (OLD.custom IS DISTINCT FROM NEW.custom
          OR OLD.custom <> '{}' AND OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION custom_settle('opportunity');
CREATE TRIGGER custom_gone BEFORE DELETE ON opportunities FOR EACH ROW WHEN (OLD.custom <> '{}')
    EXECUTE FUNCTION custom_settle('opportunity');

CREATE TABLE opportunity_contacts (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL,
    opportunity_id uuid NOT NULL,
    contact_id     uuid NOT NULL,
    role           text,
    is_primary     boolean NOT NULL DEFAULT false,
    version        int NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunities (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id)
);
CREATE UNIQUE INDEX opportunity_contacts_pair_key ON opportunity_contacts (tenant_id, opportunity_id, contact_id);
CREATE UNIQUE INDEX opportunity_contacts_primary_key ON opportunity_contacts (tenant_id, opportunity_id)
    WHERE is_primary;
CREATE INDEX opportunity_contacts_contact_idx ON opportunity_contacts (tenant_id, contact_id);

CREATE TABLE opportunity_lines (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    opportunity_id  uuid NOT NULL,
    line_key        text NOT NULL,
    position        int NOT NULL,
    product_id      uuid,
    sku             text,
    name            text NOT NULL,
    quantity        numeric(21, 6) NOT NULL CHECK (quantity <> 0),
    unit_price      numeric(21, 6) NOT NULL,
    discount_rate   numeric(7, 6) NOT NULL DEFAULT 0 CHECK (discount_rate BETWEEN 0 AND 1),
    tax_rate        numeric(7, 6) NOT NULL DEFAULT 0 CHECK (tax_rate BETWEEN 0 AND 1),
    subtotal_amount numeric(21, 6) NOT NULL,
    discount_amount numeric(21, 6) NOT NULL,
    tax_amount      numeric(21, 6) NOT NULL,
    total_amount    numeric(21, 6) NOT NULL,
    currency        text NOT NULL,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunities (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, product_id) REFERENCES products (tenant_id, id)
);
CREATE UNIQUE INDEX opportunity_lines_key ON opportunity_lines (tenant_id, opportunity_id, line_key);
CREATE INDEX opportunity_lines_product_idx ON opportunity_lines (tenant_id, product_id);

-- Written once: where an opportunity has been, and for how long. It keeps the keys of stages, which may go.
CREATE TABLE opportunity_stage_history (
    tenant_id        uuid NOT NULL,
    id               uuid NOT NULL,
    opportunity_id   uuid NOT NULL,
    pipeline_id      uuid NOT NULL,
    from_stage       text,
    to_stage         text NOT NULL,
    kind             text NOT NULL CHECK (kind IN ('open', 'won', 'lost')),
    -- in the stage before
    duration_seconds bigint,
    changed_at       timestamptz NOT NULL,
    changed_by       uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunities (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX opportunity_stage_history_opportunity_idx ON opportunity_stage_history (tenant_id, opportunity_id, id);
CREATE INDEX opportunity_stage_history_changed_idx ON opportunity_stage_history (tenant_id, changed_at, id);

CREATE TABLE quotas (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    -- whose it is; of a team, who answers for it
    owner_id   uuid NOT NULL,
    team_id    uuid,
    kind       text NOT NULL CHECK (kind IN ('user', 'team')),
    period     text NOT NULL CHECK (period ~ '^[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$'),
    amount     numeric(21, 6) NOT NULL CHECK (amount > 0),
    currency   text NOT NULL,
    version    int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (kind = 'user' OR team_id IS NOT NULL),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id)
);
CREATE UNIQUE INDEX quotas_user_period_key ON quotas (tenant_id, owner_id, period) WHERE kind = 'user';
CREATE UNIQUE INDEX quotas_team_period_key ON quotas (tenant_id, team_id, period) WHERE kind = 'team';
CREATE INDEX quotas_owner_idx ON quotas (tenant_id, owner_id);
CREATE INDEX quotas_team_idx ON quotas (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX quotas_period_idx ON quotas (tenant_id, period, id);

-- What was open on a night, and for how much: what has changed since is told by it.
CREATE TABLE forecast_snapshots (
    tenant_id         uuid NOT NULL,
    taken_on          date NOT NULL,
    taken_at          timestamptz NOT NULL,
    opportunity_id    uuid NOT NULL,
    base_amount       numeric(21, 6),
    base_currency     text NOT NULL,
    expected_close_on date,
    probability       int NOT NULL,
    forecast_category text NOT NULL,
    PRIMARY KEY (tenant_id, taken_on, opportunity_id),
    FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunities (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX forecast_snapshots_opportunity_idx ON forecast_snapshots (tenant_id, opportunity_id);
