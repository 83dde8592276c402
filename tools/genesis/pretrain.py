"""Pre-trains the genesis backbone, quantisation-aware, on the text that writeCorpora.ts wrote.

The learning rate warms up, stays level and falls linearly to its floor over the last `--decay` share of the run (a
trapezoid), so a run can be made longer without starting over: the state before the fall is kept as `level.pt`.
Weight decay acts before the fall only. A run ends after `--steps`, or after `--minutes` if those come first, and the rate
falls in time for either; a number in the file RUN/steps takes the place of `--steps` while it runs. Batches are a function of
(seed, step), and a run that was stopped goes on from its last checkpoint, with the same batches. Float training is not
reproducible across machines: what ships is the file and its hash.

    python pretrain.py --corpora CORPORA --tokenizer tokenizer.json --out RUN --steps 12000 [--device cuda --bfloat16]
"""

import argparse
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from tokenizers import Tokenizer

import corpora
from backbone import Backbone, Shape
from replay import Replayed


def options():
    o = argparse.ArgumentParser()
    o.add_argument("--corpora", required=True)
    o.add_argument("--tokenizer", required=True)
    o.add_argument("--out", required=True)
    o.add_argument("--steps", type=int, required=True)
    o.add_argument("--minutes", type=float, default=math.inf, help="of this process's time")
    o.add_argument("--resume-from", default=None, help="a checkpoint, instead of RUN/last.pt")
    o.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    o.add_argument("--processes", type=int, default=1, help="data-parallel on a CPU, a thread each")
    o.add_argument("--no-compile", action="store_true", help="run operations one by one")
    o.add_argument("--windows", type=int, default=8, help="windows of a step, over all processes")
    o.add_argument("--length", type=int, default=256, help="tokens of a window")
    o.add_argument("--rate", type=float, default=4e-3)
    o.add_argument("--floor", type=float, default=0.05)
    o.add_argument("--warmup", type=int, default=100)
    o.add_argument("--decay", type=float, default=0.4)
    o.add_argument("--weight-decay", type=float, default=0.1)
    o.add_argument("--dropout", type=float, default=0.0)
    o.add_argument("--seed", type=int, default=1)
    o.add_argument("--bfloat16", action="store_true", help="only where the CPU or GPU has it")
    o.add_argument("--log-every", type=int, default=50)
    o.add_argument("--evaluate-every", type=int, default=500)
    o.add_argument("--save-every", type=int, default=250)
    o.add_argument("--held-out-windows", type=int, default=48)
    return o.parse_args()


class Clock:
    """The share of a run that is done, by steps or by time, whichever is further; process 0 decides for all."""

    def __init__(self, args):
        self.args, self.began = args, time.time()

    def planned_steps(self):
        changed = Path(self.args.out) / "steps"
        return int(changed.read_text()) if changed.exists() else self.args.steps

    def __call__(self, step):
        by_time = (time.time() - self.began) / 60 / self.args.minutes
        by_steps = step / self.planned_steps()
        done = torch.tensor([min(1.0, max(by_steps, by_time))], dtype=torch.float64)
        if self.args.processes > 1:
            dist.broadcast(done, 0)
        return float(done)


def is_level(done, args):
    return done < 1 - args.decay


def rate_at(step, done, args):
    left = 1.0 if is_level(done, args) else (1 - done) / args.decay
    return args.rate * min(1.0, (step + 1) / args.warmup) * (args.floor + (1 - args.floor) * left)


class Batches:
    """Windows of all training text: every epoch in a new order, from a new offset; a function of (seed, step)."""

    def __init__(self, ids, args):
        self.ids, self.args, self.epoch = ids, args, None
        self.steps_per_epoch = (len(ids) // args.length - 1) // args.windows

    def __call__(self, step, process):
        epoch, position = divmod(step, self.steps_per_epoch)
        if epoch != self.epoch:
            random = np.random.default_rng([self.args.seed, epoch])
            offset = int(random.integers(0, self.args.length))
            windows = corpora.windows(self.ids, self.args.length, offset)
            order = random.permutation(len(windows))
            self.windows = torch.from_numpy(windows[order]).to(self.args.device)
            self.epoch = epoch
        first = position * self.args.windows
        batch = self.windows[first + process : first + self.args.windows : self.args.processes]
        return batch[:, :-1].contiguous(), batch[:, 1:].contiguous()


@torch.no_grad()
def held_out_loss(model, ids, length, count):
    """Mean nats per token over the first `count` windows."""
    windows = torch.from_numpy(corpora.windows(ids, length)[:count]).to(model.embedding.device)
    model.eval()
    total = 0.0
    for first in range(0, len(windows), 8):
        part = windows[first : first + 8]
        total += float(model(part[:, :-1], part[:, 1:])) * len(part)
    model.train()
    return total / len(windows)


def save(path, model, optimizer, step, args):
    """Atomically: a reader sees the old file or the new one."""
    state = {
        "shape": model.shape.as_dict(),
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "step": step,
        "options": vars(args),
    }
    temporary = path.with_suffix(".tmp")
    torch.save(state, temporary)
    os.replace(temporary, path)


def optimizer_of(model, args):
    matrices = [p for p in model.parameters() if p.ndim == 2]
    gains = [p for p in model.parameters() if p.ndim == 1]
    groups = [
        {"params": matrices, "weight_decay": args.weight_decay},
        {"params": gains, "weight_decay": 0.0},
    ]
    recorded = args.device == "cuda"
    # A recorded step reads its rate from a tensor.
    rate = torch.tensor(args.rate, device="cuda") if recorded else args.rate
    return torch.optim.AdamW(
        groups, lr=rate, betas=(0.9, 0.95), eps=1e-8, fused=True, capturable=recorded
    )


def set_rate(optimizer, rate):
    for group in optimizer.param_groups:
        if torch.is_tensor(group["lr"]):
            group["lr"].fill_(rate)
        else:
            group["lr"] = rate


def averaged(parameters, processes):
    """Replaces every gradient by its mean over the processes."""
    flat = torch.cat([p.grad.reshape(-1) for p in parameters])
    dist.all_reduce(flat)
    flat /= processes
    for p, part in zip(parameters, flat.split([p.numel() for p in parameters])):
        p.grad.copy_(part.view_as(p))


def step_of(model, optimizer, args):
    """One optimizer step: (inputs, targets) -> (loss in nats per token, norm of the gradient)."""
    forward = model if args.no_compile else torch.compile(model)
    parameters = list(model.parameters())

    def step(inputs, targets):
        optimizer.zero_grad(set_to_none=True)
        loss = forward(inputs, targets)
        loss.backward()
        if args.processes > 1:
            averaged(parameters, args.processes)
        norm = torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        return loss.detach(), norm

    return step


def run(process, args):
    torch.set_num_threads(1)
    if args.processes > 1:
        dist.init_process_group("gloo", rank=process, world_size=args.processes)
    out = Path(args.out)
    tokenizer = Tokenizer.from_file(args.tokenizer)
    texts = [t for name in corpora.PRETRAINING for t in corpora.read(args.corpora, name, "train")]
    ids, size = corpora.tokens(tokenizer, texts)
    held_out = {
        name: corpora.tokens(tokenizer, corpora.read(args.corpora, name, part))
        # The domains' held-out text is for the final figures alone.
        for names, part in ((corpora.PRETRAINING, "heldOut"), (corpora.DOMAINS, "validation"))
        for name in names
    }
    torch.manual_seed(args.seed)
    dtype = torch.bfloat16 if args.bfloat16 else torch.float32
    shape = Shape(vocabulary=tokenizer.get_vocab_size())
    model = Backbone(shape, dtype, args.dropout).to(args.device)
    optimizer = optimizer_of(model, args)
    step = 0
    source = Path(args.resume_from or out / "last.pt")
    if source.exists():
        state = torch.load(source, map_location=args.device)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        step = state["step"]
    log = open(out / "log.jsonl", "a", encoding="utf-8") if process == 0 else None
    train(model, optimizer, step, Batches(ids, args), args, process, log, held_out, size / len(ids))
    if args.processes > 1:
        dist.destroy_process_group()


def train(model, optimizer, step, batches, args, process, log, held_out, bytes_per_token):
    advance = step_of(model, optimizer, args)
    if args.device == "cuda":
        advance = Replayed(advance)
    out = Path(args.out)
    running, began, first = None, time.time(), step

    def record(**facts):
        if log is not None:
            line = json.dumps({"step": step, **facts})
            print(line, file=log, flush=True)
            print(line, flush=True)

    record(event="start", options=vars(args), trainTokens=len(batches.ids), torch=torch.__version__)
    clock = Clock(args)
    done, was_level = clock(step), None
    while done < 1:
        level = is_level(done, args)
        if level != was_level:
            if was_level and process == 0:
                save(out / "level.pt", model, optimizer, step, args)
            optimizer.param_groups[0]["weight_decay"] = args.weight_decay if level else 0.0
            if isinstance(advance, Replayed):
                advance.forget()
        was_level = level
        rate = rate_at(step, done, args)
        set_rate(optimizer, rate)
        loss, norm = advance(*batches(step, process))
        step += 1
        done = clock(step)
        running = loss.clone() if running is None else running.lerp(loss, 0.02)
        if step % args.log_every == 0:
            nats = float(running)
            speed = (step - first) * args.windows * args.length / (time.time() - began)
            record(
                tokens=step * args.windows * args.length,
                loss=round(nats, 4),
                bitsPerByte=round(nats / math.log(2) / bytes_per_token, 4),
                gradientNorm=round(float(norm), 3),
                rate=round(rate, 6),
                tokensPerSecond=round(speed),
            )
        if process == 0 and (step % args.save_every == 0 or done == 1):
            save(out / "last.pt", model, optimizer, step, args)
        if process == 0 and (step % args.evaluate_every == 0 or done == 1):
            count = args.held_out_windows if done < 1 else 1 << 30
            bits = {}
            for name, (ids, size) in held_out.items():
                nats = held_out_loss(model, ids, args.length, count)
                bits[name] = round(nats / math.log(2) * len(ids) / size, 4)
            record(event="held out", windows="all" if done == 1 else count, bitsPerByte=bits)


def main():
    args = options()
    Path(args.out).mkdir(parents=True, exist_ok=True)
    if args.processes == 1:
        run(0, args)
        return
    os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
    os.environ.setdefault("MASTER_PORT", str(20000 + os.getpid() % 20000))
    mp.spawn(run, args=(args,), nprocs=args.processes)


if __name__ == "__main__":
    main()
