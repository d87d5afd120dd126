SELECT invoice, count(*) AS times FROM charge GROUP BY invoice
