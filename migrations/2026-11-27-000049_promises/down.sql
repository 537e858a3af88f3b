DELETE FROM notifications WHERE kind IN ('sla_warned', 'sla_breached', 'escalated');
DO $$
DECLARE
    was text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'notifications_kind_check');
BEGIN
    ALTER TABLE notifications DROP CONSTRAINT notifications_kind_check;
    EXECUTE 'ALTER TABLE notifications ADD CONSTRAINT notifications_kind_check '
        || replace(replace(replace(was, ', ''sla_warned''::text', ''), ', ''sla_breached''::text', ''), ', ''escalated''::text', '');
END $$;
DROP TABLE escalations, escalation_rules, sla_marks, case_slas;
DROP TRIGGER sla_made ON cases;
DROP TRIGGER sla_changed ON cases;
DROP TRIGGER status_made ON cases;
DROP TRIGGER status_changed ON cases;
DROP TRIGGER sla_said ON case_messages;
DROP TRIGGER sla_moved ON case_messages;
DROP TRIGGER sla_unsaid ON case_messages;
DROP TABLE case_statuses, sla_policies, business_calendars;
DROP FUNCTION sla_mark, sla_mark_of_message, sla_mark_of_terms, sla_mark_of_gone, case_status_told;
