package dev.ilora.llm;

import dev.ilora.adapter.PeftAdapter;
import dev.ilora.tensor.Tensor;

/** Learned keys and values in front of sequences, as a cache that has seen them already. */
public final class PrefixCache {
  private PrefixCache() {}

  /**
   * A cache that begins with a prefix: the first token of each sequence stands at position V.
   *
   * @param prefix of V columns, in the base model's shape
   * @param sequences B
   * @param room for tokens after the prefix
   */
  public static KvCache of(Llama llama, PeftAdapter.Prefix prefix, int sequences, int room) {
    LlamaConfig config = llama.config();
    Tensor all = prefix.keysAndValues();
    int width = config.headWidth();
    int groups = config.keyValueHeads();
    all.requireShape("prefix", -1, config.layers(), 2, (long) groups * width);
    int columns = (int) all.size(0);
    KvCache cache = llama.newCache(sequences, columns + room);
    Tensor at = Tensor.arange(columns, llama.device());
    cache.reserve(at);
    Looks looks = new Looks(config, at, at, null, null);
    long[] shape = {sequences, groups, columns, width};
    for (int layer = 0; layer < config.layers(); layer++) {
      Tensor own = all.select(1, layer);
      // Cached keys have pairs of elements side by side, turned or not.
      Tensor keys =
          looks
              .of(layer)
              .paired(own.select(1, 0))
              .view(columns, groups, 2, width / 2)
              .transpose(2, 3)
              .reshape(1, columns, groups, width);
      Tensor values = own.select(1, 1).reshape(1, columns, groups, width);
      cache.put(layer, keys.transpose(1, 2).expand(shape), values.transpose(1, 2).expand(shape));
    }
    cache.advance(columns);
    return cache;
  }
}
