UPDATE privacy_requests SET subject_kind = NULL, subject_id = NULL WHERE subject_kind = 'lead';
ALTER TABLE privacy_requests DROP CONSTRAINT privacy_requests_subject_kind_check,
    ADD CONSTRAINT privacy_requests_subject_kind_check CHECK (subject_kind IN ('contact', 'account', 'user'));
DELETE FROM legal_holds WHERE subject_kind = 'lead';
ALTER TABLE legal_holds DROP CONSTRAINT legal_holds_subject_kind_check,
    ADD CONSTRAINT legal_holds_subject_kind_check CHECK (subject_kind IN ('contact', 'account', 'user'));
DROP TABLE lead_conversions, lead_assignments, assignment_cursors, assignment_rules, lead_scores, lead_score_rules, leads;
