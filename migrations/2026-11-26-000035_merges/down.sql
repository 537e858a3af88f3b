CREATE OR REPLACE FUNCTION consents_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT FROM contacts WHERE tenant_id = OLD.tenant_id AND id = OLD.contact_id) THEN
            RAISE EXCEPTION 'a consent stays as long as its contact' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN OLD;
    END IF;
    IF to_jsonb(NEW) - 'evidence' - 'source' IS DISTINCT FROM to_jsonb(OLD) - 'evidence' - 'source'
        OR NEW.evidence NOT IN (OLD.evidence, '{}') OR NEW.source IS NOT NULL AND NEW.source IS DISTINCT FROM OLD.source
    THEN
        RAISE EXCEPTION 'a consent stands as it was said' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
DROP INDEX contacts_lower_name_idx, accounts_phone_idx, accounts_host_idx;
DROP VIEW duplicate_candidates;
DROP TABLE duplicate_pairs;
DROP FUNCTION host_of;
DROP FUNCTION merged_links;
ALTER TABLE accounts DROP COLUMN merged_into_id;
ALTER TABLE contacts DROP COLUMN merged_into_id;
DROP TABLE merge_moves;
DROP TABLE merges;
