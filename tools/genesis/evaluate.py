"""Held-out losses of a pre-training state in float32, with the embedding as it is and in int8.

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


def load(path, device="cpu"):
    state = torch.load(path, map_location=device)
    model = Backbone(Shape(**state["shape"])).to(device)
    model.load_state_dict(state["model"])
    return model.requires_grad_(False), state["step"]


def with_int8_embedding(model):
    size = model.embedding.abs().amax(1, keepdim=True) / 127
    model.embedding.data = (model.embedding / size).round() * size
    return model


def nats_per_token(model, windows):
    total = 0.0
    for first in range(0, len(windows), 8):
        part = windows[first : first + 8].to(model.embedding.device)
        total += float(model(part[:, :-1], part[:, 1:])) * len(part)
    return total / len(windows)


def main():
    path, folder, tokenizer_file = sys.argv[1:4]
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 1 << 30
    # More threads wait for each other wherever a core is shared.
    torch.set_num_threads(1)
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
    gains = [p for p in model.parameters() if p.ndim == 1]
    facts = {
        "embeddingLargest": round(float(model.embedding.abs().max()), 3),
        "gainLargest": round(float(max(p.abs().max() for p in gains)), 3),
        "gainLeast": round(float(min(p.abs().min() for p in gains)), 4),
    }
    print(json.dumps({"step": step, "losses": losses, "facts": facts}, indent=2))


if __name__ == "__main__":
    main()
