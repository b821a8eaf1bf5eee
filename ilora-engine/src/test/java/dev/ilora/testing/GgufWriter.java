package dev.ilora.testing;

import dev.ilora.gguf.GgufFile;
import dev.ilora.gguf.MetadataValue;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes GGUF files for tests: metadata, and tensors in F32. Whole numbers become uint32, or int32
 * in arrays, and other numbers float32.
 */
public final class GgufWriter {
  private static final int ALIGNMENT = 32;

  private final Map<String, Object> metadata = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /** A file of a Llama, without a tokenizer: its weights as llama.cpp's converter puts them. */
  public static GgufWriter of(Llama llama) {
    LlamaConfig config = llama.config();
    GgufWriter writer =
        new GgufWriter()
            .with("general.architecture", "llama")
            .with("llama.block_count", config.layers())
            .with("llama.context_length", config.maxPositions())
            .with("llama.embedding_length", config.hiddenSize())
            .with("llama.feed_forward_length", config.intermediateSize())
            .with("llama.attention.head_count", config.heads())
            .with("llama.attention.head_count_kv", config.keyValueHeads())
            .with("llama.attention.layer_norm_rms_epsilon", config.normEpsilon())
            .with("llama.attention.key_length", config.headWidth())
            .with("llama.attention.value_length", config.headWidth())
            .with("llama.rope.freq_base", config.rope().theta());
    llama
        .parameters()
        .forEach(
            (name, weight) -> {
              int heads =
                  name.contains("q_proj")
                      ? config.heads()
                      : name.contains("k_proj") ? config.keyValueHeads() : 0;
              writer.tensor(named(name), heads == 0 ? weight : interleaved(weight, heads));
            });
    return writer;
  }

  /** What is in a file. */
  public static GgufWriter copyOf(Path file) {
    GgufWriter writer = new GgufWriter();
    try (GgufFile open = GgufFile.open(file)) {
      open.metadata()
          .all()
          .forEach(
              (key, value) -> {
                Object held = ((MetadataValue.Scalar) value).value();
                writer.with(key, held instanceof Long whole ? (Object) whole.intValue() : held);
              });
      open.names().forEach(name -> writer.tensor(name, open.load(name)));
    }
    return writer;
  }

  /** The name in GGUF files of a weight of a Hugging Face folder. */
  public static String named(String name) {
    return name.replace("model.layers.", "blk.")
        .replace("model.embed_tokens", "token_embd")
        .replace("model.norm", "output_norm")
        .replace("lm_head", "output")
        .replace("input_layernorm", "attn_norm")
        .replace("post_attention_layernorm", "ffn_norm")
        .replace("self_attn.o_proj", "attn_output")
        .replaceAll("self_attn\\.(.)_proj", "attn_$1")
        .replaceAll("mlp\\.(\\w+)_proj", "ffn_$1");
  }

  /** Rows i and i + D / 2 of each head as neighbours. */
  private static Tensor interleaved(Tensor rows, int heads) {
    long[] shape = rows.shape();
    return rows.view(heads, 2, shape[0] / heads / 2, rows.numel() / shape[0])
        .transpose(1, 2)
        .reshape(shape);
  }

  /** Adds a text, a number, a flag or a list of one kind of them. */
  public GgufWriter with(String key, Object value) {
    metadata.put(key, value);
    return this;
  }

  /** Says another architecture than llama, in the keys of its own too. */
  public GgufWriter as(String architecture) {
    Map<String, Object> renamed = new LinkedHashMap<>();
    metadata.forEach(
        (key, value) -> renamed.put(key.replaceFirst("^llama\\.", architecture + "."), value));
    metadata.clear();
    metadata.putAll(renamed);
    return with("general.architecture", architecture);
  }

  /** Leaves an entry or a tensor out. */
  public GgufWriter without(String name) {
    if (metadata.remove(name) == null && tensors.remove(name) == null) {
      throw new IllegalArgumentException("there is no " + name);
    }
    return this;
  }

  /** Adds a tensor. */
  public GgufWriter tensor(String name, Tensor tensor) {
    tensors.put(name, tensor);
    return this;
  }

  /** Writes the file. */
  public Path write(Path file) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    put(out, 4, 3);
    put(out, 8, tensors.size());
    put(out, 8, metadata.size());
    metadata.forEach(
        (key, value) -> {
          text(out, key);
          put(out, 4, type(value, false));
          value(out, value);
        });
    long offset = 0;
    for (var tensor : tensors.entrySet()) {
      long[] shape = tensor.getValue().shape();
      text(out, tensor.getKey());
      put(out, 4, shape.length);
      for (int i = shape.length - 1; i >= 0; i--) {
        put(out, 8, shape[i]);
      }
      put(out, 4, 0);
      put(out, 8, offset);
      offset += padded(tensor.getValue().numel() * Float.BYTES);
    }
    tensors.values().forEach(tensor -> data(out, tensor.toFloats()));
    try {
      return Files.write(file, out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void data(ByteArrayOutputStream out, float[] values) {
    out.writeBytes(new byte[(int) (padded(out.size()) - out.size())]);
    for (float value : values) {
      put(out, 4, Float.floatToRawIntBits(value));
    }
  }

  private static long padded(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static int type(Object value, boolean inArray) {
    return switch (value) {
      case Integer _ -> inArray ? 5 : 4;
      case Number _ -> 6;
      case Boolean _ -> 7;
      case String _ -> 8;
      case List<?> _ -> 9;
      default -> throw new IllegalArgumentException(value.toString());
    };
  }

  private static void value(ByteArrayOutputStream out, Object value) {
    switch (value) {
      case Integer whole -> put(out, 4, whole);
      case Number number -> put(out, 4, Float.floatToRawIntBits(number.floatValue()));
      case Boolean flag -> put(out, 1, flag ? 1 : 0);
      case String text -> text(out, text);
      case List<?> list -> {
        put(out, 4, type(list.getFirst(), true));
        put(out, 8, list.size());
        list.forEach(element -> value(out, element));
      }
      default -> throw new IllegalArgumentException(value.toString());
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    put(out, 8, bytes.length);
    out.writeBytes(bytes);
  }

  private static void put(ByteArrayOutputStream out, int bytes, long value) {
    byte[] all = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    out.write(all, 0, bytes);
  }
}
