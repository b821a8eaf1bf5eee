"""The logits that PEFT gives with adapters over a base model, for `ilora model verify`.

    exported.py BASE ADAPTER...        writes ADAPTER.safetensors beside each
"""
import os
import sys
import warnings

os.environ["HF_HUB_OFFLINE"] = "1"
warnings.filterwarnings("ignore", category=FutureWarning)

import torch
import transformers
from peft import PeftModel
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

LENGTHS = [24, 17, 9]


def main(base, *adapters):
    transformers.utils.logging.disable_progress_bar()
    model = AutoModelForCausalLM.from_pretrained(
        base, dtype=torch.float32, attn_implementation="eager").eval()
    vocabulary = model.config.vocab_size
    gen = torch.Generator().manual_seed(11)
    rows = [torch.randint(3, vocabulary, (length,), generator=gen) for length in LENGTHS]
    with torch.no_grad():
        before = model(rows[0][None]).logits[0].clone()
        for adapter in adapters:
            adapted = PeftModel.from_pretrained(model, adapter).eval()
            write(f"{adapter}.safetensors", adapted, rows, before)
            # Of virtual tokens nothing was put into the model.
            learned = adapted.active_peft_config.is_prompt_learning
            model = adapted.get_base_model() if learned else adapted.unload()


def write(file, adapted, rows, before):
    ids = torch.zeros(len(rows), max(LENGTHS), dtype=torch.int64)
    logits = torch.zeros(len(rows), max(LENGTHS), before.shape[-1])
    for row, tokens in enumerate(rows):
        ids[row, : len(tokens)] = tokens
        # Logits of virtual tokens come first.
        logits[row, : len(tokens)] = adapted(tokens[None]).logits[0, -len(tokens):]
    # An adapter that changes nothing would pass any comparison.
    change = (logits[0, : LENGTHS[0]] - before).abs().max().item()
    if change < 1e-3:
        sys.exit(f"{file}: the adapter changes logits by {change:.1e} at most; expected a trained one")
    print(f"{os.path.basename(file)}: changes logits by up to {change:.2f}")
    save_file({"input_ids": ids, "lengths": torch.tensor(LENGTHS), "logits": logits}, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
