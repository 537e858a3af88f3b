-- Parts of the market with those who look after them; where leads are; rules, pools, quotas and rates that are archived as
-- everything else is; and the month that a tenant's years begin with.

-- the years of forecasts and quotas
ALTER TABLE tenants ADD COLUMN fiscal_year_start_month int NOT NULL DEFAULT 1
    CHECK (fiscal_year_start_month BETWEEN 1 AND 12);

ALTER TABLE leads
    ADD COLUMN industry text,
    -- ISO 3166-1, of two letters
    ADD COLUMN country text,
    ADD COLUMN region text,
    ADD COLUMN city text;
CREATE INDEX leads_place_idx ON leads (tenant_id, country, region, city, id);

CREATE TABLE territories (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    name        text NOT NULL,
    description text,
    -- the one that it is a part of
    parent_id   uuid,
    -- which leads and accounts are in it; all that are in the one above, where there is none
    filter      text,
    -- [{user_id | team_id, capacity}], in their order
    members     jsonb NOT NULL DEFAULT '[]',
    version     int NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    created_by  uuid NOT NULL,
    updated_by  uuid NOT NULL,
    deleted_at  timestamptz,
    search      tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES territories (tenant_id, id)
);
CREATE UNIQUE INDEX territories_name_key ON territories (tenant_id, name) WHERE deleted_at IS NULL;
CREATE INDEX territories_parent_idx ON territories (tenant_id, parent_id) WHERE parent_id IS NOT NULL;

-- Whose turn it was last: whoever gives out by a territory holds its row.
CREATE TABLE territory_cursors (
    tenant_id    uuid NOT NULL,
    territory_id uuid NOT NULL,
    user_id      uuid,
    PRIMARY KEY (tenant_id, territory_id),
    FOREIGN KEY (tenant_id, territory_id) REFERENCES territories (tenant_id, id) ON DELETE CASCADE
);

ALTER TABLE assignment_rules
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN search tsvector NOT NULL DEFAULT '',
    -- whose leads are given out by territory, with those below it
    ADD COLUMN territory_id uuid,
    ADD FOREIGN KEY (tenant_id, territory_id) REFERENCES territories (tenant_id, id);
CREATE INDEX assignment_rules_territory_idx ON assignment_rules (tenant_id, territory_id) WHERE territory_id IS NOT NULL;
-- A territory that was a filter with one owner is a rule among whose members there is one; owner_id stays for the version
-- before this one, and is empty from now on.
UPDATE assignment_rules SET strategy = 'round_robin', owner_id = NULL,
    members = jsonb_build_array(jsonb_build_object('user_id', owner_id, 'capacity', NULL))
WHERE strategy = 'territory' AND owner_id IS NOT NULL;

ALTER TABLE lead_score_rules
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN search tsvector NOT NULL DEFAULT '';

ALTER TABLE pools
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN search tsvector NOT NULL DEFAULT '';
DROP INDEX pools_queue_key;
CREATE UNIQUE INDEX pools_queue_key ON pools (tenant_id, queue_id) WHERE deleted_at IS NULL;
CREATE INDEX pools_queue_idx ON pools (tenant_id, queue_id);

ALTER TABLE quotas
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN search tsvector NOT NULL DEFAULT '';
DROP INDEX quotas_user_period_key, quotas_team_period_key;
CREATE UNIQUE INDEX quotas_user_period_key ON quotas (tenant_id, owner_id, period)
    WHERE kind = 'user' AND deleted_at IS NULL;
CREATE UNIQUE INDEX quotas_team_period_key ON quotas (tenant_id, team_id, period)
    WHERE kind = 'team' AND deleted_at IS NULL;

ALTER TABLE exchange_rates
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN search tsvector NOT NULL DEFAULT '';
DROP INDEX exchange_rates_day_key;
CREATE UNIQUE INDEX exchange_rates_day_key ON exchange_rates (tenant_id, from_currency, to_currency, valid_on)
    WHERE deleted_at IS NULL;

-- What is there already is found by the beginnings of its words, and in scripts without spaces from each character on;
-- typing errors are forgiven once it has changed.
UPDATE assignment_rules SET search = array_to_tsvector(ARRAY(
    SELECT DISTINCT substr(left(word, 60), n)
    FROM regexp_split_to_table(lower(normalize(name, NFKC)), '[[:space:][:punct:]]+') AS word,
        generate_series(1, CASE WHEN octet_length(word) = length(word) THEN 1 ELSE least(length(word), 60) END) AS n
    WHERE word <> ''));
UPDATE lead_score_rules SET search = array_to_tsvector(ARRAY(
    SELECT DISTINCT substr(left(word, 60), n)
    FROM regexp_split_to_table(lower(normalize(name, NFKC)), '[[:space:][:punct:]]+') AS word,
        generate_series(1, CASE WHEN octet_length(word) = length(word) THEN 1 ELSE least(length(word), 60) END) AS n
    WHERE word <> ''));
UPDATE pools SET search = array_to_tsvector(ARRAY(
    SELECT DISTINCT substr(left(word, 60), n)
    FROM regexp_split_to_table(lower(normalize(name, NFKC)), '[[:space:][:punct:]]+') AS word,
        generate_series(1, CASE WHEN octet_length(word) = length(word) THEN 1 ELSE least(length(word), 60) END) AS n
    WHERE word <> ''));
UPDATE quotas SET search = array_to_tsvector(regexp_split_to_array(lower(period), '-') || lower(period));
UPDATE exchange_rates SET search = array_to_tsvector(ARRAY[lower(from_currency)]);
