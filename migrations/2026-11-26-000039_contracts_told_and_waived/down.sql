-- What was waived is to be paid again.
UPDATE installments SET status = CASE WHEN overdue_at IS NOT NULL THEN 'overdue' WHEN paid_amount > 0 THEN 'partially_paid'
    WHEN due_on <= current_date THEN 'due' ELSE 'planned' END WHERE status = 'waived';
ALTER TABLE installments
    DROP COLUMN waived_reason, DROP COLUMN waived_at, DROP COLUMN waived_amount,
    DROP CONSTRAINT installments_status_check,
    ADD CONSTRAINT installments_status_check CHECK (status IN ('planned', 'due', 'partially_paid', 'paid', 'overdue'));
ALTER TABLE contracts DROP COLUMN open_amount, DROP COLUMN waived_amount, DROP COLUMN told_end_on;
