-- A new record that says nothing of the tenant's own fields is as one that was there before they were defined: there is
-- nothing in it to be held against others, and it takes no lock.
CREATE OR REPLACE FUNCTION custom_settle() RETURNS trigger LANGUAGE plpgsql AS $$
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
        NEW.custom := NEW.custom - '';
        IF TG_OP = 'UPDATE' OR NEW.custom <> '{}' THEN
            PERFORM pg_advisory_xact_lock_shared(custom_lock(NEW.tenant_id, noun));
        END IF;
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

-- a sender names no tenant
CREATE INDEX connections_door_idx ON connections (id);
-- whose mail it is, where no contact has its address
CREATE INDEX accounts_email_idx ON accounts (tenant_id, email) WHERE email IS NOT NULL AND deleted_at IS NULL;

-- What has grown old, and what never came to its end, is looked for in all tenants at once.
CREATE INDEX inbound_deliveries_old_idx ON inbound_deliveries (created_at);
CREATE INDEX notifications_created_idx ON notifications (created_at);
DROP INDEX files_unfinished_idx;
CREATE INDEX files_unfinished_idx ON files (upload_until) WHERE status <> 'ready';
