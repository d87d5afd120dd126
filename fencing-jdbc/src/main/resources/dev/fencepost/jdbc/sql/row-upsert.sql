INSERT INTO <table> AS t (<columns><key>, <token>)
SELECT <values>:<n>_key, :<n>_token
 WHERE <admitted>
    ON CONFLICT (<key>) DO UPDATE SET <excluded><token> = excluded.<token>
 WHERE t.<token> < excluded.<token>
