-- A month is closed when both clocks, the program's and the server's, say that it has ended a month ago: a program whose clock
-- runs ahead would close the month that others still write in, for good.
CREATE OR REPLACE FUNCTION audit_close_months(at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
    month record;
    closed bigint := 0;
BEGIN
    FOR month IN
        SELECT m.name, m.until FROM public.audit_months AS m
        WHERE m.until <=
                public.audit_first_id(date_trunc('month', least(at, now()) AT TIME ZONE 'UTC') - interval '1 month')
            AND m.until > (SELECT s.sealed_before FROM public.audit_sealing AS s) ORDER BY m.until
    LOOP
        -- whoever writes there is waited for, and nobody begins to before this has ended
        EXECUTE format('CREATE OR REPLACE TRIGGER closed BEFORE INSERT ON public.%I FOR EACH ROW '
            'EXECUTE FUNCTION public.audit_is_closed()', month.name);
        IF EXISTS (SELECT FROM public.audit_log AS a WHERE a.id < month.until
            AND a.id >= (SELECT s.sealed_before FROM public.audit_sealing AS s) AND NOT EXISTS
            (SELECT FROM public.audit_chain AS c WHERE c.tenant_id = a.tenant_id AND c.audit_id = a.id))
        THEN
            RAISE EXCEPTION 'not everything in % is sealed yet', month.name;
        END IF;
        UPDATE public.audit_sealing SET sealed_before = month.until;
        closed := closed + 1;
    END LOOP;
    RETURN closed;
END $$;
