DROP TABLE counters, order_lines, orders, products;
