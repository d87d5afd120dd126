INSERT INTO note (resource, id) VALUES (:resource, :id)
