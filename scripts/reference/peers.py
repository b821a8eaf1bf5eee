"""Times PyTorch with PEFT over the prompts of `ilora bench prompts`, and drives the comparison of scripts/peers.

    peers.py torch WORK FOLDER PROMPTS THREADS REPETITIONS   one piece of work, as JSON
    peers.py compare ...                                      all programs in turns, as a page
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NEW_TOKENS = 16  # as GenerateBench
REPETITIONS = 3
RANK, ALPHA = 16, 32
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def torch_work(work, folder, prompts, threads, repetitions):
    import warnings

    import peft
    import torch
    import transformers

    warnings.simplefilter("ignore")
    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    dtype = torch.float32 if work == "train-fp32" else torch.bfloat16
    examples = json.loads(Path(prompts).read_text())
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=dtype)
    if work.startswith("train") or work == "score":
        lora = peft.LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=TARGETS, task_type="CAUSAL_LM")
        model = peft.get_peft_model(model, lora)
    run, tokens = {
        "train-bf16": training,
        "train-fp32": training,
        "score": scoring,
        "prompt": reading,
        "answer": answering,
    }[work](model, examples)
    seconds = [run() for _ in range(repetitions + 1)][1:]
    version = f"PyTorch {torch.__version__}, transformers {transformers.__version__}, PEFT {peft.__version__}"
    print(json.dumps({"seconds": seconds, "tokens": tokens, "version": version}))


def padded(rows):
    import torch

    longest = max(map(len, rows))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, mask


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def training(model, examples):
    """A step on the loss of the answers: forward, backward, clipping, AdamW."""
    import torch

    ids, mask = padded([e["prompt"] + e["answer"] for e in examples])
    labels = torch.full_like(ids, -100)
    for row, e in enumerate(examples):
        end = len(e["prompt"]) + len(e["answer"])
        labels[row, len(e["prompt"]) : end] = ids[row, len(e["prompt"]) : end]
    trained = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=1e-4)
    model.train()

    def step():
        optimiser.zero_grad(set_to_none=True)
        model(input_ids=ids, attention_mask=mask, labels=labels).loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1)
        optimiser.step()

    return lambda: timed(step), sum(len(e["prompt"]) + len(e["answer"]) - 1 for e in examples)


def scoring(model, examples):
    """The likelihood of every candidate: prompt and title together, all candidates of a query in one batch."""
    import torch

    model.eval()

    def score():
        with torch.inference_mode():
            for e in examples:
                ids, mask = padded([e["prompt"] + title for title in e["candidates"]])
                asked = len(e["prompt"])
                logits = model(input_ids=ids, attention_mask=mask, logits_to_keep=ids.shape[1] - asked + 1).logits
                scores = logits[:, :-1].float().log_softmax(-1).gather(-1, ids[:, asked:, None])[..., 0]
                (scores * mask[:, asked:]).sum(-1).tolist()

    return lambda: timed(score), len(examples)


def reading(model, examples):
    """The next token's logits, all prompts in one batch."""
    import torch

    model.eval()
    ids, mask = padded([e["prompt"] for e in examples])
    last = mask.sum(-1) - 1

    def read():
        with torch.inference_mode():
            hidden = model.model(input_ids=ids, attention_mask=mask).last_hidden_state
            model.lm_head(hidden[torch.arange(len(examples)), last]).float()

    return lambda: timed(read), sum(len(e["prompt"]) for e in examples)


def answering(model, examples):
    """Greedy answers, one at a time; the prompts are read before the clock starts."""
    import torch

    model.eval()

    def answer():
        taken = 0.0
        with torch.inference_mode():
            for e in examples:
                state = model(input_ids=torch.tensor([e["prompt"]]), use_cache=True, logits_to_keep=1)
                token = state.logits[:, -1].argmax(-1, keepdim=True)
                start = time.perf_counter()
                for _ in range(NEW_TOKENS - 1):
                    state = model(input_ids=token, past_key_values=state.past_key_values, use_cache=True)
                    token = state.logits[:, -1].argmax(-1, keepdim=True)
                taken += time.perf_counter() - start
        return taken

    return answer, (NEW_TOKENS - 1) * len(examples)


def measured(command):
    """The JSON that a command prints, and the highest resident size of its process in MiB."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{' '.join(map(str, command))}: exit code {process.returncode}")
        out.seek(0)
        return json.loads(out.read()), usage.ru_maxrss / 1024


def data_name(folder):
    """What the data set calls itself."""
    lines = (Path(folder) / "dataset.yaml").read_text().splitlines()
    return next(line.split(":", 1)[1].strip(' "') for line in lines if line.startswith("name:"))


class Peers:
    def __init__(self, args):
        self.args = args
        self.prompts = f"{args.folders}/prompts.json"
        self.examples = json.loads(Path(self.prompts).read_text())
        self.versions = {}
        self.sizes = None

    def ilora(self, bench, variants, dtype, weights=None):
        """Seconds of variants of one of our benches."""
        a = self.args
        command = [a.ilora, "bench", bench, "--llm", a.model, "--data", a.data, "--batch", a.batch]
        command += ["--threads", a.threads, "--repetitions", REPETITIONS, "--dtype", dtype, "--only", ",".join(variants)]
        command += ["--json"] + (["--no-memory"] if bench == "train" else [])
        command += ["--weights", weights] if weights else []
        result, peak = measured([str(word) for word in command])
        self.versions["ilora"] = "ilora " + result["machine"]["ilora"]
        self.machine = result["machine"]["processor"]
        return {m["name"]: m for m in result["measurements"]}, peak

    def torch(self, work):
        folder = f"{self.args.folders}/{'fp32' if work == 'train-fp32' else 'bf16'}"
        return self.other("torch", [sys.executable, __file__, "torch", work, folder, self.prompts, self.args.threads, REPETITIONS])

    def llama_cpp(self, work):
        script = Path(__file__).with_name("llama-cpp.mjs")
        a = self.args
        return self.other(
            "llama.cpp", ["node", script, a.node, a.model, self.prompts, a.threads, REPETITIONS, NEW_TOKENS, work]
        )

    def other(self, name, command):
        result, peak = measured([str(word) for word in command])
        self.versions[name] = result["version"]
        return result["tokens"], statistics.median(result["seconds"]), peak

    def rate(self, figure):
        tokens, seconds, peak = figure
        return tokens / seconds, peak

    def ways(self, work):
        """What is compared for a piece of work: (program, unit, function that gives a figure and the peak)."""
        queries = len(self.examples)

        def train(variant, dtype):
            measurements, peak = self.ilora("train", [variant], dtype)
            return measurements[f"{variant} {dtype}"]["figures"]["tokensPerSecond"], peak

        def score(variant):
            measurements, peak = self.ilora("score", [variant], "bf16")
            return queries / measurements[f"{variant} bf16"]["median_seconds"], peak

        def prompt():
            measurements, peak = self.ilora("score", ["prompt alone"], "bf16")
            tokens = sum(len(e["prompt"]) for e in self.examples)
            return tokens / measurements["prompt alone bf16"]["median_seconds"], peak

        def answer(weights=None):
            measurements, peak = self.ilora("generate", ["prompts one by one", "one by one"], "bf16", weights)
            return measurements["one by one bf16"]["figures"]["answerTokensPerSecond"], peak

        if work.startswith("train"):
            dtype = work.split("-")[1]
            return [
                ("ilora, one LoRA", "tokens/s", lambda: train("lora", dtype)),
                ("ilora, 4 experts and gate", "tokens/s", lambda: train("ilora", dtype)),
                ("PyTorch and PEFT, one LoRA", "tokens/s", lambda: self.rate(self.torch(work))),
            ]
        if work == "score":
            return [
                ("ilora, token trees", "queries/s", lambda: score("tree")),
                ("ilora, prompts alone", "queries/s", lambda: score("prompt alone")),
                ("PyTorch and PEFT", "queries/s", lambda: self.rate(self.torch(work))),
            ]
        own = [("ilora, bf16", "tokens/s", prompt if work == "prompt" else answer)]
        if work == "answer":
            own.insert(0, ("ilora, as stored", "tokens/s", lambda: answer("asis")))
        return own + [
            ("PyTorch, bf16", "tokens/s", lambda: self.rate(self.torch(work))),
            ("llama.cpp, as stored", "tokens/s", lambda: self.rate(self.llama_cpp(work))),
        ]


TITLES = {
    "train-bf16": "A training step, bf16",
    "train-fp32": "A training step, fp32",
    "score": "Scoring all candidates, bf16",
    "prompt": "Reading prompts",
    "answer": "Answering, one query at a time",
}


def compare(args):
    works = args.work.split(",")
    unknown = [w for w in works if w not in TITLES]
    if unknown:
        sys.exit(f"--work: unknown {', '.join(unknown)}; there are {', '.join(TITLES)}")
    peers = Peers(args)
    page = []
    for work in works:
        ways = peers.ways(work)
        figures = {name: [] for name, _, _ in ways}
        for turn in range(args.rounds):
            for name, unit, run in ways if turn % 2 == 0 else ways[::-1]:
                figures[name].append(run())
                print(f"{work}, round {turn + 1} of {args.rounds}: {name} {figures[name][-1][0]:.4g} {unit}", file=sys.stderr)
        last = ways[-1][0] if work != "prompt" else ways[1][0]
        base = statistics.median(f for f, _ in figures[last])
        page.append(f"## {TITLES[work]}\n")
        page.append(f"| program | {ways[0][1]} | times {last} | highest memory of the process, MiB |\n|---|---:|---:|---:|")
        for name, _, _ in ways:
            rates = [f for f, _ in figures[name]]
            peak = max(p for _, p in figures[name])
            middle = statistics.median(rates)
            page.append(f"| {name} | {middle:.4g} [{min(rates):.4g} .. {max(rates):.4g}] | {middle / base:.2f} | {peak:.0f} |")
        page.append("")
    lengths = [len(e["prompt"]) for e in peers.examples]
    head = [
        "# ilora beside other programs\n",
        "    scripts/peers MODEL.gguf --data DIR" + f" --rounds {args.rounds} --batch {args.batch} --work {args.work}\n",
        f"Measured on {time.strftime('%Y-%m-%d')}: {peers.machine}, {args.threads} threads, {Path(args.model).name}, "
        f"data {data_name(args.data)}. {len(lengths)} prompts of {statistics.mean(lengths):.0f} tokens on average, "
        f"{len(peers.examples[0]['candidates'])} candidates each, the same token ids for all programs; ilora adds item vectors to them. "
        f"Programs take turns, each in a process of its own; figures are medians of {args.rounds} rounds, each of them the median of "
        f"{REPETITIONS} repetitions after one to warm up, with the slowest and the fastest round in brackets. "
        f"{'; '.join(sorted(peers.versions.values()))}.\n",
    ]
    text = "\n".join(head + page)
    print(text)
    if args.out:
        Path(args.out).write_text(text)


def main():
    if sys.argv[1:2] == ["torch"]:
        work, folder, prompts, threads, repetitions = sys.argv[2:]
        return torch_work(work, folder, prompts, int(threads), int(repetitions))
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["compare"])
    for name in ["ilora", "node", "model", "data", "folders", "work", "out"]:
        parser.add_argument(f"--{name}")
    for name in ["rounds", "batch", "threads"]:
        parser.add_argument(f"--{name}", type=int)
    return compare(parser.parse_args())


if __name__ == "__main__":
    main()
