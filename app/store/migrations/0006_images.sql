-- Pictures a venue's boards show (logos), under a name made from their bytes; body: as base64.

CREATE TABLE images (
    venue TEXT NOT NULL REFERENCES venues (id),
    name  TEXT NOT NULL,
    media TEXT NOT NULL,
    body  TEXT NOT NULL,
    at    BIGINT NOT NULL,
    PRIMARY KEY (venue, name)
);
