"""Writes, reads and compares reference vectors."""
import json
import os
import struct

import numpy as np
from safetensors.numpy import load_file

DTYPES = {"float32": "F32", "int64": "I64"}

# Of the largest value of a tensor: other processors and library versions sum in another order.
TOLERANCE = 1e-5


def save(path, tensors, metadata=None):
    """Writes torch tensors as safetensors, in the order given."""
    header, offset, blobs = {}, 0, []
    if metadata:
        header["__metadata__"] = {key: str(value) for key, value in metadata.items()}
    for name, tensor in tensors.items():
        array = tensor.detach().contiguous().numpy()
        raw = array.tobytes()
        header[name] = {
            "dtype": DTYPES[str(array.dtype)],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + len(raw)],
        }
        offset += len(raw)
        blobs.append(raw)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def save_json(path, value):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1, ensure_ascii=False)
        file.write("\n")


def files(folder):
    """Paths of all files below a folder, relative to it."""
    found = []
    for at, _, names in os.walk(folder):
        found += [os.path.relpath(os.path.join(at, name), folder) for name in names]
    return sorted(found)


def compare(made, stored):
    """Returns what differs between two folders of vectors, and the largest relative difference."""
    mistakes, worst = [], 0.0
    if files(made) != files(stored):
        mistakes.append(f"{stored}: other files: {sorted(set(files(made)) ^ set(files(stored)))}")
    for name in set(files(made)) & set(files(stored)):
        a, b = os.path.join(made, name), os.path.join(stored, name)
        if name.endswith(".safetensors"):
            found, difference = compare_tensors(a, b)
            mistakes += found
            worst = max(worst, difference)
        elif name.endswith(".gguf"):
            if read_bytes(a) != read_bytes(b):
                mistakes.append(f"{b}: differs")
        elif not same_json(read_json(a), read_json(b)):
            mistakes.append(f"{b}: differs")
    return mistakes, worst


def compare_tensors(made, stored):
    a, b, mistakes, worst = load_file(made), load_file(stored), [], 0.0
    if {k: v.shape for k, v in a.items()} != {k: v.shape for k, v in b.items()}:
        return [f"{stored}: other names or shapes"], worst
    for name in a:
        scale = max(np.abs(b[name]).max(), 1e-30)
        difference = float(np.abs(a[name].astype("f8") - b[name]).max() / scale)
        worst = max(worst, difference)
        exact = b[name].dtype.kind != "f"
        if not difference <= (0 if exact else TOLERANCE):
            mistakes.append(f"{stored}: {name} differs by {difference:.1e} of its largest value")
    return mistakes, worst


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def same_json(a, b):
    """Equal, but for the last digits of numbers."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same_json(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same_json(x, y) for x, y in zip(a, b))
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= 1e-12 * max(1, abs(b))
    return a == b
