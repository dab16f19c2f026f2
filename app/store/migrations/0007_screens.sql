-- Paired screens, and the codes of TVs that wait to be. Both are known by the SHA-256 of the
-- cookie's 256 random bits; approving a code makes a screen of the browser that shows it.

CREATE TABLE screens (
    id TEXT NOT NULL PRIMARY KEY,
    venue TEXT NOT NULL REFERENCES venues (id),
    board TEXT NOT NULL,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    paired_by TEXT NOT NULL,
    last_seen_at BIGINT,
    revoked_at BIGINT
);

CREATE TABLE screen_codes (
    code TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
