-- Examples for measuring how well texts are understood: words that somebody has made nameless, and what a person finds in
-- them. Sealed by the house's key. No row says from whom they came.
CREATE TABLE example (
    id UUID PRIMARY KEY,
    service TEXT NOT NULL,
    body_sealed BYTEA NOT NULL
);
