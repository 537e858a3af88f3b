-- What the service may do, renewed after each migration, so that nobody has to remember it for a new table: read and write
-- rows, and no more. Whoever migrates owns the tables; the service works as `guanxi_app`, which owns nothing.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guanxi_app') THEN
        CREATE ROLE guanxi_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this server was quicker
    WHEN insufficient_privilege THEN NULL; -- it stays with what is revoked below; `guanxi doctor` says so
END $$;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'guanxi_app') THEN
        GRANT USAGE ON SCHEMA public TO guanxi_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO guanxi_app;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO guanxi_app;
        REVOKE INSERT, UPDATE, DELETE ON __diesel_schema_migrations FROM guanxi_app;
        REVOKE UPDATE, DELETE ON audit_log, audit_chain, audit_checkpoints, audit_erasures, audit_floors FROM guanxi_app;
        REVOKE INSERT ON audit_erasures FROM guanxi_app; -- who empties a row says so with it
        REVOKE INSERT, UPDATE, DELETE ON event_log, audit_months FROM guanxi_app; -- views, which change as their owner may
        REVOKE INSERT, DELETE ON audit_sealing FROM guanxi_app;
        REVOKE DELETE ON consents FROM guanxi_app; -- a trigger says what an update may be: an erasure
        -- views
        REVOKE INSERT, UPDATE, DELETE ON board_figures, case_milestones, current_segment_members, duplicate_candidates, effective_consents,
            forecast_figures, milestones FROM guanxi_app;
        REVOKE EXECUTE ON FUNCTION erase_audit_details, erase_audit_data, analyze_grown, audit_open_months, audit_close_months,
            audit_drop_month, audit_drop_links FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION erase_audit_details, erase_audit_data, analyze_grown, audit_open_months, audit_close_months,
            audit_drop_month, audit_drop_links TO guanxi_app;
    END IF;
END $$;

-- Whoever may not become `guanxi_app` may do no more to these either.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_log, audit_chain, audit_checkpoints, audit_erasures, audit_floors FROM CURRENT_USER;
-- for `erase_audit_details` and `erase_audit_data`, which work as the owner
GRANT UPDATE (address, details, data) ON audit_log TO CURRENT_USER;

-- The months of the trail are reached through it alone.
DO $$
DECLARE
    month text;
BEGIN
    FOR month IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'audit_log'::regclass LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM CURRENT_USER', month);
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'guanxi_app') THEN
            EXECUTE format('REVOKE ALL ON %s FROM guanxi_app', month);
        END IF;
    END LOOP;
END $$;

DO $$
BEGIN
    IF NOT pg_has_role(CURRENT_USER, 'guanxi_app', 'MEMBER') THEN
        GRANT guanxi_app TO CURRENT_USER;
    END IF;
EXCEPTION
    WHEN insufficient_privilege OR undefined_object THEN NULL;
END $$;

-- From before PostgreSQL 15 everybody may make tables here.
DO $$
BEGIN
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
EXCEPTION
    WHEN insufficient_privilege THEN NULL;
END $$;
