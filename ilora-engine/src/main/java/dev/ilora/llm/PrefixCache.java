package dev.ilora.llm;

import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.PeftAdapter;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

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
      LearnedColumns own = LearnedColumns.of(all.select(1, layer), looks.of(layer), config);
      cache.put(
          layer,
          own.keys().transpose(0, 1).unsqueeze(0).expand(shape),
          own.values().transpose(0, 1).unsqueeze(0).expand(shape));
    }
    cache.advance(columns);
    return cache;
  }

  /**
   * The prefix that does what tokens do that stand before a prompt: their keys and values.
   *
   * @param tokens V of them
   */
  public static PeftAdapter.Prefix ofTokens(Llama llama, int[] tokens) {
    try (var scope = Scope.open()) {
      return Torch.noGrad(
          () -> {
            LlamaConfig config = llama.config();
            Tensor ids = Tensor.ofInts(tokens, 1, tokens.length).to(llama.device());
            Tensor at = Tensor.arange(tokens.length, llama.device());
            Looks looks = new Looks(config, at, at, null, null);
            List<Tensor> layers = new ArrayList<>();
            try (KvCache cache = llama.newCache(1, tokens.length)) {
              var attention = new Attention.Cached(cache, at, null);
              llama.hidden(llama.embed(ids), attention, Adaptation.NONE);
              for (int layer = 0; layer < config.layers(); layer++) {
                Tensor keys = cache.keys(layer, tokens.length).select(0, 0).transpose(0, 1);
                Tensor values = cache.values(layer, tokens.length).select(0, 0).transpose(0, 1);
                layers.add(
                    new LearnedColumns(keys.contiguous(), values.contiguous())
                        .learned(looks.of(layer))
                        .to(DType.F32));
              }
            }
            return new PeftAdapter.Prefix(scope.keep(Tensor.stack(layers, 1)));
          });
    }
  }
}
