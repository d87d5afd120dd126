SELECT resource, token, owner, id FROM audit ORDER BY seq
