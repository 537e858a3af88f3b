-- Where accounts and contacts are found by post: several each, of which one of a kind is primary. They are parts of what
-- they belong to, and go with it.
CREATE TABLE account_addresses (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    account_id    uuid NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('billing', 'shipping', 'home', 'work', 'registered', 'other')),
    label         text,
    -- who takes what is sent there, and under which number: in E.164, and as it was given
    recipient     text,
    phone         text,
    phone_text    text,
    -- ISO 3166-1, of two letters
    country       text NOT NULL,
    region        text,
    city          text,
    district      text,
    -- GB/T 2260
    division_code text CHECK (division_code IS NULL OR division_code ~ '^[0-9]{6}$'),
    street        text,
    detail        text,
    postal_code   text,
    -- as it was given, where it came as one text
    raw_text      text,
    is_primary    boolean NOT NULL,
    version       int NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX account_addresses_account_idx ON account_addresses (tenant_id, account_id);
CREATE UNIQUE INDEX account_addresses_primary_key ON account_addresses (tenant_id, account_id, kind) WHERE is_primary;
CREATE INDEX account_addresses_city_idx ON account_addresses (tenant_id, country, city);

CREATE TABLE contact_addresses (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    contact_id    uuid NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('billing', 'shipping', 'home', 'work', 'registered', 'other')),
    label         text,
    -- who takes what is sent there, and under which number: in E.164, and as it was given
    recipient     text,
    phone         text,
    phone_text    text,
    -- ISO 3166-1, of two letters
    country       text NOT NULL,
    region        text,
    city          text,
    district      text,
    -- GB/T 2260
    division_code text CHECK (division_code IS NULL OR division_code ~ '^[0-9]{6}$'),
    street        text,
    detail        text,
    postal_code   text,
    -- as it was given, where it came as one text
    raw_text      text,
    is_primary    boolean NOT NULL,
    version       int NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_addresses_contact_idx ON contact_addresses (tenant_id, contact_id);
CREATE UNIQUE INDEX contact_addresses_primary_key ON contact_addresses (tenant_id, contact_id, kind) WHERE is_primary;
CREATE INDEX contact_addresses_city_idx ON contact_addresses (tenant_id, country, city);
