"""SASRec, GRU4Rec and Caser in the layout of the weights released with LLaRA, with random weights.

Each network is written from its paper in the slow and obvious way: attention at every position
under a causal mask, a recurrence step by step, convolutions as such. N items with ids 0 .. N-1, N
is the padding id; sequences are padded on the right.

Sources: SASRec, arXiv:1808.09781; GRU4Rec, arXiv:1511.06939; Caser, arXiv:1809.07426; LLaRA,
arXiv:2312.02445.
"""
import math

import numpy as np
import torch
from torch.nn.functional import conv2d

import metrics
from vectors import save, save_json

ITEMS, WIDTH, LENGTH = 20, 8, 5
FILTERS, HEIGHTS = 3, [2, 3, 4]
LENGTHS = [1, 2, 3, 4, 5, 5, 1, 3, 4, 2, 5, 5]
CANDIDATES = 10


def layer_norm(x, w, name):
    centred = x - x.mean(-1, keepdim=True)
    deviation = (centred.pow(2).mean(-1, keepdim=True) + 1e-5).sqrt()
    return centred / deviation * w[name + ".weight"] + w[name + ".bias"]


def linear(x, w, name):
    weight = w[name + ".weight"]
    return x @ weight.reshape(weight.shape[0], weight.shape[1]).T + w[name + ".bias"]


def sasrec(w, sequence):
    """One block of one-head self-attention over a sequence of real items; z at the last."""
    n = len(sequence)
    x = w["item_embeddings.weight"][sequence] + w["positional_embeddings.weight"][:n]
    asking = layer_norm(x, w, "ln_1")
    q = linear(asking, w, "mh_attn.linear_q")
    k = linear(x, w, "mh_attn.linear_k")
    v = linear(x, w, "mh_attn.linear_v")
    scores = q @ k.T / math.sqrt(WIDTH)
    later = torch.ones(n, n).triu(1).bool()
    attended = scores.masked_fill(later, float("-inf")).softmax(-1) @ v + asking
    hidden = layer_norm(attended, w, "ln_2")
    inner = linear(hidden, w, "feed_forward.w_1").clamp(min=0)
    outer = linear(inner, w, "feed_forward.w_2") + hidden
    return layer_norm(layer_norm(outer, w, "feed_forward.layer_norm"), w, "ln_3")[-1]


def gru4rec(w, sequence):
    """One gated recurrent layer; z is its last state."""
    h = torch.zeros(WIDTH)
    for item in sequence:
        x = w["item_embeddings.weight"][item]
        of_x = w["gru.weight_ih_l0"] @ x + w["gru.bias_ih_l0"]
        of_h = w["gru.weight_hh_l0"] @ h + w["gru.bias_hh_l0"]
        reset = torch.sigmoid(of_x[:WIDTH] + of_h[:WIDTH])
        update = torch.sigmoid(of_x[WIDTH : 2 * WIDTH] + of_h[WIDTH : 2 * WIDTH])
        new = torch.tanh(of_x[2 * WIDTH :] + reset * of_h[2 * WIDTH :])
        h = (1 - update) * new + update * h
    return h


def caser(w, sequence):
    """Convolutions over the sequence as an image of LENGTH rows, zero at the padding."""
    image = torch.zeros(1, 1, LENGTH, WIDTH)
    image[0, 0, : len(sequence)] = w["item_embeddings.weight"][sequence]
    parts = []
    for i in range(len(HEIGHTS)):
        name = f"horizontal_cnn.{i}"
        responses = conv2d(image, w[name + ".weight"], w[name + ".bias"]).clamp(min=0)
        parts.append(responses.amax((2, 3)).reshape(-1))
    vertical = conv2d(image, w["vertical_cnn.weight"], w["vertical_cnn.bias"]).clamp(min=0)
    return torch.cat(parts + [vertical.reshape(-1)])


def sasrec_shapes():
    shapes = {"positional_embeddings.weight": [LENGTH, WIDTH]}
    for norm in ["ln_1", "ln_2", "ln_3", "feed_forward.layer_norm"]:
        shapes |= {norm + ".weight": [WIDTH], norm + ".bias": [WIDTH]}
    for name in ["mh_attn.linear_q", "mh_attn.linear_k", "mh_attn.linear_v"]:
        shapes |= {name + ".weight": [WIDTH, WIDTH], name + ".bias": [WIDTH]}
    for name in ["feed_forward.w_1", "feed_forward.w_2"]:
        shapes |= {name + ".weight": [WIDTH, WIDTH, 1], name + ".bias": [WIDTH]}
    return shapes


def gru4rec_shapes():
    matrix, bias = [3 * WIDTH, WIDTH], [3 * WIDTH]
    return {"gru.weight_ih_l0": matrix, "gru.weight_hh_l0": matrix,
            "gru.bias_ih_l0": bias, "gru.bias_hh_l0": bias}


def caser_shapes():
    shapes = {}
    for i, height in enumerate(HEIGHTS):
        name = f"horizontal_cnn.{i}"
        shapes |= {name + ".weight": [FILTERS, 1, height, WIDTH], name + ".bias": [FILTERS]}
    return shapes | {"vertical_cnn.weight": [1, 1, LENGTH, 1], "vertical_cnn.bias": [1]}


def random_weights(shapes, width, gen):
    """Nothing has a neutral value: norms are not one, biases and the padding's vector not zero."""
    shapes = {"item_embeddings.weight": [ITEMS + 1, WIDTH]} | shapes
    shapes |= {"s_fc.weight": [ITEMS, width], "s_fc.bias": [ITEMS]}
    weights = {}
    for name, shape in shapes.items():
        value = torch.randn(shape, generator=gen) * 0.5
        norm = name.endswith("weight") and ("ln_" in name or "layer_norm" in name)
        weights[name] = value + 1 if norm else value
    return weights


def rank_all(logits, targets, candidates):
    ranks = []
    for row, target in enumerate(targets):
        scores = [float(logits[row, item]) for item in candidates[row]]
        ranks.append(metrics.rank(row, target, candidates[row], scores))
    return metrics.of(ranks)


def make_case(folder, name, released_name, network, shapes, width, seed, more):
    gen = torch.Generator().manual_seed(seed)
    w = random_weights(shapes, width, gen)
    metadata = {"model": released_name, "padding_item_id": ITEMS, "hidden_size": WIDTH,
                "state_size": LENGTH} | more
    save(f"{folder}/{name}.weights.safetensors", w, metadata)
    random = np.random.Generator(np.random.PCG64(seed))
    sequences = [[int(i) for i in random.integers(ITEMS, size=n)] for n in LENGTHS]
    candidates = [[int(i) for i in random.permutation(ITEMS)[:CANDIDATES]] for _ in LENGTHS]
    targets = [row[int(random.integers(CANDIDATES))] for row in candidates]
    z = torch.stack([network(w, sequence) for sequence in sequences])
    logits = linear(z, w, "s_fc")
    padded = [sequence + [ITEMS] * (LENGTH - len(sequence)) for sequence in sequences]
    save(f"{folder}/{name}.expected.safetensors", {
        "sequences": torch.tensor(padded), "lengths": torch.tensor(LENGTHS),
        "targets": torch.tensor(targets), "candidates": torch.tensor(candidates),
        "logits": logits, "sequence_embedding": z}, metadata)
    catalogue = [list(range(ITEMS))] * len(LENGTHS)
    save_json(f"{folder}/{name}.metrics.json", {
        f"candidates_{CANDIDATES}": rank_all(logits, targets, candidates),
        "full_catalogue": rank_all(logits, targets, catalogue)})


def make(folder):
    make_case(folder, "sasrec", "SASRec", sasrec, sasrec_shapes(), WIDTH, 21, {})
    make_case(folder, "gru4rec", "GRU", gru4rec, gru4rec_shapes(), WIDTH, 22, {})
    make_case(folder, "caser", "Caser", caser, caser_shapes(), WIDTH + FILTERS * len(HEIGHTS), 23,
              {"num_filters": FILTERS, "filter_sizes": HEIGHTS})
