DROP TABLE inbound_records, inbound_deliveries, connection_secrets, connections;
