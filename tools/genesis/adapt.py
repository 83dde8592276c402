"""Float LoRA on the frozen backbone: one adapter per domain, each judged on every domain's held-out text.

The rate is the recipe's, not searched for. `--part validation` is for choosing another, `heldOut` for publishing.

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


def options():
    o = argparse.ArgumentParser()
    o.add_argument("checkpoint")
    o.add_argument("corpora")
    o.add_argument("tokenizer")
    o.add_argument("--part", default="heldOut", choices=["validation", "heldOut"])
    o.add_argument("--rank", type=int, default=16)
    o.add_argument("--gain", type=float, default=2.0)
    o.add_argument("--rate", type=float, default=2e-3)
    o.add_argument("--steps", type=int, default=200)
    o.add_argument("--windows", type=int, default=4)
    o.add_argument("--judged-windows", type=int, default=48)
    o.add_argument("--seed", type=int, default=1)
    return o.parse_args()


def train_adapter(model, ids, args):
    torch.manual_seed(args.seed)
    random = np.random.default_rng(args.seed)
    for linears in model.linears():
        linears.drop_lora()
        linears.add_lora(args.rank, args.gain)
    factors = [p for linears in model.linears() for p in (*linears.lora_a, *linears.lora_b)]
    optimizer = torch.optim.Adam(factors, lr=args.rate, fused=True)
    compiled = torch.compile(model)
    order, windows = [], None
    for step in range(1, args.steps + 1):
        if len(order) < args.windows:
            windows = corpora.windows(ids, LENGTH, int(random.integers(0, LENGTH)))
            order = random.permutation(len(windows)).tolist()
        batch = torch.from_numpy(windows[[order.pop() for _ in range(args.windows)]])
        for group in optimizer.param_groups:
            group["lr"] = args.rate * min(1.0, step / 10)
        loss = compiled(batch[:, :-1].contiguous(), batch[:, 1:].contiguous())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()


def main():
    args = options()
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(args.tokenizer)
    model, step = load(args.checkpoint)
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
