package dev.ilora.inspect;

import dev.ilora.BadInputException;
import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.AdapterFolder;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.PeftAdapter;
import dev.ilora.llm.Attention;
import dev.ilora.llm.KvCache;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.PrefixCache;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A language model compared with what another program computed with it: logits of the same tokens,
 * in 32 bits. Each row is run by itself, so that padding cannot matter.
 *
 * @param rows compared
 * @param positions compared, of all rows together
 * @param vocabulary tokens that were scored after each
 * @param largestDifference between two logits; infinite where the model's is no number
 * @param at where it is
 * @param sameBest positions after which the same token scores highest
 */
public record LogitsCheck(
    int rows, int positions, int vocabulary, double largestDifference, Place at, int sameBest) {

  /**
   * One logit, all counted from 0.
   *
   * @param row of the batch
   * @param position in the row
   * @param token whose score it is
   * @param expected what the file says
   * @param found what the model computes
   */
  public record Place(int row, int position, int token, float expected, float found) {}

  /**
   * Runs a model and compares.
   *
   * @param model a Hugging Face folder or a GGUF file
   * @param adapter a folder of LoRA, virtual tokens or a prefix in PEFT's layout
   * @param expected a safetensors file with {@code input_ids} (rows, length), {@code lengths}
   *     (rows) and {@code logits} (rows, length, vocabulary)
   * @throws BadInputException if the model or the adapter cannot be loaded, the adapter is a
   *     mixture, or the file lacks a tensor or holds one that does not fit, naming it
   */
  public static LogitsCheck of(Path model, Optional<Path> adapter, Path expected) {
    try (var _ = Scope.open()) {
      LlamaConfig config = LlamaConfig.read(LlamaConfig.fileOf(model));
      ExpectedLogits logits = ExpectedLogits.read(expected, config.vocabularySize());
      Optional<PeftAdapter> added = adapter.map(folder -> adapter(folder, config));
      Llama llama = Llama.load(model, Device.CPU, DType.F32);
      Comparison comparison = new Comparison(config.vocabularySize());
      Torch.noGrad(() -> compare(llama, added, logits, comparison));
      return comparison.result(logits.lengths().length);
    }
  }

  private static PeftAdapter adapter(Path folder, LlamaConfig config) {
    PeftAdapter adapter = AdapterFolder.open(folder, config.shape(), Device.CPU);
    if (adapter instanceof PeftAdapter.Lora(Adapters adapters) && adapters.config().experts() > 1) {
      throw new BadInputException(
          folder,
          "is a mixture of %s experts, which a gate weighs for each user: expected plain LoRA"
              .formatted(adapters.config().experts()));
    }
    return adapter;
  }

  /**
   * Hidden states of one row's tokens.
   *
   * @param ids I64, (1, T)
   * @return (T, C)
   */
  private static Tensor hidden(Llama llama, Optional<PeftAdapter> adapter, Tensor ids) {
    Tensor embeddings = llama.embed(ids);
    int length = (int) ids.size(1);
    Tensor all =
        switch (adapter.orElse(null)) {
          case null -> llama.hidden(embeddings, Attention.causal(), Adaptation.NONE);
          case PeftAdapter.Lora(Adapters adapters) ->
              llama.hidden(embeddings, Attention.causal(), Adaptation.of(adapters, 1, false));
          case PeftAdapter.VirtualTokens(Tensor tokens) ->
              llama.hidden(
                  Tensor.cat(List.of(tokens.unsqueeze(0), embeddings), 1),
                  Attention.causal(),
                  Adaptation.NONE);
          case PeftAdapter.Prefix prefix -> {
            KvCache cache = PrefixCache.of(llama, prefix, 1, length);
            int first = cache.columns();
            Tensor positions = Tensor.arange(first + length, Device.CPU);
            yield llama.hidden(
                embeddings,
                new Attention.Cached(cache, positions.slice(0, first, first + length), null),
                Adaptation.NONE);
          }
        };
    // Virtual tokens come before those that are asked for.
    return all.select(0, 0).slice(0, all.size(1) - length, all.size(1));
  }

  private static void compare(
      Llama llama, Optional<PeftAdapter> adapter, ExpectedLogits expected, Comparison comparison) {
    for (int row = 0; row < expected.lengths().length; row++) {
      try (var _ = Scope.open()) {
        int length = expected.lengths()[row];
        Tensor ids = expected.ids().slice(0, row, row + 1).slice(1, 0, length);
        comparison.row(llama, row, hidden(llama, adapter, ids), expected.logits().select(0, row));
      }
    }
  }
}
