SELECT sum(cents)::bigint FROM account
