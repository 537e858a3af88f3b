DROP INDEX files_unfinished_idx;
CREATE INDEX files_unfinished_idx ON files (tenant_id, upload_until) WHERE status <> 'ready';
DROP INDEX notifications_created_idx, inbound_deliveries_old_idx, accounts_email_idx, connections_door_idx;
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
