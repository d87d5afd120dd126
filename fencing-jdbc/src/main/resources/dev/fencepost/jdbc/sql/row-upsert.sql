WITH changed AS (
    INSERT INTO <table> AS t (<columns> <key>, <token>) VALUES (<values> :fencepost_key, :fencepost_token)
    ON CONFLICT (<key>) DO UPDATE SET <assignments> <token> = :fencepost_token
     WHERE t.<token> \< :fencepost_token
    RETURNING 1
)
SELECT EXISTS (SELECT FROM changed) AS applied,
       (SELECT t.<token> FROM <table> AS t WHERE t.<key> = :fencepost_key) AS row_token
