SELECT false AS applied, (SELECT t.<token> FROM <table> AS t WHERE t.<key> = :fencepost_key) AS row_token
