"""One error tree. A message names the cause and the cure; ``code`` is stable and may be relied on.

JianliError
├── BadQuestion            the caller's question or filter cannot be used
├── BadSettings            a setting is unknown or has a bad value
├── SourceRefused          a file is not a text of guiding cases, or cannot be decoded
├── NotHeld                no such case, source or snapshot
├── SnapshotError          an index on disk cannot be used
│   ├── SnapshotMissing    there is none yet
│   ├── SnapshotCorrupt    a file is missing, cut short or altered
│   └── SnapshotMismatch   another model, chunker or format made it
├── ModelUnavailable       an embedding or language model cannot be loaded
├── WriterBusy             another process is writing to the same data folder
└── AnswerUnproved         an answer failed the check of its own citations (a defect, never served)
"""

from __future__ import annotations


class JianliError(Exception):
    """Base of every error that this program raises on purpose."""

    code = "error"


class BadQuestion(JianliError):
    code = "bad_question"


class BadSettings(JianliError):
    code = "bad_settings"


class SourceRefused(JianliError):
    code = "source_refused"


class NotHeld(JianliError):
    code = "not_held"


class SnapshotError(JianliError):
    code = "snapshot_error"


class SnapshotMissing(SnapshotError):
    code = "snapshot_missing"


class SnapshotCorrupt(SnapshotError):
    code = "snapshot_corrupt"


class SnapshotMismatch(SnapshotError):
    code = "snapshot_mismatch"


class ModelUnavailable(JianliError):
    code = "model_unavailable"


class WriterBusy(JianliError):
    code = "writer_busy"


class AnswerUnproved(JianliError):
    code = "answer_unproved"
