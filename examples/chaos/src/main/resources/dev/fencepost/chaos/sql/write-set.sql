INSERT INTO register (resource, elements) VALUES (:resource, :elements)
    ON CONFLICT (resource) DO UPDATE SET elements = excluded.elements
