"""GGUF files: every tensor type, with the values that the `gguf` package computes, and broken ones.

Seeds are fixed, so the bytes are the same every time.
"""
import os
import struct

import numpy as np
from gguf import GGUFReader, GGUFValueType, GGUFWriter
from gguf.constants import GGML_QUANT_SIZES
from gguf.constants import GGMLQuantizationType as T
from gguf.quants import dequantize, quantize
from safetensors.numpy import save_file

from vectors import save_json

QUANTISABLE = [T.F32, T.F16, T.BF16, T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.Q8_0]

# Where the scales stand in a block; all other bytes are random.
SCALES = {
    T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0], T.Q2_K: [80, 82],
    T.Q3_K: [108], T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208], T.IQ4_NL: [0], T.IQ4_XS: [0],
}
ROWS, COLUMNS = 4, 256


def random_blocks(kind, source):
    values, size = GGML_QUANT_SIZES[kind]
    count = ROWS * COLUMNS // values
    raw = source.integers(0, 256, (count, size), dtype=np.uint8)
    for at in SCALES[kind]:
        size = source.uniform(0.002, 0.05, count)
        scale = (size * source.choice([-1, 1], count, p=[0.25, 0.75])).astype(np.float16)
        scale[-1] = np.float16(3e-6)  # subnormal
        raw[:, at : at + 2] = scale.view(np.uint8).reshape(count, 2)
    return raw.reshape(ROWS, -1)


def metadata(writer):
    writer.add_uint8("test.uint8", 255)
    writer.add_int8("test.int8", -128)
    writer.add_uint16("test.uint16", 65535)
    writer.add_int16("test.int16", -32768)
    writer.add_uint32("test.uint32", 4294967295)
    writer.add_int32("test.int32", -2147483648)
    writer.add_uint64("test.uint64", 18446744073709551615)
    writer.add_int64("test.int64", -9223372036854775808)
    writer.add_float32("test.float32", 0.1)
    writer.add_float64("test.float64", 0.1)
    writer.add_bool("test.true", True)
    writer.add_bool("test.false", False)
    writer.add_string("test.string", "Amélie \U0001F3AC\n\"quoted\"")
    writer.add_key_value("test.empty_string", "", GGUFValueType.STRING)
    for name, kind, values in [
        ("int32", GGUFValueType.INT32, [1, -2, 3]),
        ("float32", GGUFValueType.FLOAT32, [0.5, -1.5, 1e-7]),
        ("uint8", GGUFValueType.UINT8, [0, 128, 255]),
        ("bool", GGUFValueType.BOOL, [True, False, True]),
        ("uint64", GGUFValueType.UINT64, [2**40, 2**64 - 1]),
    ]:
        writer.add_key_value(f"test.array.{name}", values, GGUFValueType.ARRAY, kind)
    writer.add_array("test.array.string", ["Ġthe", "", "七人の侍", "<|im_end|>"])


def quantised(kind, source):
    x = (source.standard_normal((ROWS, COLUMNS)) * 0.3).astype(np.float32)
    if kind == T.F16:
        x[0, :8] = [0.0, -0.0, 65504.0, -65504.0, 6e-8, -6e-8, 6.1e-5, 1 / 3]
        return x.astype(np.float16)
    if kind == T.BF16:
        x[0, :6] = [0.0, -0.0, 3.0e38, -1e-38, 1.00390625, 1.01171875]  # two ties of the rounding
    elif kind != T.F32:
        x[1, :32] = 0.0  # a block of zeros
    return x if kind == T.F32 else quantize(x, kind)


def sound(folder):
    source = np.random.default_rng(20240501)
    tensors = [(f"{kind.name}.quantised", kind, quantised(kind, source)) for kind in QUANTISABLE]
    tensors += [(f"{kind.name}.random", kind, random_blocks(kind, source)) for kind in SCALES]
    tensors.append(("vector.F32", T.F32, source.standard_normal(7).astype(np.float32)))
    cube = source.standard_normal((2, 3, 5)).astype(np.float16)
    tensors.append(("three_dims.F16", T.F16, cube))
    write(f"{folder}/types.gguf", tensors)
    aligned = f"{folder}/types_align64.gguf"
    write(aligned, tensors[-2:] + tensors[3:5], alignment=64)
    with open(aligned, "rb") as file:
        raw = bytearray(file.read())
    raw[4:8] = struct.pack("<I", 2)
    save_bytes(f"{folder}/types_version2.gguf", raw)
    expect(folder)


def write(path, tensors, alignment=None):
    writer = GGUFWriter(path, "llama")
    writer.add_quantization_version(2)
    metadata(writer)
    if alignment:
        writer.add_custom_alignment(alignment)
    for name, kind, data in tensors:
        writer.add_tensor(name, data, raw_dtype=None if kind in (T.F32, T.F16) else kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def expect(folder):
    reader = GGUFReader(f"{folder}/types.gguf")
    expected, tensors, fields = {}, [], {}
    for t in reader.tensors:
        shape = [int(size) for size in reversed(t.shape)]
        values = dequantize(t.data, t.tensor_type).astype(np.float32).reshape(shape)
        assert np.isfinite(values).all(), t.name
        expected[t.name] = np.ascontiguousarray(values)
        tensors.append({"name": t.name, "type": t.tensor_type.name, "shape": shape})
    for field in reader.fields.values():
        if not field.name.startswith("GGUF."):
            types = [kind.name for kind in field.types]
            fields[field.name] = {"type": types, "value": field.contents()}
    save_file(expected, f"{folder}/expected.safetensors")
    save_json(f"{folder}/expected.json", {"metadata": fields, "tensors": tensors})


def text(content):
    raw = content.encode()
    return struct.pack("<Q", len(raw)) + raw


def entry(key, kind, payload):
    return text(key) + struct.pack("<I", kind) + payload


def info(name, dims, kind, offset, count=None):
    count = len(dims) if count is None else count
    sizes = struct.pack(f"<I{len(dims)}Q", count, *dims)
    return text(name) + sizes + struct.pack("<IQ", kind, offset)


ARCHITECTURE = entry("general.architecture", 8, text("llama"))
LAYERS = entry("llama.block_count", 4, struct.pack("<I", 1))
DATA = np.arange(8, dtype="<f4").tobytes()
FIRST = info("a", [4, 2], 0, 0)


def built(entries=(ARCHITECTURE, LAYERS), second=None, version=3, count=None, tensors=None, data=2):
    infos = [FIRST, second or info("b", [8], 0, 32)]
    tensors = len(infos) if tensors is None else tensors
    count = len(entries) if count is None else count
    head = b"GGUF" + struct.pack("<IQQ", version, tensors, count)
    head += b"".join(entries) + b"".join(infos)
    return head + b"\0" * (-len(head) % 32) + DATA * data


def nested(depth):
    value = struct.pack("<IQI", 4, 1, 7)
    for _ in range(depth):
        value = struct.pack("<IQ", 9, 1) + value
    return value


def broken():
    ok = built()
    name = text("general.architecture")
    yield "ok", ok
    yield "empty", b""
    yield "magic", b"GGUX" + ok[4:]
    yield "version_1", (b"GGUF" + struct.pack("<III", 1, 0, 1) + struct.pack("<I", 20)
                        + name[8:] + struct.pack("<II", 8, 5) + b"llama")
    yield "version_99", built(version=99)
    yield "big_endian", (b"GGUF" + struct.pack(">IQQ", 3, 0, 1) + struct.pack(">Q", 20)
                         + name[8:] + struct.pack(">IQ", 8, 5) + b"llama")
    yield "cut_in_header", ok[:12]
    yield "cut_in_metadata", ok[:50]
    yield "cut_in_tensor_infos", ok[: ok.index(text("b")) + 20]
    yield "cut_in_data", ok[:-4]
    yield "tensor_count_huge", built(tensors=1 << 60)
    yield "tensor_count_negative", built(tensors=(1 << 64) - 1)
    yield "kv_count_huge", built(count=1 << 60)
    yield "key_length_huge", ok[:24] + struct.pack("<Q", 1 << 62) + ok[32:]
    for fault, length in [("beyond_file", 1000000), ("negative", (1 << 64) - 1)]:
        wrong = entry("general.architecture", 8, struct.pack("<Q", length) + b"llama")
        yield "string_length_" + fault, built([wrong, LAYERS])
    for fault, value in [
        ("value_type_unknown", entry("x", 77, b"\0" * 4)),
        ("array_length_huge", entry("x", 9, struct.pack("<IQ", 10, 1 << 61) + b"\0" * 8)),
        ("array_element_unknown", entry("x", 9, struct.pack("<IQ", 200, 2) + b"\0" * 8)),
        ("array_nested", entry("x", 9, nested(120))),
        ("alignment_zero", entry("general.alignment", 4, struct.pack("<I", 0))),
        ("alignment_not_power_of_two", entry("general.alignment", 4, struct.pack("<I", 24))),
        ("alignment_wrong_type", entry("general.alignment", 8, text("32"))),
    ]:
        yield fault, built([ARCHITECTURE, value])
    twice = entry("llama.block_count", 4, struct.pack("<I", 2))
    yield "key_duplicate", built([ARCHITECTURE, LAYERS, twice])
    for fault, second in [
        ("tensor_type_unknown", info("b", [8], 250, 32)),
        ("tensor_type_removed", info("b", [8], 4, 32)),
        ("dims_count_huge", info("b", [8], 0, 32, count=1 << 31)),
        ("dims_negative", info("b", [(1 << 64) - 8], 0, 32)),
        ("dims_overflow", info("b", [1 << 32, 1 << 32], 0, 32)),
        ("dims_not_whole_blocks", info("b", [33], 2, 32)),
        ("offset_outside", info("b", [8], 0, 1 << 40)),
        ("offset_negative", info("b", [8], 0, (1 << 64) - 32)),
        ("tensors_overlap", info("b", [8], 0, 0)),
        ("tensor_name_duplicate", info("a", [8], 0, 32)),
    ]:
        yield fault, built(second=second)
    yield "offset_misaligned", built(second=info("b", [8], 0, 36), data=3)


def save_bytes(path, raw):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(raw)


def make(folder):
    os.makedirs(folder, exist_ok=True)
    sound(folder)
    for name, raw in broken():
        save_bytes(f"{folder}/broken/{name}.gguf", raw)
