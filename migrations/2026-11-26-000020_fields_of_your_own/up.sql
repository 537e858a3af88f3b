-- Fields of a tenant's own, the choices that they offer, and lists as somebody likes to see them.

CREATE TABLE option_sets (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    key        text NOT NULL,
    labels     jsonb NOT NULL DEFAULT '{}',
    -- [{key, labels, color, is_archived}], in their order
    options    jsonb NOT NULL DEFAULT '[]',
    version    int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid NOT NULL,
    deleted_at timestamptz,
    search     tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX option_sets_key_key ON option_sets (tenant_id, key) WHERE deleted_at IS NULL;

CREATE TABLE field_defs (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    -- the noun that has it, and what it is called there: `custom.{key}`
    object        text NOT NULL,
    key           text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_]{0,39}$'),
    holds         text NOT NULL,
    labels        jsonb NOT NULL DEFAULT '{}',
    help          text,
    is_required   bool NOT NULL DEFAULT false,
    is_unique     bool NOT NULL DEFAULT false,
    is_searched   bool NOT NULL DEFAULT false,
    is_indexed    bool NOT NULL DEFAULT false,
    is_personal   bool NOT NULL DEFAULT true,
    default_value jsonb,
    limits        jsonb NOT NULL DEFAULT '{}',
    -- a condition in the filter language, over the record
    rule          text,
    option_set_id uuid,
    reference     text,
    -- {field, allowed: {value: [options]}}
    dependence    jsonb,
    position      int NOT NULL DEFAULT 0,
    version       int NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    created_by    uuid NOT NULL,
    updated_by    uuid NOT NULL,
    deleted_at    timestamptz,
    search        tsvector NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, option_set_id) REFERENCES option_sets (tenant_id, id)
);
CREATE UNIQUE INDEX field_defs_key_key ON field_defs (tenant_id, object, key) WHERE deleted_at IS NULL;
CREATE INDEX field_defs_option_set_idx ON field_defs (tenant_id, option_set_id) WHERE option_set_id IS NOT NULL;

-- What the fields of a noun are at: whoever writes by older ones is told to read them anew.
CREATE TABLE field_versions (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    object      text NOT NULL,
    version     bigint NOT NULL,
    unique_keys text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, object)
);

-- The values that no two living records share.
CREATE TABLE custom_uniques (
    tenant_id uuid NOT NULL,
    object    text NOT NULL,
    key       text NOT NULL,
    value     text NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, object, key, value)
);
CREATE INDEX custom_uniques_record_idx ON custom_uniques (tenant_id, record_id);

CREATE TABLE views (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    owner_id   uuid NOT NULL,
    team_id    uuid,
    object     text NOT NULL,
    name       text NOT NULL,
    filter     text,
    sort       text,
    fields     text,
    is_default bool NOT NULL DEFAULT false,
    -- with everybody of the tenant
    is_public  bool NOT NULL DEFAULT false,
    position   int NOT NULL DEFAULT 0,
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
CREATE INDEX views_owner_idx ON views (tenant_id, owner_id, object);
CREATE INDEX views_team_idx ON views (tenant_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX views_public_idx ON views (tenant_id, object) WHERE is_public;

ALTER TABLE accounts ADD COLUMN custom jsonb NOT NULL DEFAULT '{}';
ALTER TABLE contacts ADD COLUMN custom jsonb NOT NULL DEFAULT '{}';
ALTER TABLE products ADD COLUMN custom jsonb NOT NULL DEFAULT '{}';
ALTER TABLE orders ADD COLUMN custom jsonb NOT NULL DEFAULT '{}';

-- A number of a record, or nothing where what stands there is none: never an error, and the same for ever, so that an
-- index may go by it.
CREATE FUNCTION custom_number(custom jsonb, key text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
    -- an exact decimal is kept as text
    RETURN CASE WHEN (custom ->> key) COLLATE "C" ~ '^-?[0-9]+[.]?[0-9]*$' THEN (custom ->> key)::numeric END;

-- What keeps the fields of a record from being written by two definitions at once.
CREATE FUNCTION custom_lock(of_tenant uuid, noun text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN hashtextextended('fields of ' || of_tenant || ' ' || noun, 0);

-- A condition that a definition sets: a write that breaks it is none.
CREATE FUNCTION custom_rule(holds bool, key text) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
    IF holds IS NOT TRUE THEN
        RAISE EXCEPTION 'the rule of % does not hold', key
            USING ERRCODE = 'check_violation', CONSTRAINT = 'custom_rule', COLUMN = key;
    END IF;
    RETURN true;
END $$;

-- What erasing somebody leaves of a record's own fields: those that are said to tell of nobody.
CREATE FUNCTION custom_kept(of_tenant uuid, noun text, custom jsonb) RETURNS jsonb LANGUAGE sql STABLE
    RETURN (SELECT coalesce(jsonb_object_agg(one.key, one.value), '{}') FROM jsonb_each(custom) AS one
            WHERE EXISTS (SELECT FROM field_defs AS f WHERE f.tenant_id = of_tenant AND f.object = noun
                          AND f.key = one.key AND NOT f.is_personal AND f.deleted_at IS NULL));

-- Settles the fields of a record as it is written. The member '' of `custom` says by which version of the definitions it
-- was looked through; whoever changes them holds the lock alone, so that what is kept was written by those in force. It
-- also keeps the list of the values that are unique.
CREATE FUNCTION custom_settle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noun text := TG_ARGV[0];
    stamp jsonb;
    standing field_versions;
    one text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM custom_uniques AS u WHERE u.tenant_id = OLD.tenant_id AND u.record_id = OLD.id;
        RETURN OLD;
    END IF;
    stamp := NEW.custom -> '';
    IF stamp IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock_shared(custom_lock(NEW.tenant_id, noun));
        NEW.custom := NEW.custom - '';
    END IF;
    SELECT * INTO standing FROM field_versions AS f WHERE f.tenant_id = NEW.tenant_id AND f.object = noun;
    IF stamp IS NOT NULL AND stamp::bigint <> coalesce(standing.version, 0) THEN
        RAISE EXCEPTION 'the fields of % have changed meanwhile', noun
            USING ERRCODE = 'serialization_failure', CONSTRAINT = 'custom_moved';
    END IF;
    IF coalesce(standing.unique_keys, '{}') = '{}' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM custom_uniques AS u WHERE u.tenant_id = NEW.tenant_id AND u.record_id = NEW.id;
    END IF;
    IF NEW.deleted_at IS NULL THEN
        FOREACH one IN ARRAY standing.unique_keys LOOP
            CONTINUE WHEN NEW.custom ->> one IS NULL;
            INSERT INTO custom_uniques VALUES (NEW.tenant_id, noun, one, NEW.custom ->> one, NEW.id)
                ON CONFLICT DO NOTHING;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'another % has this %', noun, one
                    USING ERRCODE = 'unique_violation', CONSTRAINT = 'custom_unique', COLUMN = one;
            END IF;
        END LOOP;
    END IF;
    RETURN NEW;
END $$;

DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM (VALUES ('accounts', 'account'), ('contacts', 'contact'), ('products', 'product'),
                                     ('orders', 'order')) AS n (place, noun) LOOP
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
