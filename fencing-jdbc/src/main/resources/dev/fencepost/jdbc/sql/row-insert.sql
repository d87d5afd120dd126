INSERT INTO <table> (<columns><key>, <token>)
SELECT <values>:<n>_key, :<n>_token
 WHERE <admitted>
    ON CONFLICT (<key>) DO NOTHING
