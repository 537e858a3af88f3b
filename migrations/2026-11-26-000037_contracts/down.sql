DROP TABLE payment_matches, payments, installments, contracts;
