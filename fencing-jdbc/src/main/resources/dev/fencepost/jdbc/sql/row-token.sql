-- A statement of its own, so that it sees what the write had to wait for.
SELECT t.<token> AS row_token FROM <table> AS t WHERE t.<key> = :<n>_key
