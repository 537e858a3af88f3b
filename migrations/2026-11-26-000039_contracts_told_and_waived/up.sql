-- That a contract is about to end is told once for each last day that it has; what nobody has to pay any more is waived.

ALTER TABLE contracts
    -- the last day of which it was told that it comes near
    ADD COLUMN told_end_on date,
    -- what of its instalments is waived
    ADD COLUMN waived_amount numeric(21, 6) NOT NULL DEFAULT 0,
    -- what is to be paid still; unpaid_amount stays for the version before this one
    ADD COLUMN open_amount numeric(21, 6) NOT NULL
        GENERATED ALWAYS AS (value_amount - paid_amount - waived_amount) STORED,
    ADD CONSTRAINT contracts_waived CHECK (waived_amount >= 0 AND paid_amount + waived_amount <= value_amount);

-- what is about to end and was not told, of all tenants
CREATE INDEX contracts_expiring_idx ON contracts (end_on)
    WHERE status IN ('signed', 'active') AND deleted_at IS NULL AND told_end_on IS DISTINCT FROM end_on;

ALTER TABLE installments
    DROP CONSTRAINT installments_status_check,
    ADD CONSTRAINT installments_status_check
        CHECK (status IN ('planned', 'due', 'partially_paid', 'paid', 'overdue', 'waived')),
    ADD COLUMN waived_amount numeric(21, 6) NOT NULL DEFAULT 0,
    ADD COLUMN waived_at timestamptz,
    ADD COLUMN waived_reason text,
    -- nobody pays what is waived
    ADD CONSTRAINT installments_waived CHECK (waived_amount >= 0 AND paid_amount + waived_amount <= amount),
    ADD CONSTRAINT installments_waived_at CHECK ((waived_amount > 0) = (waived_at IS NOT NULL));
