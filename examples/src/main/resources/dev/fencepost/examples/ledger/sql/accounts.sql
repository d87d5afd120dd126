SELECT a.id, a.opening, a.balance, a.opening + coalesce(sum(p.cents), 0)::bigint AS posted
  FROM ledger.account AS a
  LEFT JOIN ledger.posting AS p ON p.account = a.id
 GROUP BY a.id
 ORDER BY a.id
