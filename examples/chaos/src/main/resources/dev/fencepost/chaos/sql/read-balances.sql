SELECT name, cents FROM account WHERE name IN (<names>)
