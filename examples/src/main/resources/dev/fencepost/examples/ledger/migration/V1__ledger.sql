-- The books, all amounts in cents. The role that migrates owns them; what the application may do is in grants.sql.

CREATE SCHEMA ledger;

CREATE TABLE ledger.account (
    id      integer PRIMARY KEY,
    opening bigint  NOT NULL CHECK (opening >= 0),
    balance bigint  NOT NULL
);

-- Every transfer that was decided. In life its id would be unique, and should be, guard or no guard: that catches a transfer that is
-- posted twice, though not a balance that is computed from what is no longer so. Here it is not, so that the audit can see a
-- doubled transfer rather than believe that there is none.
CREATE TABLE ledger.transfer (
    id      bigint  NOT NULL,
    debit   integer NOT NULL REFERENCES ledger.account,
    credit  integer NOT NULL REFERENCES ledger.account,
    cents   bigint  NOT NULL CHECK (cents > 0),
    outcome text    NOT NULL CHECK (outcome IN ('POSTED', 'DECLINED')),
    worker  text    NOT NULL,
    CHECK (debit <> credit)
);

CREATE INDEX transfer_id ON ledger.transfer (id);

-- Two rows for each transfer that was posted: what leaves one account reaches another.
CREATE TABLE ledger.posting (
    id       bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transfer bigint  NOT NULL,
    account  integer NOT NULL REFERENCES ledger.account,
    cents    bigint  NOT NULL CHECK (cents <> 0),
    token    bigint  NOT NULL
);

CREATE INDEX posting_transfer ON ledger.posting (transfer);
