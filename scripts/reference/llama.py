"""Logits, losses and gradients of two tiny Llama models with a mixture of LoRA experts.

Everything is written straight from the formulas (loops over experts and instances, no fusion, no
cache), so that a fast implementation has something slow and obvious to agree with. F32.
"""
import json
import math
import os

import torch

from vectors import save


def rms_norm(x, weight, eps):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * weight


def rope(x, theta):
    """Rotate-half convention of Hugging Face Llama. x: (B, H, T, D)."""
    T, D = x.shape[-2], x.shape[-1]
    freq = 1.0 / theta ** (torch.arange(0, D, 2).float() / D)
    angle = torch.outer(torch.arange(T).float(), freq)
    cos, sin = torch.cat([angle.cos()] * 2, -1), torch.cat([angle.sin()] * 2, -1)
    half = torch.cat([-x[..., D // 2 :], x[..., : D // 2]], -1)
    return x * cos + half * sin


def adapted(x, name, layer, weights, adapter, gate):
    """Frozen projection plus the instance-wise LoRA update, one instance and one expert at a time."""
    y = x @ weights[f"model.layers.{layer}.{name}.weight"].T
    if adapter is None:
        return y
    down, up = adapter[f"{layer}.{name}.down"], adapter[f"{layer}.{name}.up"]  # (K, R, I), (K, O, R)
    scale = adapter["alpha"] / down.shape[1]
    rows = []
    for b in range(x.shape[0]):
        update = 0
        for k in range(down.shape[0]):
            update = update + gate[b, k] * (x[b] @ down[k].T @ up[k].T)
        rows.append(update * scale)
    return y + torch.stack(rows)


def decoder(embeds, cfg, w, adapter=None, gate=None, pad_mask=None):
    """embeds: (B, T, C); pad_mask: (B, T) true where a real token stands. Returns logits (B, T, V)."""
    B, T, _ = embeds.shape
    H, KV = cfg["num_attention_heads"], cfg["num_key_value_heads"]
    D = cfg["hidden_size"] // H
    allowed = torch.ones(T, T).tril().bool()[None, None]
    if pad_mask is not None:
        allowed = allowed & pad_mask[:, None, None, :]
    x = embeds
    for i in range(cfg["num_hidden_layers"]):
        p = f"model.layers.{i}."
        h = rms_norm(x, w[p + "input_layernorm.weight"], cfg["rms_norm_eps"])
        q = adapted(h, "self_attn.q_proj", i, w, adapter, gate).view(B, T, H, D).transpose(1, 2)
        k = adapted(h, "self_attn.k_proj", i, w, adapter, gate).view(B, T, KV, D).transpose(1, 2)
        v = adapted(h, "self_attn.v_proj", i, w, adapter, gate).view(B, T, KV, D).transpose(1, 2)
        q, k = rope(q, cfg["rope_theta"]), rope(k, cfg["rope_theta"])
        k, v = k.repeat_interleave(H // KV, 1), v.repeat_interleave(H // KV, 1)
        score = (q @ k.transpose(-1, -2) / math.sqrt(D)).masked_fill(~allowed, float("-inf"))
        o = (score.softmax(-1) @ v).transpose(1, 2).reshape(B, T, H * D)
        x = x + adapted(o, "self_attn.o_proj", i, w, adapter, gate)
        h = rms_norm(x, w[p + "post_attention_layernorm.weight"], cfg["rms_norm_eps"])
        g = adapted(h, "mlp.gate_proj", i, w, adapter, gate)
        u = adapted(h, "mlp.up_proj", i, w, adapter, gate)
        x = x + adapted(torch.nn.functional.silu(g) * u, "mlp.down_proj", i, w, adapter, gate)
    x = rms_norm(x, w["model.norm.weight"], cfg["rms_norm_eps"])
    head = w["model.embed_tokens.weight"] if cfg["tie_word_embeddings"] else w["lm_head.weight"]
    return x @ head.T


PROJECTIONS = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj",
               "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"]


def widths(cfg, name):
    C, F = cfg["hidden_size"], cfg["intermediate_size"]
    kv = C // cfg["num_attention_heads"] * cfg["num_key_value_heads"]
    return {"q_proj": (C, C), "k_proj": (C, kv), "v_proj": (C, kv), "o_proj": (C, C),
            "gate_proj": (C, F), "up_proj": (C, F), "down_proj": (F, C)}[name.split(".")[1]]


def random_model(cfg, gen):
    n = lambda *s, std=0.08: torch.randn(*s, generator=gen) * std
    w = {"model.embed_tokens.weight": n(cfg["vocab_size"], cfg["hidden_size"], std=0.5)}
    for i in range(cfg["num_hidden_layers"]):
        p = f"model.layers.{i}."
        w[p + "input_layernorm.weight"] = 1 + n(cfg["hidden_size"])
        w[p + "post_attention_layernorm.weight"] = 1 + n(cfg["hidden_size"])
        for name in PROJECTIONS:
            inp, out = widths(cfg, name)
            w[f"{p}{name}.weight"] = n(out, inp)
    w["model.norm.weight"] = 1 + n(cfg["hidden_size"])
    if not cfg["tie_word_embeddings"]:
        w["lm_head.weight"] = n(cfg["vocab_size"], cfg["hidden_size"])
    return w


def make_case(out, name, cfg, seed, experts=4, rank=2, alpha=32.0, rec_width=64):
    gen = torch.Generator().manual_seed(seed)
    w = random_model(cfg, gen)
    os.makedirs(f"{out}/{name}", exist_ok=True)
    with open(f"{out}/{name}/config.json", "w") as file:
        json.dump(cfg, file, indent=1)
    save(f"{out}/{name}/model.safetensors", w, {"format": "pt"})
    B, T = 3, 24
    ids = torch.randint(3, cfg["vocab_size"], (B, T), generator=gen)
    lengths = torch.tensor([T, T - 5, T - 9])
    pad = torch.arange(T)[None] < lengths[:, None]
    ids = torch.where(pad, ids, torch.zeros_like(ids))
    embeds = w["model.embed_tokens.weight"][ids].detach()
    logits = decoder(embeds, cfg, w, pad_mask=pad)
    save(f"{out}/{name}/plain.safetensors", {"input_ids": ids, "lengths": lengths, "logits": logits * pad[..., None]})

    adapter = {"alpha": alpha}
    for i in range(cfg["num_hidden_layers"]):
        for p in PROJECTIONS:
            inp, outw = widths(cfg, p)
            adapter[f"{i}.{p}.down"] = (torch.randn(experts, rank, inp, generator=gen) / math.sqrt(inp)).requires_grad_()
            adapter[f"{i}.{p}.up"] = (torch.randn(experts, outw, rank, generator=gen) * 0.02).requires_grad_()
    z = torch.randn(B, rec_width, generator=gen)
    gate_weight = (torch.randn(experts, rec_width, generator=gen) * 0.2).requires_grad_()
    gate = (z @ gate_weight.T).softmax(-1)
    emb = embeds.clone().requires_grad_()
    logits = decoder(emb, cfg, w, adapter, gate, pad)
    # loss over the last 4 real tokens of each row (the "answer"), mean over all of them, as next-token prediction
    losses = []
    for b in range(B):
        n = int(lengths[b])
        losses.append(torch.nn.functional.cross_entropy(logits[b, n - 5 : n - 1], ids[b, n - 4 : n], reduction="none"))
    loss = torch.cat(losses).mean()
    loss.backward()
    t = {"input_ids": ids, "lengths": lengths, "sequence_embedding": z, "gate_weight": gate_weight, "gate": gate,
         "logits": logits * pad[..., None], "loss": loss.reshape(1), "grad.gate_weight": gate_weight.grad,
         "grad.input_embeddings": emb.grad}
    for k, v in adapter.items():
        if k != "alpha":
            t[k] = v
            t["grad." + k] = v.grad
    save(f"{out}/{name}/ilora.safetensors", t,
         {"experts": experts, "rank_per_expert": rank, "alpha": alpha, "scale": alpha / rank, "answer_tokens": 4})


def make(folder):
    base = dict(architectures=["LlamaForCausalLM"], model_type="llama", hidden_act="silu", rms_norm_eps=1e-5,
                rope_theta=10000.0, max_position_embeddings=256, bos_token_id=1, eos_token_id=2, torch_dtype="float32")
    make_case(folder, "llama-mha-untied", dict(base, hidden_size=48, intermediate_size=128, num_hidden_layers=2,
              num_attention_heads=4, num_key_value_heads=4, vocab_size=211, tie_word_embeddings=False), 11)
    make_case(folder, "llama-gqa-tied", dict(base, hidden_size=64, intermediate_size=160, num_hidden_layers=3,
              num_attention_heads=8, num_key_value_heads=2, vocab_size=307, tie_word_embeddings=True,
              rope_theta=500000.0), 12, experts=8, rank=1)
