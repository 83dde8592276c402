"""A LoRA step in PyTorch as a user would write it: the rival of the engine's step.

Eager mode, dense weights in the wanted type, no quantisation, fused attention and norms, rank 8 on seven linears, Adam. Reads
lines of JSON {"shape", "sequences", "length", "type", "threads", "device"} and answers each with what one step took, {"cpuSeconds", "seconds"}.
"""

import json
import math
import os
import sys
import time

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning threads would flatter R3MES on shared cores

import torch
import torch.nn as nn
import torch.nn.functional as F

RANK, GAIN = 8, 2.0


class Linear(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        codes = torch.randint(-1, 2, (outputs, inputs)).float()
        self.register_buffer("weight", codes / math.sqrt(inputs))
        self.a = nn.Parameter(torch.randn(RANK, inputs) / math.sqrt(inputs))
        self.b = nn.Parameter(torch.zeros(outputs, RANK))

    def forward(self, x):
        return F.linear(x, self.weight) + GAIN * F.linear(F.linear(x, self.a), self.b)


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.register_buffer("gain", torch.ones(width))

    def forward(self, x):
        return F.rms_norm(x, (x.shape[-1],), self.gain, 1e-5)


class Layer(nn.Module):
    def __init__(self, hidden, heads, kv_heads, head, ffn):
        super().__init__()
        self.heads, self.kv_heads, self.head = heads, kv_heads, head
        wide, narrow = heads * head, kv_heads * head
        self.q, self.k, self.v, self.o = (
            Linear(*size) for size in ((hidden, wide), (hidden, narrow), (hidden, narrow), (wide, hidden))
        )
        self.gate, self.up, self.down = Linear(hidden, ffn), Linear(hidden, ffn), Linear(ffn, hidden)
        self.before, self.inner, self.middle, self.last = map(Norm, (hidden, wide, hidden, ffn))

    def forward(self, x, cosine, sine):
        batch, length, _ = x.shape

        def split(y, heads):
            return y.view(batch, length, heads, self.head).transpose(1, 2)

        def rotated(y):
            first, second = y.chunk(2, -1)
            return y * cosine + torch.cat([-second, first], -1) * sine

        h = self.before(x)
        q, k = rotated(split(self.q(h), self.heads)), rotated(split(self.k(h), self.kv_heads))
        v = split(self.v(h), self.kv_heads)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=self.heads != self.kv_heads)
        x = x + self.o(self.inner(y.transpose(1, 2).reshape(batch, length, -1)))
        h = self.middle(x)
        return x + self.down(self.last(F.relu(self.gate(h)).square() * self.up(h)))


class Model(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.register_buffer("embedding", torch.randn(shape["vocabulary"], shape["hidden"]) * 0.02)
        sizes = (shape["hidden"], shape["heads"], shape["kvHeads"], shape["headSize"], shape["ffn"])
        self.layers = nn.ModuleList([Layer(*sizes) for _ in range(shape["layers"])])
        self.last = Norm(shape["hidden"])

    def forward(self, ids, targets, cosine, sine):
        x = F.embedding(ids, self.embedding)
        for layer in self.layers:
            x = layer(x, cosine, sine)
        scores = F.linear(self.last(x), self.embedding).float()
        return F.cross_entropy(scores.view(-1, scores.shape[-1]), targets.reshape(-1))


def prepared(request):
    shape, length = request["shape"], request["length"]
    kind, device = getattr(torch, request["type"]), request.get("device", "cpu")
    torch.manual_seed(1)
    model = Model(shape).to(device, kind)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    frequency = 10000.0 ** (-torch.arange(0, shape["headSize"], 2) / shape["headSize"])
    angle = torch.arange(length)[:, None] * frequency[None]
    cosine, sine = (torch.cat([f(angle)] * 2, -1).to(device, kind) for f in (torch.cos, torch.sin))
    tokens = torch.randint(0, shape["vocabulary"], (request["sequences"], length + 1)).to(device)

    def step():
        optimizer.zero_grad(set_to_none=True)
        model(tokens[:, :-1], tokens[:, 1:], cosine, sine).backward()
        optimizer.step()
        if device == "cuda":
            torch.cuda.synchronize()

    return step


steps = {}
for line in sys.stdin:
    asked = json.loads(line)
    threads = asked.pop("threads")
    torch.set_num_threads(threads)
    key = json.dumps(asked)
    if key not in steps:
        steps[key] = prepared(asked)
    began, used = time.perf_counter(), time.process_time()
    steps[key]()
    taken = {"cpuSeconds": time.process_time() - used, "seconds": time.perf_counter() - began}
    print(json.dumps(taken), flush=True)
