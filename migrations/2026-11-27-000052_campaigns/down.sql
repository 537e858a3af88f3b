DROP TABLE delivery_events, deliveries, send_links, send_runs, sends, suppressions, templates, campaign_members, campaigns,
    marketing_plans;
