"""The text that writeCorpora.ts wrote, as documents, tokens and training windows."""

import json
from pathlib import Path

import numpy as np

PRETRAINING = ["old-speeches", "king-james-bible", "jargon-file"]
DOMAINS = ["moby-dick", "factbook", "modern-speeches"]


def read(folder, name, part):
    """The documents of one part of a corpus, as text."""
    with open(Path(folder) / f"{name}.{part}.jsonl", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def tokens(tokenizer, texts):
    """All documents as one sequence of token ids (int64), each after an end-of-text token, and their bytes."""
    ids = []
    for encoding in tokenizer.encode_batch(texts):
        ids.append(0)
        ids.extend(encoding.ids)
    return np.array(ids, dtype=np.int64), sum(len(text.encode()) for text in texts)


def windows(ids, length, offset=0):
    """Consecutive windows of length + 1 tokens, each sharing its last token with the next: [n, length + 1]."""
    count = (len(ids) - offset - 1) // length
    index = offset + np.arange(count)[:, None] * length + np.arange(length + 1)[None]
    return ids[index]


def spread(windows, count):
    """At most `count` windows, evenly spread over all of them."""
    if len(windows) <= count:
        return windows
    return windows[np.arange(count) * len(windows) // count]
