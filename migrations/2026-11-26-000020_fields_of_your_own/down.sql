DO $$
DECLARE
    place text;
BEGIN
    FOREACH place IN ARRAY ARRAY['accounts', 'contacts', 'products', 'orders'] LOOP
        EXECUTE format('DROP TRIGGER custom_made ON %I', place);
        EXECUTE format('DROP TRIGGER custom_changed ON %I', place);
        EXECUTE format('DROP TRIGGER custom_gone ON %I', place);
        EXECUTE format('ALTER TABLE %I DROP COLUMN custom', place);
    END LOOP;
END $$;
DROP FUNCTION custom_settle;
DROP FUNCTION custom_kept;
DROP FUNCTION custom_rule;
DROP FUNCTION custom_lock;
DROP FUNCTION custom_number;
DROP TABLE views, custom_uniques, field_versions, field_defs, option_sets;
