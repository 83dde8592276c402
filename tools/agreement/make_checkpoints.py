"""Random BitNet checkpoints in every published form, with the logits of the reference implementation.

For each shape it writes OUT/<number>-<hidden>x<layers>-<form>/ with config.json, model.safetensors, tokens.json ([sequence of ids]) and two files
of float32 logits, little-endian, [tokens, vocabulary]: reference.f32 (`transformers` in float32) and bfloat16.f32 (the same
model run in bfloat16, the precision in which it is published).

    TORCHDYNAMO_DISABLE=1 python make_checkpoints.py OUT [--seed 1] [--only 1,5,14] [--tokens 2048]
"""

import argparse
import json
import os
from pathlib import Path

os.environ["TORCHDYNAMO_DISABLE"] = "1"  # the reference's helpers are compiled, which small shapes do not repay

import torch
from safetensors.torch import load_file, save_file
from transformers import BitNetConfig, BitNetForCausalLM
from transformers.integrations.bitnet import pack_weights

# hidden, layers, heads, kv heads, ffn, vocabulary, tied, spread of the weights (transformers' own default is 0.02)
SHAPES = [
    (64, 2, 4, 2, 128, 320, True, 0.08),
    (128, 3, 4, 1, 352, 500, False, 0.08),
    (256, 4, 4, 4, 768, 1024, True, 0.08),
    (192, 2, 6, 3, 512, 777, False, 0.08),
    (96, 2, 3, 1, 256, 1000, True, 0.08),
    (160, 3, 5, 5, 448, 2048, False, 0.06),
    (320, 3, 5, 1, 896, 4096, True, 0.05),
    (128, 2, 8, 2, 384, 256, True, 0.1),
    (256, 6, 8, 4, 640, 997, False, 0.04),
    (512, 4, 8, 2, 1376, 8192, True, 0.02),
    (128, 3, 4, 1, 352, 500, False, 0.02),
    (256, 2, 2, 1, 512, 3000, False, 0.02),
    (64, 1, 2, 2, 64, 128, True, 0.15),
    (384, 8, 6, 2, 1024, 512, True, 0.02),
]

FORMS = {
    "divides": {"linear_class": "bitlinear", "quantization_mode": "offline"},
    "multiplies": {"linear_class": "autobitlinear", "quantization_mode": "offline"},
    "master": {"linear_class": "autobitlinear", "quantization_mode": "online"},
}


def random_model(shape, seed):
    """At a spread of 0.04 and more the layers decide the logits; at 0.02 norms see rows that are small beside their epsilon."""
    hidden, layers, heads, kv_heads, ffn, vocabulary, tied, spread = shape
    torch.manual_seed(seed)
    config = BitNetConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        intermediate_size=ffn,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        max_position_embeddings=4096,
        tie_word_embeddings=tied,
        initializer_range=spread,
        bos_token_id=0,
        eos_token_id=0,
        pad_token_id=None,
    )
    model = BitNetForCausalLM(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" in name:
                parameter.copy_(1 + 0.3 * torch.randn_like(parameter))
    return model.to(torch.bfloat16)


def stored_tensors(model, form):
    tensors = {}
    for name, value in model.state_dict().items():
        if name == "lm_head.weight" and model.config.tie_word_embeddings:
            continue
        if not name.endswith("_proj.weight") or form == "master":
            tensors[name] = value.contiguous()
            continue
        mean = value.float().abs().mean().clamp(min=1e-5)
        ternary = (value.float() / mean).round().clamp(-1, 1)
        tensors[name] = pack_weights(ternary.clone()).contiguous()
        scale = mean if form == "multiplies" else 1 / mean
        tensors[f"{name}_scale"] = scale.reshape(1).to(torch.bfloat16)
    return tensors


def write(folder, model, form):
    folder.mkdir(parents=True, exist_ok=True)
    config = model.config.to_dict()
    config["quantization_config"] = {"quant_method": "bitnet", **FORMS[form]}
    config["architectures"] = ["BitNetForCausalLM"]
    (folder / "config.json").write_text(json.dumps(config, indent=2))
    save_file(stored_tensors(model, form), folder / "model.safetensors", metadata={"format": "pt"})


@torch.no_grad()
def logits(folder, tokens, dtype):
    model = BitNetForCausalLM.from_pretrained(folder, dtype=dtype).to(dtype).eval()
    return model(input_ids=torch.tensor([tokens])).logits[0].float()


def main():
    o = argparse.ArgumentParser()
    o.add_argument("out")
    o.add_argument("--seed", type=int, default=1)
    o.add_argument("--only", help="numbers of shapes, from 1, with commas between them")
    o.add_argument("--tokens", type=int, default=2048)
    args = o.parse_args()
    numbers = map(int, args.only.split(",")) if args.only else range(1, len(SHAPES) + 1)
    for number in numbers:
        shape, seed = SHAPES[number - 1], args.seed + number - 1
        model = random_model(shape, seed)
        generator = torch.Generator().manual_seed(seed)
        tokens = torch.randint(0, shape[5], (args.tokens,), generator=generator).tolist()
        for form in FORMS:
            folder = Path(args.out) / f"{number:02}-{shape[0]}x{shape[1]}-{form}"
            write(folder, model, form)
            (folder / "tokens.json").write_text(json.dumps(tokens))
            logits(folder, tokens, torch.float32).numpy().tofile(folder / "reference.f32")
            logits(folder, tokens, torch.bfloat16).numpy().tofile(folder / "bfloat16.f32")
            print(folder, flush=True)


if __name__ == "__main__":
    main()
