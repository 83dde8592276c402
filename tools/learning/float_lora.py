"""The float twin of an integer LoRA run: float32 training of the same factors, on the same batches, over the same frozen weights.

`compareLora.ts` writes the folder that this reads: the integer model's weights and first factors in their storage form
(spec/step-program.md), the batches of all steps, the held-out batches, and plan.json. Prints the held-out losses in bits per token.

    python float_lora.py FOLDER [THREADS] [DEVICE]
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "genesis"))
from backbone import Backbone, Shape, TernaryLinears, quantised_activation  # noqa: E402

FRACTION = {"factor": 24, "residual": 16, "gain": 12}
BETAS = {"adam": (0.9, 63 / 64), "lion": (0.9, 63 / 64)}


def words(folder, name, kind):
    return np.frombuffer((folder / name).read_bytes(), kind)


def unpacked(packed, rows, columns):
    """P16 words [rows / 16][columns / 16][16] to codes -1, 0, 1: input 16 t + 4 f + b of row n at byte b, bits 2 f."""
    blocks = packed.reshape(rows // 16, columns // 16, 16)
    codes = np.empty((rows // 16, 16, columns // 16, 16), np.float32)
    for place in range(16):
        shift = 8 * (place % 4) + 2 * (place // 4)
        codes[:, :, :, place] = ((blocks >> shift) & 3).astype(np.float32).transpose(0, 2, 1) - 1
    return torch.from_numpy(codes.reshape(rows, columns).copy())


class FrozenLinears(TernaryLinears):
    """Matrices of given ternary codes and scales; only the factors beside them learn."""

    def __init__(self, codes, scales):
        super().__init__(codes[0].shape[1], [], torch.float32)
        self.outputs = [part.shape[0] for part in codes]
        scale = torch.cat([torch.full((len(c),), s) for c, s in zip(codes, scales)])
        self.register_buffer("frozen", torch.cat(codes) * scale[:, None])

    def forward(self, x):
        codes, size = quantised_activation(x)
        row = codes * size
        narrow = [row @ a.T for a in self.lora_a]
        wide = [part @ b.T for part, b in zip(narrow, self.lora_b)]
        return row @ self.frozen.T + self.gain * torch.cat(wide, -1)


class Lion(torch.optim.Optimizer):
    """Sign of an interpolated momentum (arXiv:2302.06675), without decay."""

    def __init__(self, params, lr, betas):
        super().__init__(params, {"lr": lr, "betas": betas})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            first, second = group["betas"]
            for p in group["params"]:
                momentum = self.state[p].setdefault("momentum", torch.zeros_like(p))
                p.add_(torch.sign(first * momentum + (1 - first) * p.grad), alpha=-group["lr"])
                momentum.mul_(second).add_(p.grad, alpha=1 - second)


def load(folder, plan):
    shape, rank = plan["shape"], plan["adapter"]["rank"]
    model = Backbone(Shape(**{key: shape[key] for key in ("hidden", "layers", "heads", "ffn", "context", "vocabulary")},
                           kv_heads=shape["kvHeads"]))
    sizes = {"down": (shape["hidden"], shape["ffn"]), "gate": (shape["ffn"], shape["hidden"]), "up": (shape["ffn"], shape["hidden"])}
    narrow = shape["kvHeads"] * shape["headSize"]
    sizes |= {"k": (narrow, shape["hidden"]), "v": (narrow, shape["hidden"])}
    square = (shape["hidden"], shape["hidden"])
    gain = plan["adapter"]["alpha"] / rank

    def linears(layer, names):
        codes, scales, a, b = [], [], [], []
        for name in names:
            path = f"layers.{layer}.{name}"
            rows, columns = sizes.get(name, square)
            mantissa, exponent = words(folder, f"{path}.scale", "<i4").tolist()
            codes.append(unpacked(words(folder, f"{path}.w", "<u4"), rows, columns))
            scales.append(mantissa * 2.0**-exponent)
            a.append(factor(f"{path}.a", columns))
            b.append(torch.nn.Parameter(factor(f"{path}.b", rows).T.contiguous()))
        part = FrozenLinears(codes, scales)
        part.lora_a = torch.nn.ParameterList([torch.nn.Parameter(one) for one in a])
        part.lora_b = torch.nn.ParameterList(b)
        part.rank, part.gain = rank, gain
        return part

    def factor(name, columns):
        return torch.from_numpy(words(folder, name, "<i4").reshape(rank, columns) / 2.0 ** FRACTION["factor"]).float()

    def gains(name):
        return torch.from_numpy(words(folder, f"{name}.gain", "<i2") / 2.0 ** FRACTION["gain"]).float()

    with torch.no_grad():
        embedding = words(folder, "embedding", "<i4").reshape(shape["vocabulary"], shape["hidden"])
        model.embedding.copy_(torch.from_numpy(embedding / 2.0 ** FRACTION["residual"]).float())
        model.final_norm.copy_(gains("finalNorm"))
        for layer, block in enumerate(model.blocks):
            block.input_norm.copy_(gains(f"layers.{layer}.inputNorm"))
            block.attention_sub_norm.copy_(gains(f"layers.{layer}.attentionNorm"))
            block.post_attention_norm.copy_(gains(f"layers.{layer}.middleNorm"))
            block.ffn_sub_norm.copy_(gains(f"layers.{layer}.feedNorm"))
    for layer, block in enumerate(model.blocks):
        block.qkv = linears(layer, ["q", "k", "v"])
        block.o = linears(layer, ["o"])
        block.gate_up = linears(layer, ["gate", "up"])
        block.down = linears(layer, ["down"])
    for parameter in (model.embedding, model.final_norm, *(p for block in model.blocks for p in (
        block.input_norm, block.attention_sub_norm, block.post_attention_norm, block.ffn_sub_norm))):
        parameter.requires_grad_(False)
    return model


def batches(folder, name, plan, device):
    rows, columns = plan["batch"]["sequences"], plan["batch"]["length"] + 1
    tokens = torch.from_numpy(words(folder, name, "<i4").reshape(-1, rows, columns).astype(np.int64)).to(device)
    return [(batch[:, :-1].contiguous(), batch[:, 1:].contiguous()) for batch in tokens]


def main():
    folder = Path(sys.argv[1])
    torch.set_num_threads(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    plan = json.loads((folder / "plan.json").read_text())
    device = sys.argv[3] if len(sys.argv) > 3 else "cpu"
    model = load(folder, plan).to(device)
    held_out = batches(folder, "held-out.i32", plan, device)

    def judged():
        with torch.no_grad():
            return sum(model(*batch).item() for batch in held_out) / len(held_out) / math.log(2)

    before = judged()
    factors = [p for p in model.parameters() if p.requires_grad]
    betas = BETAS[plan["optimizer"]]
    if plan["optimizer"] == "lion":
        optimizer = Lion(factors, 0.0, betas)
    else:
        optimizer = torch.optim.Adam(factors, lr=0.0, betas=betas)
    for rate, batch in zip(plan["rates"], batches(folder, "train.i32", plan, device)):
        for group in optimizer.param_groups:
            group["lr"] = rate / 2.0**24
        optimizer.zero_grad(set_to_none=True)
        model(*batch).backward()
        optimizer.step()
    print(json.dumps({"before": before, "after": judged()}))


if __name__ == "__main__":
    main()
