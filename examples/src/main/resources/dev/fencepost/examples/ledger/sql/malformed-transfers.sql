-- Posted transfers that have not exactly their two postings for each time that they are in the books, and declined ones that have any.
SELECT count(*)
  FROM (SELECT id, debit, credit, cents, count(*) FILTER (WHERE outcome = 'POSTED') AS times
          FROM ledger.transfer
         GROUP BY id, debit, credit, cents) AS t
  LEFT JOIN LATERAL (
       SELECT count(*) AS postings,
              count(*) FILTER (WHERE p.account = t.debit AND p.cents = -t.cents) AS debits,
              count(*) FILTER (WHERE p.account = t.credit AND p.cents = t.cents) AS credits
         FROM ledger.posting AS p
        WHERE p.transfer = t.id) AS s ON true
 WHERE s.debits <> t.times OR s.credits <> t.times OR s.postings <> 2 * t.times
