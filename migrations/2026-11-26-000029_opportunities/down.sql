DROP TABLE forecast_snapshots, quotas;
DROP TABLE opportunity_stage_history, opportunity_lines, opportunity_contacts, opportunities;
DROP TABLE exchange_rates, stages, pipelines;
