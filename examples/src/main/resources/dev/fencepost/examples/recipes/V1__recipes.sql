-- Where a job has come to, for each of its ticks. A tick without a row has not begun.
CREATE TABLE job_tick (
    job      text        NOT NULL,
    tick     timestamptz NOT NULL,
    position bigint      NOT NULL,
    finished boolean     NOT NULL,
    PRIMARY KEY (job, tick)
);

-- What was computed at some cost, for everybody. The number of the token that wrote a row keeps a late writer from putting an old value over a new one.
CREATE TABLE shared_cache (
    key         text        PRIMARY KEY,
    value       text        NOT NULL,
    computed_at timestamptz NOT NULL,
    last_token  bigint      NOT NULL
);
