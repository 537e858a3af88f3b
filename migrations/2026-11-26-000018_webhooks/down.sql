DROP TABLE webhook_deliveries, webhook_cursors, webhook_secrets, webhook_endpoints;
