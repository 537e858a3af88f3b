-- Whom the business is with: organisations, people, and how to reach them.
CREATE EXTENSION IF NOT EXISTS btree_gin;

CREATE TABLE accounts (
    tenant_id        uuid NOT NULL REFERENCES tenants,
    id               uuid NOT NULL,
    owner_id         uuid NOT NULL,
    team_id          uuid,
    name             text NOT NULL,
    legal_name       text,
    account_type     text,
    industry         text,
    website          text,
    email            text,
    phone            text,
    tax_number       text,
    employee_count   int CHECK (employee_count >= 0),
    annual_revenue_amount   numeric(21, 6),
    annual_revenue_currency text,
    lifecycle_stage  text NOT NULL DEFAULT 'lead',
    rating           text CHECK (rating IN ('hot', 'warm', 'cold')),
    source           text,
    parent_id        uuid,
    street           text,
    city             text,
    region           text,
    postal_code      text,
    country          text,
    description      text,
    version          int NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    created_by       uuid NOT NULL,
    updated_by       uuid NOT NULL,
    deleted_at       timestamptz,
    search           tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES accounts (tenant_id, id),
    CHECK ((annual_revenue_amount IS NULL) = (annual_revenue_currency IS NULL))
);
CREATE UNIQUE INDEX accounts_tax_number_key ON accounts (tenant_id, tax_number) WHERE deleted_at IS NULL;
CREATE INDEX accounts_owner_idx ON accounts (tenant_id, owner_id);
CREATE INDEX accounts_team_idx ON accounts (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX accounts_parent_idx ON accounts (tenant_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX accounts_name_idx ON accounts (tenant_id, name, id);
CREATE INDEX accounts_lower_name_idx ON accounts (tenant_id, lower(name));
CREATE INDEX accounts_created_idx ON accounts (tenant_id, created_at, id);
CREATE INDEX accounts_updated_idx ON accounts (tenant_id, updated_at, id);
CREATE INDEX accounts_search_idx ON accounts USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

CREATE TABLE contacts (
    tenant_id       uuid NOT NULL REFERENCES tenants,
    id              uuid NOT NULL,
    owner_id        uuid NOT NULL,
    team_id         uuid,
    account_id      uuid,
    given_name      text,
    family_name     text,
    display_name    text NOT NULL,
    job_title       text,
    department      text,
    email           text,
    phone           text,
    birth_on        date,
    gender          text CHECK (gender IN ('female', 'male', 'other', 'undisclosed')),
    locale          text,
    time_zone       text,
    lifecycle_stage text NOT NULL DEFAULT 'lead',
    source          text,
    do_not_contact  boolean NOT NULL DEFAULT false,
    description     text,
    version         int NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    created_by      uuid NOT NULL,
    updated_by      uuid NOT NULL,
    deleted_at      timestamptz,
    search          tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE UNIQUE INDEX contacts_email_key ON contacts (tenant_id, email) WHERE deleted_at IS NULL;
CREATE INDEX contacts_phone_idx ON contacts (tenant_id, phone) WHERE phone IS NOT NULL;
CREATE INDEX contacts_owner_idx ON contacts (tenant_id, owner_id);
CREATE INDEX contacts_team_idx ON contacts (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX contacts_account_idx ON contacts (tenant_id, account_id);
CREATE INDEX contacts_name_idx ON contacts (tenant_id, display_name, id);
CREATE INDEX contacts_created_idx ON contacts (tenant_id, created_at, id);
CREATE INDEX contacts_updated_idx ON contacts (tenant_id, updated_at, id);
CREATE INDEX contacts_search_idx ON contacts USING gin (tenant_id, search) WITH (gin_pending_list_limit = 256);

CREATE TABLE contact_points (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    contact_id  uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('email', 'phone', 'wechat', 'address', 'social')),
    value       text NOT NULL,
    -- as it is compared: lower case, E.164
    value_norm  text NOT NULL,
    label       text,
    is_primary  boolean NOT NULL,
    status      text NOT NULL DEFAULT 'valid' CHECK (status IN ('valid', 'invalid', 'bounced')),
    verified_at timestamptz,
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX contact_points_value_key ON contact_points (tenant_id, contact_id, kind, value_norm);
CREATE UNIQUE INDEX contact_points_primary_key ON contact_points (tenant_id, contact_id, kind) WHERE is_primary;
CREATE INDEX contact_points_value_idx ON contact_points (tenant_id, kind, value_norm);

-- Who works with or for which account: a contact may have several, one of them primary.
CREATE TABLE memberships (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    contact_id uuid NOT NULL,
    account_id uuid NOT NULL,
    role       text,
    is_primary boolean NOT NULL,
    started_on date,
    ended_on   date,
    version    int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    CHECK (ended_on >= started_on)
);
CREATE UNIQUE INDEX memberships_pair_key ON memberships (tenant_id, contact_id, account_id);
CREATE UNIQUE INDEX memberships_primary_key ON memberships (tenant_id, contact_id) WHERE is_primary;
CREATE INDEX memberships_account_idx ON memberships (tenant_id, account_id);
