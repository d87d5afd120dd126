INSERT INTO audit (resource, token, owner, id) VALUES (:resource, :token, :owner, :id)
