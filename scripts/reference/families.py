"""Tiny random models of each family of decoders, with the logits, losses and gradients that Hugging Face's library computes.

A folder a model: its weights, its configuration in the library's present form and in that of version 4 (`config.v4.json`),
and what both give (`expected.safetensors`). A variant is another configuration of the same weights. No sequence is padded
when it is evaluated, and each has a model of its own: where angles depend on the length, the library keeps them.
"""
import json
import math
import os
import shutil
import tempfile

import gguf
import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM

VOCABULARY, LENGTHS, ANSWER = 96, [36, 26, 15], 4
FIRST_SEED = 7100
SIZES = dict(
    vocab_size=VOCABULARY, hidden_size=48, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    rms_norm_eps=1e-5, max_position_embeddings=128, pad_token_id=0, bos_token_id=1, eos_token_id=2, tie_word_embeddings=False,
)  # fmt: skip
WIDE_HEADS = dict(num_attention_heads=3, num_key_value_heads=1)  # 16 wide: eight frequencies
TIED = dict(tie_word_embeddings=True)
SHORT = [1.0, 1.05, 1.1, 1.2, 1.3, 1.5, 1.8, 2.0]
LONG = [1.0, 1.5, 2.0, 3.0, 5.0, 9.0, 16.0, 20.0]


def rope(theta, kind="default", **more):
    return dict(rope_theta=theta, rope_type=kind, **more)


YARN = dict(factor=4.0, original_max_position_embeddings=64)
LLAMA3 = dict(factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=64)
MSCALE = dict(YARN, beta_fast=16.0, beta_slow=0.5, mscale=1.0, mscale_all_dim=0.7, truncate=False)
GEMMA = dict(
    num_hidden_layers=3, num_attention_heads=2, num_key_value_heads=1, head_dim=16, hidden_activation="gelu_pytorch_tanh",
    query_pre_attn_scalar=24, sliding_window=8, sliding_window_pattern=3,
)  # fmt: skip
# Where layers with windows or without positions stand is not in GGUF files: these stand where llama.cpp takes them to be.
SMALL = dict(hidden_size=32, intermediate_size=24, num_attention_heads=2, num_key_value_heads=1)
GEMMA_BY_SIX = dict(
    GEMMA, num_hidden_layers=7, hidden_size=32, intermediate_size=24, query_pre_attn_scalar=16, sliding_window_pattern=6,
)  # fmt: skip
GRANITE = dict(embedding_multiplier=12.0, logits_scaling=8.0, residual_multiplier=0.22, attention_multiplier=0.125)

# Folder: the family, its positions, settings beside SIZES, and the positions of variants.
MODELS = {
    "llama": ("llama", rope(1e4), {}, {}),
    "llama-linear": ("llama", rope(1e4, "linear", factor=4.0), WIDE_HEADS, {}),
    "llama-dynamic": ("llama", rope(1e4, "dynamic", factor=2.0), dict(WIDE_HEADS, max_position_embeddings=24, **TIED), {}),
    "llama-llama3": ("llama", rope(1e4, "llama3", **LLAMA3), dict(WIDE_HEADS, max_position_embeddings=512, **TIED), {}),
    "llama-yarn": (
        "llama", rope(1e4, "yarn", **YARN), dict(WIDE_HEADS, max_position_embeddings=256, **TIED), {"mscale": rope(1e4, "yarn", **MSCALE)},
    ),
    "mistral": ("mistral", rope(1e4), dict(sliding_window=8), {}),
    "qwen2": ("qwen2", rope(1e6), TIED, {}),
    "qwen2-window": ("qwen2", rope(1e6), dict(use_sliding_window=True, sliding_window=8, max_window_layers=1), {}),
    "qwen3": ("qwen3", rope(1e6), dict(head_dim=16, **TIED), {}),
    "gemma3": (
        "gemma3_text", {"full_attention": rope(1e6, "linear", factor=8.0), "sliding_attention": rope(1e4)}, dict(GEMMA, **TIED), {},
    ),
    "smollm3": ("smollm3", rope(2e6), dict(num_hidden_layers=3, num_key_value_heads=1, no_rope_layers=[1, 1, 0], **TIED), {}),
    "phi3": ("phi3", rope(1e4, partial_rotary_factor=0.75), dict(WIDE_HEADS, original_max_position_embeddings=128), {}),
    "phi3-longrope": (
        "phi3", rope(1e4, "longrope", short_factor=SHORT, long_factor=LONG, partial_rotary_factor=1.0),
        dict(WIDE_HEADS, original_max_position_embeddings=24, max_position_embeddings=96, **TIED), {},
    ),
    "olmo2": ("olmo2", rope(5e5), {}, {}),
    "granite": ("granite", rope(1e4), dict(GRANITE, **TIED), {}),
    "gemma3-by-six": (
        "gemma3_text", {"full_attention": rope(1e6, "linear", factor=8.0), "sliding_attention": rope(1e4)}, dict(GEMMA_BY_SIX, **TIED), {},
    ),
    "smollm3-by-four": ("smollm3", rope(2e6), dict(SMALL, num_hidden_layers=5, **TIED), {}),
}  # fmt: skip


def randomise(model, generator, zero_centred):
    """No weight has a neutral value."""
    with torch.no_grad():
        for name, weight in model.named_parameters():
            draw = torch.randn(weight.shape, generator=generator)
            if "norm" in name:
                weight.copy_(draw * 0.2 if zero_centred else 1 + draw * 0.2)
            elif name.endswith("bias"):
                weight.copy_(draw * 0.3)
            else:
                weight.copy_(draw * (0.5 if "embed_tokens" in name else 0.2))


def batch(generator):
    """Right-padded with token 0, which no sequence holds."""
    lengths = torch.tensor(LENGTHS)
    ids = torch.randint(3, VOCABULARY, (len(LENGTHS), max(LENGTHS)), generator=generator)
    return ids * (torch.arange(max(LENGTHS))[None] < lengths[:, None]), lengths


def opened(folder, config):
    with tempfile.TemporaryDirectory() as alone:
        shutil.copy(os.path.join(folder, config), os.path.join(alone, "config.json"))
        os.symlink(os.path.abspath(os.path.join(folder, "model.safetensors")), os.path.join(alone, "model.safetensors"))
        model = AutoModelForCausalLM.from_pretrained(alone, dtype=torch.float32, attn_implementation="eager")
    return model.eval()


def has_gradient(name):
    first = "model.layers.0.self_attn."
    return name in ("model.embed_tokens.weight", first + "q_proj.weight", first + "qkv_proj.weight")


def expected(folder, config, ids, lengths, gradients):
    logits, losses, gradient = torch.zeros(*ids.shape, VOCABULARY), [], {}
    for row, length in enumerate(lengths.tolist()):
        model = opened(folder, config)
        tokens = ids[row : row + 1, :length]
        scores = model(tokens, use_cache=False).logits[0]
        logits[row, :length] = scores.detach()
        asked, answer = scores[length - ANSWER - 1 : length - 1], tokens[0, length - ANSWER :]
        loss = torch.nn.functional.cross_entropy(asked, answer, reduction="none")
        (loss.sum() / (ANSWER * len(lengths))).backward()
        losses.append(loss.detach())
        for name, weight in model.named_parameters():
            if gradients and has_gradient(name):
                gradient["grad." + name] = gradient.get("grad." + name, 0) + weight.grad
    tensors = dict(input_ids=ids, lengths=lengths, logits=logits, token_losses=torch.stack(losses), loss=torch.cat(losses).mean().reshape(1))
    return {**tensors, **gradient}


def version_4(name, family, positions, settings):
    """The same settings as version 4 of the library wrote them."""
    config = dict(settings, model_type=family, torch_dtype="float32")
    whole = positions.get("full_attention", positions)
    config["rope_theta"] = whole["rope_theta"]
    if family == "gemma3_text":
        config["rope_local_base_freq"] = positions["sliding_attention"]["rope_theta"]
    else:
        config["hidden_act"] = "silu"
    if "partial_rotary_factor" in whole:
        config["partial_rotary_factor"] = whole["partial_rotary_factor"]
    scaling = {key: value for key, value in whole.items() if key not in ("rope_theta", "partial_rotary_factor")}
    if name in ("llama-linear", "llama-dynamic") or family == "phi3":
        scaling["type"] = scaling.pop("rope_type")  # what the key was called before
    config["rope_scaling"] = None if "default" in scaling.values() else scaling
    return config


def write(folder, name, config):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        json.dump(config, file, indent=1)
        file.write("\n")


# Architectures of GGUF beside llama that are read, by folder.
GGUF = {
    "qwen2": "QWEN2", "qwen3": "QWEN3", "olmo2": "OLMO2", "granite": "GRANITE", "phi3": "PHI3", "phi3-longrope": "PHI3",
    "gemma3-by-six": "GEMMA3", "smollm3-by-four": "SMOLLM3",
}  # fmt: skip
# Rows of queries and keys are stored as Llama's.
NEIGHBOURS = ("GRANITE", "SMOLLM3")


def neighbours(rows, heads):
    """Rows i and i + D / 2 of each head become neighbours."""
    return rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def add_positions(writer, architecture, config):
    positions = config["rope_parameters"]
    whole = positions.get("full_attention", positions)
    width = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
    writer.add_rope_freq_base(whole["rope_theta"])
    if architecture == "GEMMA3":
        writer.add_rope_freq_base_swa(positions["sliding_attention"]["rope_theta"])
        writer.add_sliding_window(config["sliding_window"])
    if whole["rope_type"] == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(whole["factor"])
    if architecture == "PHI3":
        original = whole.get("original_max_position_embeddings", config["original_max_position_embeddings"])
        writer.add_rope_dimension_count(int(whole.get("partial_rotary_factor", 1.0) * width))
        writer.add_rope_scaling_orig_ctx_len(original)
        writer.add_sliding_window(config["sliding_window"] or 0)
        if whole["rope_type"] == "longrope":
            stretched = config["max_position_embeddings"] / original
            writer.add_rope_scaling_attn_factors(math.sqrt(1 + math.log(stretched) / math.log(original)))
            for name in ("long", "short"):
                writer.add_tensor(f"rope_factors_{name}.weight", np.array(whole[name + "_factor"], dtype=np.float32))


def write_gguf(folder, architecture):
    """The folder's model as `model.gguf`, without a tokenizer; names of tensors and keys are the gguf library's."""
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    known = getattr(gguf.MODEL_ARCH, architecture)
    writer = gguf.GGUFWriter(os.path.join(folder, "model.gguf"), gguf.MODEL_ARCH_NAMES[known])
    heads, groups = config["num_attention_heads"], config["num_key_value_heads"]
    writer.add_vocab_size(config["vocab_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(groups)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    add_positions(writer, architecture, config)
    if config.get("head_dim"):
        writer.add_key_length(config["head_dim"])
        writer.add_value_length(config["head_dim"])
    if architecture == "GRANITE":
        writer.add_attention_scale(config["attention_multiplier"])
        writer.add_embedding_scale(config["embedding_multiplier"])
        writer.add_residual_scale(config["residual_multiplier"])
        writer.add_logit_scale(config["logits_scaling"])
    names = gguf.get_tensor_name_map(known, config["num_hidden_layers"])
    for name, tensor in load_file(os.path.join(folder, "model.safetensors")).items():
        rows = tensor.numpy()
        if architecture in NEIGHBOURS and ("q_proj" in name or "k_proj" in name):
            rows = neighbours(rows, heads if "q_proj" in name else groups)
        if architecture == "GEMMA3" and name.endswith("norm.weight"):
            rows = rows + 1
        writer.add_tensor(names.get_name(name, try_suffixes=(".weight", ".bias")), rows)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def make(out):
    torch.set_num_threads(1)
    for number, (name, (family, positions, more, variants)) in enumerate(MODELS.items()):
        generator = torch.Generator().manual_seed(FIRST_SEED + number)
        folder, settings = os.path.join(out, name), dict(SIZES, **more)

        def configured(rope_parameters):
            return AutoConfig.for_model(family, **json.loads(json.dumps(dict(settings, rope_parameters=rope_parameters))))

        model = AutoModelForCausalLM.from_config(configured(positions), dtype=torch.float32)
        randomise(model, generator, family == "gemma3_text")
        model.save_pretrained(folder)
        os.remove(os.path.join(folder, "generation_config.json"))
        ids, lengths = batch(generator)
        write(folder, "config.v4.json", version_4(name, family, positions, settings))
        for variant, other in {"": positions, **{"." + key: value for key, value in variants.items()}}.items():
            if variant:
                write(folder, f"config{variant}.json", dict(configured(other).to_dict(), dtype="float32"))
                write(folder, f"config{variant}.v4.json", version_4(name, family, other, settings))
            tensors = expected(folder, f"config{variant}.json", ids, lengths, gradients=not variant)
            save_file({key: value.contiguous() for key, value in tensors.items()}, os.path.join(folder, f"expected{variant}.safetensors"))
        if name in GGUF:
            write_gguf(folder, GGUF[name])
