"""Makes the reference vectors, or checks that the committed ones can be made again.

make.py [--check] [metrics] [recommender] [llm] [peft] [tokenizer] [chat] [gguf] [families]
"""
import importlib
import os
import shutil
import sys
import tempfile

from vectors import compare

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")

# Folder of vectors: the module whose tests read it, and the generator.
VECTORS = {
    "metrics": ("ilora-data", "metrics"),
    "recommender": ("ilora-engine", "recommenders"),
    "llm": ("ilora-engine", "llama"),
    "peft": ("ilora-engine", "adapters"),
    "tokenizer": ("ilora-library", "tokenizer"),
    "chat": ("ilora-library", "chat"),
    "gguf": ("ilora-engine", "quantised"),
    "families": ("ilora-engine", "families"),
}


def generate(name, folder):
    importlib.import_module(VECTORS[name][1]).make(folder)


def committed(name):
    return os.path.normpath(os.path.join(ROOT, VECTORS[name][0], "src/test/resources/reference", name))


def check(name):
    with tempfile.TemporaryDirectory() as folder:
        generate(name, folder)
        mistakes, worst = compare(folder, committed(name))
    print(f"{name:12s} largest difference {worst:.1e} of a tensor's largest value")
    for mistake in mistakes:
        print("  " + mistake)
    return not mistakes


def main(arguments):
    names = [name for name in arguments if name != "--check"] or list(VECTORS)
    unknown = [name for name in names if name not in VECTORS]
    if unknown:
        sys.exit(f"unknown: {unknown}; expected {list(VECTORS)}")
    if "--check" in arguments:
        sys.exit(0 if all([check(name) for name in names]) else 1)
    for name in names:
        shutil.rmtree(committed(name), ignore_errors=True)
        generate(name, committed(name))
        print(committed(name))


if __name__ == "__main__":
    main(sys.argv[1:])
