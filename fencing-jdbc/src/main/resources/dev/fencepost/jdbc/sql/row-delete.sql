DELETE FROM <table> AS t
 WHERE t.<key> = :<n>_key AND t.<token> < :<n>_token AND <admitted>
