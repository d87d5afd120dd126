-- What the workloads write. The audit takes its numbers while the claim of a resource is held, so they are the order of commits.
CREATE TABLE audit (
    seq      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    resource text   NOT NULL,
    token    bigint NOT NULL,
    owner    text   NOT NULL,
    id       text   NOT NULL
);

-- A set in one value, so that adding to it means reading all of it and writing all of it. Full ones go into the archive.
CREATE TABLE register (resource text PRIMARY KEY, elements text NOT NULL);
CREATE TABLE archive (element text NOT NULL);

CREATE TABLE account (name text PRIMARY KEY, cents bigint NOT NULL);

-- No constraint keeps an invoice from being charged twice: that is the business of the guard.
CREATE TABLE invoice (name text PRIMARY KEY, customer text NOT NULL, paid boolean NOT NULL);
CREATE INDEX open_invoice ON invoice (customer) WHERE NOT paid;
CREATE TABLE charge (invoice text NOT NULL, id text NOT NULL);

-- The trigger of a protected table keeps writes out that have not claimed the resource in this column.
CREATE TABLE note (resource text NOT NULL, id text NOT NULL);
