"""Float LoRA on the frozen backbone: one adapter per domain, each judged on every domain's held-out text.

The rate warms up over ten steps and stays level, or falls linearly to nothing after them (`--fall`). `--part validation` is for
choosing a rate, `heldOut` for publishing.

    python adapt.py RUN/last.pt CORPORA tokenizer.json [--part heldOut] > RUN/adapters.json
"""

import argparse
import json
import sys

import numpy as np
import torch
from tokenizers import Tokenizer

import corpora
from evaluate import LENGTH, load, nats_per_token
from replay import Replayed


WARM_UP = 10


def options():
    o = argparse.ArgumentParser()
    o.add_argument("checkpoint")
    o.add_argument("corpora")
    o.add_argument("tokenizer")
    o.add_argument("--part", default="heldOut", choices=["validation", "heldOut"])
    o.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    o.add_argument("--rank", type=int, default=16)
    o.add_argument("--gain", type=float, default=2.0)
    o.add_argument("--rate", type=float, default=2e-3)
    o.add_argument("--fall", action="store_true")
    o.add_argument("--steps", type=int, default=200)
    o.add_argument("--windows", type=int, default=4)
    o.add_argument("--judged-windows", type=int, default=48)
    o.add_argument("--seed", type=int, default=1)
    return o.parse_args()


def rate_at(step, args):
    left = (args.steps - step) / (args.steps - WARM_UP) if args.fall and step > WARM_UP else 1.0
    return args.rate * min(left, step / WARM_UP)


def batches(ids, args):
    """Windows in an order of its own for every pass, from an offset of its own."""
    random = np.random.default_rng(args.seed)
    order, windows = [], None
    while True:
        if len(order) < args.windows:
            windows = corpora.windows(ids, LENGTH, int(random.integers(0, LENGTH)))
            order = random.permutation(len(windows)).tolist()
        batch = torch.from_numpy(windows[[order.pop() for _ in range(args.windows)]])
        yield batch[:, :-1].contiguous(), batch[:, 1:].contiguous()


def train_adapter(model, ids, args):
    torch.manual_seed(args.seed)
    for linears in model.linears():
        linears.drop_lora()
        linears.add_lora(args.rank, args.gain)
    model.to(args.device)
    factors = [p for linears in model.linears() for p in (*linears.lora_a, *linears.lora_b)]
    rate = torch.tensor(args.rate, device=args.device)
    recorded = args.device == "cuda"
    optimizer = torch.optim.Adam(factors, lr=rate, fused=True, capturable=recorded)
    forward = model if recorded else torch.compile(model)

    def plain(inputs, targets):
        optimizer.zero_grad(set_to_none=True)
        loss = forward(inputs, targets)
        loss.backward()
        optimizer.step()
        return loss.detach()

    advance = Replayed(plain) if recorded else plain
    for step, batch in zip(range(1, args.steps + 1), batches(ids, args)):
        rate.fill_(rate_at(step, args))
        advance(*(part.to(args.device) for part in batch))


def main():
    args = options()
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(args.tokenizer)
    model, step = load(args.checkpoint, args.device)
    judged = {}
    for name in corpora.DOMAINS:
        ids, _ = corpora.tokens(tokenizer, corpora.read(args.corpora, name, args.part))
        windows = corpora.windows(ids, LENGTH)
        chosen = np.random.default_rng(0).permutation(len(windows))[: args.judged_windows]
        judged[name] = torch.from_numpy(windows[chosen])

    def judge():
        with torch.no_grad():
            return {name: round(nats_per_token(model, w), 4) for name, w in judged.items()}

    table = {"none": judge()}
    for name in corpora.DOMAINS:
        ids, _ = corpora.tokens(tokenizer, corpora.read(args.corpora, name, "train"))
        train_adapter(model, ids, args)
        table[name] = judge()
        print(name, table[name], file=sys.stderr, flush=True)
    chosen = {key: value for key, value in vars(args).items() if key not in ("corpora", "tokenizer")}
    chosen["checkpoint"] = f"step {step}"
    print(json.dumps({"options": chosen, "natsPerToken": table}, indent=2))


if __name__ == "__main__":
    main()
