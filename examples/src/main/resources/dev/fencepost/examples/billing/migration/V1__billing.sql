-- The tables of the application. It knows nothing of the guard, which keeps its own table in a schema of its own.

CREATE TABLE invoice (
    id       bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer text    NOT NULL,
    cents    integer NOT NULL CHECK (cents > 0),
    paid     boolean NOT NULL DEFAULT false
);

CREATE INDEX invoice_open ON invoice (customer) WHERE NOT paid;

-- What was charged, in the order in which it was. An invoice may have several rows (instalments, fees), so no unique key can tell
-- a second charge that is due from one that is a mistake.
CREATE TABLE payment_log (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id bigint      NOT NULL REFERENCES invoice,
    cents      integer     NOT NULL CHECK (cents > 0),
    worker     text        NOT NULL,
    token      bigint      NOT NULL,
    charged_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
