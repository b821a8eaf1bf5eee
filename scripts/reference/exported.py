"""The logits that PEFT gives with an adapter over a base model, for `ilora model verify`.

    exported.py BASE ADAPTER OUT.safetensors
"""
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from peft import PeftModel
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

LENGTHS = [24, 17, 9]


def main(base, adapter, out):
    model = AutoModelForCausalLM.from_pretrained(
        base, dtype=torch.float32, attn_implementation="eager")
    frozen = model.eval()
    vocabulary = frozen.config.vocab_size
    gen = torch.Generator().manual_seed(11)
    ids = torch.zeros(len(LENGTHS), max(LENGTHS), dtype=torch.int64)
    logits = torch.zeros(len(LENGTHS), max(LENGTHS), vocabulary)
    rows = [torch.randint(3, vocabulary, (length,), generator=gen) for length in LENGTHS]
    with torch.no_grad():
        before = frozen(rows[0][None]).logits[0].clone()
        adapted = PeftModel.from_pretrained(frozen, adapter).eval()
        for row, tokens in enumerate(rows):
            ids[row, : len(tokens)] = tokens
            logits[row, : len(tokens)] = adapted(tokens[None]).logits[0]
    # An adapter that changes nothing would pass any comparison.
    change = (logits[0, : LENGTHS[0]] - before).abs().max().item()
    if change < 1e-3:
        sys.exit(f"{adapter}: changes the logits by {change:.2e} at most; expected an adapter that is trained")
    save_file(
        {"input_ids": ids, "lengths": torch.tensor(LENGTHS), "logits": logits}, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
