DELETE FROM merges WHERE resource = 'case';
ALTER TABLE merges DROP CONSTRAINT merges_resource_check,
    ADD CONSTRAINT merges_resource_check CHECK (resource IN ('account', 'contact'));
DROP VIEW case_milestones;
DROP TABLE auto_reply_rules, case_messages, case_inboxes, cases, case_categories;
