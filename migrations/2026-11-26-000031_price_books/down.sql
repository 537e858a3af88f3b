DROP TABLE price_book_entries, price_books;
