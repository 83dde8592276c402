"""How fast `r3mes train` trains an adapter on the genesis model, beside PyTorch in float32 on the same shape, taken in turns.

PyTorch runs what a user would: dense float32 weights, no quantisation of activations, fused attention, eager mode, float LoRA
of rank 16 on all linears, Adam; 4 windows of 256 tokens a step. R3MES runs its own command. Tokens per second of wall time;
the medians of the rounds are printed last.

    python training_speed.py RUN/last.pt [--threads 1] [--rounds 3] [--steps 12]
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning threads would flatter R3MES on shared cores

import torch
import torch.nn.functional as F

from backbone import TernaryLinears, ternary
from evaluate import LENGTH, load

SEQUENCES = 4
WARM_UP = 2


def dense(self, x):
    wide = F.linear(x, self.dense_weight)
    narrow = F.linear(x, torch.cat(list(self.lora_a)))
    parts = [F.linear(part, b) for part, b in zip(narrow.split(self.rank, -1), self.lora_b)]
    return wide + self.gain * torch.cat(parts, -1)


def prepared(checkpoint):
    model, _ = load(checkpoint)
    for linears in model.linears():
        scaled = [value * scale for value, scale in map(ternary, linears.weights)]
        linears.dense_weight = torch.cat(scaled).contiguous()
        linears.add_lora(16, 2.0)
    TernaryLinears.forward = dense
    factors = [p for linears in model.linears() for p in (*linears.lora_a, *linears.lora_b)]
    return model, torch.optim.Adam(factors, lr=2e-3, fused=True)


def pytorch(model, optimizer, steps):
    tokens = torch.randint(0, model.shape.vocabulary, (SEQUENCES, LENGTH + 1))
    for step in range(WARM_UP + steps):
        if step == WARM_UP:
            began = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        model(tokens[:, :-1], tokens[:, 1:]).backward()
        optimizer.step()
    return steps * SEQUENCES * LENGTH / (time.perf_counter() - began)


def r3mes(threads, steps):
    """The speed that the last step reports; the evaluation behind it is not waited for."""
    with tempfile.TemporaryDirectory() as out:
        command = ["r3mes", "train", "--dataset", "moby-dick", "--steps", str(steps), "--threads"]
        command += [str(threads), "--save-every", str(steps), "--out", out, "--json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                report = json.loads(line)
                if report["step"] == steps:
                    process.kill()
                    return report["tokensPerSecond"]
    raise RuntimeError("r3mes train ended early")


def main():
    o = argparse.ArgumentParser()
    o.add_argument("checkpoint")
    o.add_argument("--threads", type=int, default=1)
    o.add_argument("--rounds", type=int, default=3)
    o.add_argument("--steps", type=int, default=12)
    args = o.parse_args()
    torch.set_num_threads(args.threads)
    model, optimizer = prepared(args.checkpoint)
    speeds = {"r3mes": [], "pytorch": []}
    for _ in range(args.rounds):
        speeds["r3mes"].append(r3mes(args.threads, args.steps))
        speeds["pytorch"].append(pytorch(model, optimizer, args.steps))
        print({name: round(values[-1]) for name, values in speeds.items()}, flush=True)
    medians = {name: round(statistics.median(values)) for name, values in speeds.items()}
    ratio = round(medians["r3mes"] / medians["pytorch"], 2)
    print(json.dumps({**medians, "ratio": ratio, "threads": args.threads, "load": os.getloadavg()[0]}))


if __name__ == "__main__":
    main()
