"""Held-out losses of a pre-training state in float32, with the embedding as it is and in int8, and some samples.

    python evaluate.py RUN/last.pt CORPORA tokenizer.json [WINDOWS] > RUN/losses.json

At most WINDOWS windows of 256 tokens are judged in each corpus, evenly spread over its held-out text; evaluateInteger.ts
judges the same ones.
"""

import json
import math
import sys

import torch
from tokenizers import Tokenizer

import corpora
from backbone import Backbone, Shape

LENGTH = 256
PROMPTS = [
    "The Congress of the United States",
    "And the LORD said unto",
    "hacker: n. A person who",
    "The great white whale",
]


def load(path):
    state = torch.load(path)
    model = Backbone(Shape(**state["shape"]))
    model.load_state_dict(state["model"])
    return model.requires_grad_(False), state["step"]


def with_int8_embedding(model):
    size = model.embedding.abs().amax(1, keepdim=True) / 127
    model.embedding.data = (model.embedding / size).round() * size
    return model


def nats_per_token(model, windows):
    total = 0.0
    for first in range(0, len(windows), 8):
        part = windows[first : first + 8]
        total += float(model(part[:, :-1], part[:, 1:])) * len(part)
    return total / len(windows)


def sample(model, tokenizer, prompt, tokens=70, temperature=0.8, best=40, seed=0):
    """The first thing that comes out: samples are shown as they are, not picked."""
    torch.manual_seed(seed)
    ids = [0] + tokenizer.encode(prompt).ids
    for _ in range(tokens):
        logits = model.logits(torch.tensor([ids]))[0, -1] / temperature
        values, chosen = logits.topk(best)
        ids.append(int(chosen[torch.multinomial(values.softmax(-1), 1)]))
    return tokenizer.decode(ids[1:])


def main():
    path, folder, tokenizer_file = sys.argv[1:4]
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 1 << 30
    torch.set_num_threads(2)
    tokenizer = Tokenizer.from_file(tokenizer_file)
    model, step = load(path)
    rounded = with_int8_embedding(load(path)[0])
    losses = {}
    for name in corpora.PRETRAINING + corpora.DOMAINS:
        ids, size = corpora.tokens(tokenizer, corpora.read(folder, name, "heldOut"))
        windows = torch.from_numpy(corpora.spread(corpora.windows(ids, LENGTH), count))
        bits_per_nat = len(ids) / size / math.log(2)
        nats = nats_per_token(model, windows)
        losses[name] = {
            "windows": len(windows),
            "natsPerToken": round(nats, 4),
            "natsPerTokenInt8Embedding": round(nats_per_token(rounded, windows), 4),
            "bitsPerByte": round(nats * bits_per_nat, 4),
        }
        print(name, losses[name], file=sys.stderr, flush=True)
    samples = [sample(model, tokenizer, prompt) for prompt in PROMPTS]
    gains = [p for p in model.parameters() if p.ndim == 1]
    facts = {
        "embeddingLargest": round(float(model.embedding.abs().max()), 3),
        "gainLargest": round(float(max(p.abs().max() for p in gains)), 3),
        "gainLeast": round(float(min(p.abs().min() for p in gains)), 4),
    }
    result = {"step": step, "losses": losses, "facts": facts, "samples": samples}
    print(json.dumps(result, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
