"""Adapters saved by the PEFT library over a tiny Llama, and the logits they give.

The base model is written by the transformers library. Random weights throughout, F32, each
sequence run by itself, unpadded.
"""
import json
import os
import shutil

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from peft import LoraConfig, TaskType, get_peft_model
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
BASE = "llama"
VOCABULARY, LENGTHS, ANSWER = 96, [24, 17, 9], 4
MIXTURE = [0.5, 0.3, 0.2]
SETTINGS = dict(
    vocab_size=VOCABULARY, hidden_size=48, intermediate_size=40, num_hidden_layers=2,
    num_attention_heads=4, num_key_value_heads=2, rms_norm_eps=1e-5, max_position_embeddings=128,
    pad_token_id=0, bos_token_id=1, eos_token_id=2, tie_word_embeddings=False)


def lora(**more):
    settings = dict(r=4, lora_alpha=8, lora_dropout=0.0, bias="none", task_type=TaskType.CAUSAL_LM)
    return LoraConfig(**(settings | more))


def make_base(folder):
    gen = torch.Generator().manual_seed(7100)
    rope = dict(rope_theta=10000.0, rope_type="default")
    config = AutoConfig.for_model("llama", **SETTINGS, rope_parameters=rope)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    with torch.no_grad():
        for name, p in model.named_parameters():
            r = torch.randn(p.shape, generator=gen)
            p.copy_(1 + r * 0.2 if "norm" in name else r * (0.5 if "embed_tokens" in name else 0.2))
    model.save_pretrained(f"{folder}/{BASE}")
    os.remove(f"{folder}/{BASE}/generation_config.json")
    # The same as transformers 4 wrote it.
    older = dict(architectures=["LlamaForCausalLM"], model_type="llama", torch_dtype="float32",
                 hidden_act="silu", **SETTINGS, rope_theta=10000.0, rope_scaling=None)
    with open(f"{folder}/{BASE}/config.json", "w") as file:
        json.dump(older, file, indent=1)
        file.write("\n")


def load_base(folder):
    model = AutoModelForCausalLM.from_pretrained(
        f"{folder}/{BASE}", dtype=torch.float32, attn_implementation="eager")
    return model.eval()


def random_adapter(model, gen):
    """Nothing is left at its initial value: B is not zero."""
    with torch.no_grad():
        for name, p in sorted(model.named_parameters()):
            if p.requires_grad:
                r = torch.randn(p.shape, generator=gen)
                p.copy_(r / p.shape[-1] ** 0.5 if "lora_A" in name else r * 0.15)


def inputs(gen):
    ids = torch.randint(3, VOCABULARY, (len(LENGTHS), max(LENGTHS)), generator=gen)
    lengths = torch.tensor(LENGTHS)
    real = torch.arange(ids.shape[1])[None] < lengths[:, None]
    return torch.where(real, ids, torch.zeros_like(ids)), lengths


def evaluate(model, ids, lengths, gradients=False):
    """Logits, zero at the padding, and the mean loss of each sequence's last tokens."""
    model.eval()
    logits, losses = torch.zeros(*ids.shape, VOCABULARY), []
    with torch.set_grad_enabled(gradients):
        for b, n in enumerate(lengths.tolist()):
            row = ids[b : b + 1, :n]
            z = model(input_ids=row, attention_mask=torch.ones_like(row), use_cache=False).logits[0]
            logits[b, :n] = z.detach()
            loss = torch.nn.functional.cross_entropy(
                z[n - ANSWER - 1 : n - 1], row[0, n - ANSWER :], reduction="none")
            if gradients:
                (loss.sum() / (ANSWER * len(lengths))).backward()
            losses.append(loss.detach())
    return logits, torch.cat(losses).mean().reshape(1)


def save(model, folder):
    """As PEFT writes it, less the model card and what a set's order leaves to chance."""
    for config in model.peft_config.values():
        config.base_model_name_or_path = BASE
    model.save_pretrained(folder, save_embedding_layers=False)
    for at, _, names in os.walk(folder):
        if "README.md" in names:
            os.remove(f"{at}/README.md")
        if "adapter_config.json" in names:
            sort_targets(f"{at}/adapter_config.json")


def sort_targets(path):
    with open(path) as file:
        config = json.load(file)
    config["target_modules"].sort(key=ALL.index)
    with open(path, "w") as file:
        json.dump(config, file, indent=2, sort_keys=True)


def save_expected(folder, tensors):
    tensors = {name: value.detach().contiguous() for name, value in tensors.items()}
    save_file(tensors, f"{folder}/expected.safetensors", {"answer_tokens": str(ANSWER)})


def make_lora(folder, name, seed, config, gradients):
    gen = torch.Generator().manual_seed(seed)
    model = get_peft_model(load_base(folder), config)
    random_adapter(model, gen)
    ids, lengths = inputs(gen)
    save(model, f"{folder}/{name}")
    logits, loss = evaluate(model, ids, lengths, gradients)
    tensors = {"input_ids": ids, "lengths": lengths, "logits": logits, "loss": loss}
    if gradients:
        for key, p in model.named_parameters():
            if p.requires_grad:
                tensors["grad." + key.replace(".default", "")] = p.grad
    save_expected(f"{folder}/{name}", tensors)


def make_mixture(folder):
    """Three experts, and PEFT's own weighted sum of them."""
    gen = torch.Generator().manual_seed(9901)
    names = ["expert0", "expert1", "expert2"]
    config = dict(r=2, lora_alpha=6, target_modules=ALL)
    model = get_peft_model(load_base(folder), lora(**config), adapter_name=names[0])
    for name in names[1:]:
        model.add_adapter(name, lora(**config))
    for name in names:
        model.set_adapter(name)
        random_adapter(model, gen)
    model.add_weighted_adapter(names, MIXTURE, "cat", combination_type="cat")
    save(model, f"{folder}/mixture")
    shutil.rmtree(f"{folder}/mixture/cat")
    ids, lengths = inputs(gen)
    tensors = {"input_ids": ids, "lengths": lengths, "gate": torch.tensor(MIXTURE)}
    for name in names + ["cat"]:
        model.set_adapter(name)
        end = "" if name == "cat" else "." + name
        tensors["logits" + end], tensors["loss" + end] = evaluate(model, ids, lengths)
    save_expected(f"{folder}/mixture", tensors)


def make(folder):
    torch.set_num_threads(1)
    make_base(folder)
    make_lora(folder, "lora-all", 9100, lora(target_modules=ALL), True)
    make_lora(folder, "lora-qv", 9101, lora(target_modules=["q_proj", "v_proj"], lora_alpha=16), False)
    make_mixture(folder)
