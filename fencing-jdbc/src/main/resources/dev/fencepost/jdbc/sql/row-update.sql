-- The comparison belongs to the statement that changes the row: after a wait it is made again, on the row that the other left.
WITH changed AS (
    UPDATE <table> AS t SET <assignments> <token> = :fencepost_token
     WHERE t.<key> = :fencepost_key AND t.<token> \< :fencepost_token
    RETURNING 1
)
SELECT EXISTS (SELECT FROM changed) AS applied,
       (SELECT t.<token> FROM <table> AS t WHERE t.<key> = :fencepost_key) AS row_token
