"""A random checkpoint in the shape of BitNet b1.58 2B4T, packed as it is published, to measure an import on.

Written tensor by tensor, so it takes little memory. It has no tokenizer and its text would be noise.

    python make_2b4t.py OUT
"""

import json
import sys
from pathlib import Path

import numpy as np

HIDDEN, LAYERS, HEADS, KV_HEADS, FFN, VOCABULARY = 2560, 30, 20, 5, 6912, 128256
KV = HIDDEN // HEADS * KV_HEADS
CONFIG = {
    "architectures": ["BitNetForCausalLM"],
    "model_type": "bitnet",
    "hidden_act": "relu2",
    "hidden_size": HIDDEN,
    "intermediate_size": FFN,
    "max_position_embeddings": 4096,
    "num_attention_heads": HEADS,
    "num_hidden_layers": LAYERS,
    "num_key_value_heads": KV_HEADS,
    "rms_norm_eps": 1e-5,
    "rope_theta": 500000.0,
    "tie_word_embeddings": True,
    "vocab_size": VOCABULARY,
    "bos_token_id": 128000,
    "eos_token_id": 128001,
    "dtype": "bfloat16",
    "quantization_config": {
        "quant_method": "bitnet",
        "linear_class": "autobitlinear",
        "quantization_mode": "offline",
    },
}
LINEARS = {
    "self_attn.q_proj": (HIDDEN, HIDDEN),
    "self_attn.k_proj": (KV, HIDDEN),
    "self_attn.v_proj": (KV, HIDDEN),
    "self_attn.o_proj": (HIDDEN, HIDDEN),
    "mlp.gate_proj": (FFN, HIDDEN),
    "mlp.up_proj": (FFN, HIDDEN),
    "mlp.down_proj": (HIDDEN, FFN),
}
NORMS = {
    "input_layernorm": HIDDEN,
    "post_attention_layernorm": HIDDEN,
    "self_attn.attn_sub_norm": HIDDEN,
    "mlp.ffn_sub_norm": FFN,
}


def tensors():
    """(name, dtype, shape) of every tensor in the order of the file."""
    yield "model.embed_tokens.weight", "BF16", (VOCABULARY, HIDDEN)
    for layer in range(LAYERS):
        for name, (rows, columns) in LINEARS.items():
            yield f"model.layers.{layer}.{name}.weight", "U8", (rows // 4, columns)
            yield f"model.layers.{layer}.{name}.weight_scale", "BF16", (1,)
        for name, size in NORMS.items():
            yield f"model.layers.{layer}.{name}.weight", "BF16", (size,)
    yield "model.norm.weight", "BF16", (HIDDEN,)


def bfloat16(values):
    return (values.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)


def content(name, dtype, shape, random):
    if dtype == "U8":
        codes = random.integers(0, 3, (4, *shape), dtype=np.uint8)
        return codes[0] | codes[1] << 2 | codes[2] << 4 | codes[3] << 6
    if name.endswith("_scale"):
        return bfloat16(np.array([1.5]))
    if len(shape) == 1:
        return bfloat16(1 + 0.1 * random.standard_normal(shape))
    return bfloat16(0.02 * random.standard_normal(shape, dtype=np.float32))


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    (out / "config.json").write_text(json.dumps(CONFIG, indent=2))
    header, end = {"__metadata__": {"format": "pt"}}, 0
    for name, dtype, shape in tensors():
        begin, end = end, end + int(np.prod(shape)) * (1 if dtype == "U8" else 2)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    random = np.random.default_rng(1)
    with open(out / "model.safetensors", "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for name, dtype, shape in tensors():
            file.write(content(name, dtype, shape, random).tobytes())


if __name__ == "__main__":
    main()
