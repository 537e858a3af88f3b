DROP TRIGGER classifications_gone ON segmentations;
DROP TRIGGER classifications_gone ON accounts;
DROP TRIGGER facts_moved ON accounts;
DROP TRIGGER facts_moved ON orders;
DROP TRIGGER facts_went ON orders;
DROP TRIGGER facts_came ON orders;
DROP FUNCTION classifications_of_segmentation_gone, classifications_of_account_gone, fold_customer_facts, customer_facts_moved, customer_facts_shift, customer_facts_mark;
DROP TABLE association_rules, association_runs, account_label_refusals, account_labels, labels, classifications,
    segmentation_runs, segmentations, customer_rescores, customer_facts, customer_fact_marks;
