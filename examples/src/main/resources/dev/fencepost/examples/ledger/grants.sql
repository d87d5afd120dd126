-- What the application may do. It owns nothing, cannot touch the fence table but by the two functions, and has neither DELETE nor
-- TRUNCATE: a ledger is only added to.
CREATE ROLE <role> LOGIN PASSWORD '<password>';
GRANT USAGE ON SCHEMA ledger, fencepost TO <role>;
GRANT SELECT, UPDATE (balance) ON ledger.account TO <role>;
GRANT SELECT, INSERT ON ledger.transfer, ledger.posting TO <role>;
GRANT EXECUTE ON FUNCTION fencepost.claim(text, bigint, text, boolean) TO <role>;
GRANT EXECUTE ON FUNCTION fencepost.claim_all(text[], bigint[], text[]) TO <role>;
