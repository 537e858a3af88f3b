DROP TRIGGER sums_moved ON opportunities;
DROP TRIGGER sums_went ON opportunities;
DROP TRIGGER sums_came ON opportunities;
DROP FUNCTION tidy_opportunity_sums, fold_opportunity_sums;
DROP FUNCTION opportunity_sums_shift, opportunity_sums_count, opportunity_month;
DROP VIEW forecast_figures, board_figures;
DROP TABLE forecast_sums, board_sums, opportunity_sum_changes;
