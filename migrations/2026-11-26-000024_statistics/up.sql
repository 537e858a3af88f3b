-- A table that has grown fast is looked at before the server's own round, which comes once a minute: until then plans are
-- made as if a tenant had hardly any rows, and each statement of a large import walks all there are. Whoever works as
-- `guanxi_app` owns no table and could not ask for it otherwise.
CREATE FUNCTION analyze_grown() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    grown regclass;
BEGIN
    FOR grown IN
        SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relowner = (SELECT oid FROM pg_roles WHERE rolname = CURRENT_USER)
            AND pg_relation_size(oid) / current_setting('block_size')::bigint > 8 + 2 * relpages
    LOOP
        EXECUTE format('ANALYZE (SKIP_LOCKED) %s', grown);
    END LOOP;
END $$;
