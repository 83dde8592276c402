"""BitNet b1.58 as a float PyTorch module for quantisation-aware training (arXiv:2402.17764, 2504.12285).

Every linear sees int8 activations (absmax per token) and ternary weights (absmean per matrix); both roundings pass the
gradient straight through. The master weights stay float. Matrix products may run in bfloat16 without loss in the
linears: int8 codes and ternary values are exact there, and the scales are applied in float32.
"""

import math
from dataclasses import asdict, dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F

LEAST = 1e-5  # the least absmax and absmean, as in the published implementation


@dataclass(frozen=True)
class Shape:
    """The genesis backbone: 5.8 M parameters, 4.72 M of them ternary."""

    vocabulary: int = 4096
    hidden: int = 256
    layers: int = 6
    heads: int = 4
    kv_heads: int = 2
    ffn: int = 768
    context: int = 1024
    rope_base: float = 10000.0
    norm_epsilon: float = 1e-5

    def as_dict(self):
        return asdict(self)


def rms_norm(x, gain, epsilon):
    x = x.float()
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon) * gain


def quantised_activation(x):
    """int8 codes as floats with a straight-through gradient, and the size of one code."""
    x = x.float()
    largest = x.detach().abs().amax(-1, keepdim=True).clamp(min=LEAST)
    scaled = x * (127 / largest)
    return scaled + (scaled.round().clamp(-128, 127) - scaled).detach(), largest / 127


def ternary(weight):
    """-1, 0, 1 as floats with a straight-through gradient, and the matrix's scale (its mean magnitude)."""
    scale = weight.detach().abs().mean().clamp(min=LEAST)
    scaled = weight / scale
    return scaled + (scaled.round().clamp(-1, 1) - scaled).detach(), scale


class TernaryLinears(nn.Module):
    """One or more matrices that read the same input, each with its own scale; optionally float LoRA beside them."""

    def __init__(self, inputs, outputs, dtype):
        super().__init__()
        self.weights = nn.ParameterList(
            [nn.Parameter(torch.randn(rows, inputs) * 0.02) for rows in outputs]
        )
        self.inputs, self.outputs, self.dtype = inputs, outputs, dtype
        self.lora_a = self.lora_b = None

    def add_lora(self, rank, gain):
        self.lora_a = nn.ParameterList(
            [
                nn.Parameter(torch.randn(rank, self.inputs) / math.sqrt(self.inputs))
                for _ in self.outputs
            ]
        )
        self.lora_b = nn.ParameterList([nn.Parameter(torch.zeros(rows, rank)) for rows in self.outputs])
        self.rank, self.gain = rank, gain

    def drop_lora(self):
        self.lora_a = self.lora_b = None

    def forward(self, x):
        codes, size = quantised_activation(x)
        codes = codes.to(self.dtype)
        values, scales = zip(*(ternary(weight) for weight in self.weights))
        scale = torch.cat([s.expand(rows) for s, rows in zip(scales, self.outputs)])
        y = (codes @ torch.cat(values).to(self.dtype).T).float() * size * scale
        if self.lora_a is None:
            return y
        narrow = (codes @ torch.cat(list(self.lora_a)).to(self.dtype).T).float() * size
        wide = [
            (part.to(self.dtype) @ b.to(self.dtype).T).float()
            for part, b in zip(narrow.split(self.rank, -1), self.lora_b)
        ]
        return y + self.gain * torch.cat(wide, -1)


class Block(nn.Module):
    def __init__(self, shape, dtype, dropout):
        super().__init__()
        self.shape, self.dtype, self.dropout = shape, dtype, dropout
        self.head = shape.hidden // shape.heads
        kv = shape.kv_heads * self.head
        self.input_norm = nn.Parameter(torch.ones(shape.hidden))
        self.attention_sub_norm = nn.Parameter(torch.ones(shape.hidden))
        self.post_attention_norm = nn.Parameter(torch.ones(shape.hidden))
        self.ffn_sub_norm = nn.Parameter(torch.ones(shape.ffn))
        self.qkv = TernaryLinears(shape.hidden, [shape.hidden, kv, kv], dtype)
        self.o = TernaryLinears(shape.hidden, [shape.hidden], dtype)
        self.gate_up = TernaryLinears(shape.hidden, [shape.ffn, shape.ffn], dtype)
        self.down = TernaryLinears(shape.ffn, [shape.hidden], dtype)

    def linears(self):
        return [self.qkv, self.o, self.gate_up, self.down]

    def attention(self, x, cosine, sine):
        batch, length, hidden = x.shape
        kv = self.shape.kv_heads * self.head
        q, k, v = self.qkv(x).split([hidden, kv, kv], -1)

        def heads(z):
            return z.view(batch, length, -1, self.head).transpose(1, 2)

        def rotated(z):
            first, second = z.chunk(2, -1)
            return z * cosine + torch.cat([-second, first], -1) * sine

        group = self.shape.heads // self.shape.kv_heads
        q, k = rotated(heads(q)), rotated(heads(k)).repeat_interleave(group, 1)
        v = heads(v).repeat_interleave(group, 1)
        q, k, v = (z.to(self.dtype) for z in (q, k, v))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return y.transpose(1, 2).reshape(batch, length, hidden)

    def forward(self, x, cosine, sine):
        epsilon = self.shape.norm_epsilon
        y = self.attention(rms_norm(x, self.input_norm, epsilon), cosine, sine)
        x = x + self.dropped(self.o(rms_norm(y, self.attention_sub_norm, epsilon)))
        gate, up = self.gate_up(rms_norm(x, self.post_attention_norm, epsilon)).chunk(2, -1)
        inner = rms_norm(F.relu(gate).square() * up, self.ffn_sub_norm, epsilon)
        return x + self.dropped(self.down(inner))

    def dropped(self, x):
        return F.dropout(x, self.dropout, self.training) if self.dropout > 0 else x


class Backbone(nn.Module):
    """The whole model. `dropout` acts on what each half of a block adds, in training mode alone."""

    def __init__(self, shape=Shape(), dtype=torch.float32, dropout=0.0):
        super().__init__()
        self.shape, self.dtype = shape, dtype
        self.embedding = nn.Parameter(torch.randn(shape.vocabulary, shape.hidden) * 0.02)
        self.final_norm = nn.Parameter(torch.ones(shape.hidden))
        self.blocks = nn.ModuleList([Block(shape, dtype, dropout) for _ in range(shape.layers)])
        head = shape.hidden // shape.heads
        frequency = shape.rope_base ** (-torch.arange(0, head, 2).double() / head)
        angle = torch.arange(shape.context).double()[:, None] * frequency[None]
        self.register_buffer("cosine", torch.cat([angle.cos()] * 2, -1).float(), persistent=False)
        self.register_buffer("sine", torch.cat([angle.sin()] * 2, -1).float(), persistent=False)

    def linears(self):
        return [linear for block in self.blocks for linear in block.linears()]

    def hidden(self, ids):
        """The last normed state of every position: [batch, length] -> [batch, length, hidden]."""
        x = F.embedding(ids, self.embedding).float()
        length = ids.shape[1]
        for block in self.blocks:
            x = block(x, self.cosine[:length], self.sine[:length])
        return rms_norm(x, self.final_norm, self.shape.norm_epsilon)

    def logits(self, ids):
        return (self.hidden(ids).to(self.dtype) @ self.embedding.to(self.dtype).T).float()

    def forward(self, ids, targets):
        """Mean cross-entropy in nats per token."""
        logits = self.logits(ids)
        return F.cross_entropy(logits.view(-1, logits.shape[-1]), targets.reshape(-1))
