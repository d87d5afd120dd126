SELECT element FROM archive
UNION ALL
SELECT unnest(string_to_array(elements, ' ')) FROM register WHERE elements <> ''
UNION ALL
SELECT id FROM note
UNION ALL
SELECT id FROM charge
