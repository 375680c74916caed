-- By which words a message is found: a keyed hash of each, cut short, under a tag of its service. They go with the message.
CREATE TABLE message_word (
    hash BIGINT NOT NULL,
    written_at BIGINT NOT NULL,
    message UUID NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (hash, written_at, message)
);
CREATE INDEX message_word_by_message ON message_word (message);

-- How far the messages of before were made findable.
CREATE TABLE message_word_fill (
    kind TEXT PRIMARY KEY,
    last UUID NOT NULL,
    done BOOLEAN NOT NULL
);
