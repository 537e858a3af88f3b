DROP TABLE email_participants, email_contents, email_messages;
DROP TABLE inbound_records, inbound_deliveries, connection_secrets, connections;
