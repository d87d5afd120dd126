-- The comparison belongs to the statement that changes the row: after a wait it is made again, on the row that the other left.
UPDATE <table> AS t SET <assignments><token> = :<n>_token
 WHERE t.<key> = :<n>_key AND t.<token> < :<n>_token
