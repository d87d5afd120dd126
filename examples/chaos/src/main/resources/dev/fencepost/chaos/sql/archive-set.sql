INSERT INTO archive (element) SELECT unnest(string_to_array(:elements, ' '))
