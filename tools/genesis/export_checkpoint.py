"""Writes a pre-training state as a Hugging Face BitNet checkpoint: ternary codes packed, one float32 scale per matrix
(linear_class autobitlinear, offline: the scale multiplies), embedding and norms float32.

`r3mes model import` turns the folder into the project's own format; `transformers` can load it too.

    python export_checkpoint.py RUN/last.pt tokenizer.json OUT
"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

from backbone import Backbone, Shape, ternary


def packed(weight):
    """U8 [rows / 4, columns]: stored row j holds rows j, j + R, j + 2R, j + 3R in its bit pairs, lowest first."""
    values, scale = ternary(weight)
    codes = (values.round().to(torch.int8).numpy() + 1).astype(np.uint8)
    rows = codes.shape[0] // 4
    stored = np.zeros((rows, codes.shape[1]), dtype=np.uint8)
    for pair in range(4):
        stored |= codes[pair * rows : (pair + 1) * rows] << (2 * pair)
    return stored, np.array([float(scale)], dtype=np.float32)


def tensors_of(model):
    """Every tensor under the name that the published checkpoints use."""
    tensors = {
        "model.embed_tokens.weight": model.embedding.numpy(),
        "model.norm.weight": model.final_norm.numpy(),
    }
    for index, block in enumerate(model.blocks):
        layer = f"model.layers.{index}"
        tensors[f"{layer}.input_layernorm.weight"] = block.input_norm.numpy()
        tensors[f"{layer}.post_attention_layernorm.weight"] = block.post_attention_norm.numpy()
        tensors[f"{layer}.self_attn.attn_sub_norm.weight"] = block.attention_sub_norm.numpy()
        tensors[f"{layer}.mlp.ffn_sub_norm.weight"] = block.ffn_sub_norm.numpy()
        matrices = dict(zip(["q_proj", "k_proj", "v_proj"], block.qkv.weights))
        matrices |= dict(zip(["gate_proj", "up_proj"], block.gate_up.weights))
        matrices |= {"o_proj": block.o.weights[0], "down_proj": block.down.weights[0]}
        for name, weight in matrices.items():
            part = "self_attn" if name[0] in "qkvo" else "mlp"
            codes, scale = packed(weight)
            tensors[f"{layer}.{part}.{name}.weight"] = codes
            tensors[f"{layer}.{part}.{name}.weight_scale"] = scale
    return tensors


def config_of(shape):
    return {
        "architectures": ["BitNetForCausalLM"],
        "model_type": "bitnet",
        "hidden_act": "relu2",
        "hidden_size": shape.hidden,
        "intermediate_size": shape.ffn,
        "max_position_embeddings": shape.context,
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "num_key_value_heads": shape.kv_heads,
        "rms_norm_eps": shape.norm_epsilon,
        "rope_parameters": {"rope_theta": shape.rope_base, "rope_type": "default"},
        "tie_word_embeddings": True,
        "vocab_size": shape.vocabulary,
        "bos_token_id": 0,
        "eos_token_id": 0,
        "dtype": "float32",
        "quantization_config": {
            "quant_method": "bitnet",
            "linear_class": "autobitlinear",
            "quantization_mode": "offline",
        },
    }


@torch.no_grad()
def main():
    checkpoint, tokenizer, out = sys.argv[1:4]
    state = torch.load(checkpoint, map_location="cpu")
    model = Backbone(Shape(**state["shape"]))
    model.load_state_dict(state["model"])
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors_of(model.requires_grad_(False)), folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config_of(model.shape), indent=2) + "\n")
    shutil.copyfile(tokenizer, folder / "tokenizer.json")


if __name__ == "__main__":
    main()
