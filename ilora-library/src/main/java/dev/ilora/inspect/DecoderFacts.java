package dev.ilora.inspect;

import dev.ilora.llm.DecoderForm;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.Sight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a decoder computes.
 *
 * @param architecture as Hugging Face's library calls it, such as {@code LlamaForCausalLM}
 * @param family as in {@code model_type}
 * @param width of the residual stream
 * @param headWidth elements of a head
 * @param feedForwardWidth values between the feed-forward layers
 * @param vocabulary rows of the embedding table
 * @param context longest it was trained for
 * @param tiedHead whether the output head is the embedding table
 * @param layerKinds what layers see and how positions enter, by kind
 * @param peculiarities in what it differs from Llama, apart from its layers' kinds
 */
public record DecoderFacts(
    String architecture,
    String family,
    int layers,
    int width,
    int heads,
    int keyValueHeads,
    int headWidth,
    int feedForwardWidth,
    int vocabulary,
    int context,
    boolean tiedHead,
    List<LayerKind> layerKinds,
    List<String> peculiarities) {

  /**
   * Layers that see alike.
   *
   * @param layers their numbers, from 0
   * @param window tokens that one sees, with itself; empty where it sees all before it
   * @param positions in words
   */
  public record LayerKind(List<Integer> layers, Optional<Integer> window, String positions) {}

  static DecoderFacts of(LlamaConfig config) {
    return new DecoderFacts(
        config.family().architecture(),
        config.family().modelType(),
        config.layers(),
        config.hiddenSize(),
        config.heads(),
        config.keyValueHeads(),
        config.headWidth(),
        config.intermediateSize(),
        config.vocabularySize(),
        config.maxPositions(),
        config.tiedHead(),
        kinds(config),
        peculiarities(config));
  }

  private static List<LayerKind> kinds(LlamaConfig config) {
    Map<Sight, List<Integer>> layers = new LinkedHashMap<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      Sight sight = config.form().layers().get(layer);
      layers.computeIfAbsent(sight, _ -> new ArrayList<>()).add(layer);
    }
    List<LayerKind> kinds = new ArrayList<>();
    layers.forEach(
        (sight, which) ->
            kinds.add(
                new LayerKind(
                    which,
                    sight.window() == Sight.ALL ? Optional.empty() : Optional.of(sight.window()),
                    RopeWords.of(sight.rope(), config.headWidth()))));
    return kinds;
  }

  private static List<String> peculiarities(LlamaConfig config) {
    DecoderForm form = config.form();
    List<String> found = new ArrayList<>();
    switch (form.norms()) {
      case BEFORE -> {}
      case AFTER -> found.add("norms after each branch");
      case AROUND -> found.add("norms before and after each branch");
    }
    switch (form.headNorms()) {
      case NONE -> {}
      case EACH_HEAD -> found.add("norms of each query and key head");
      case ALL_HEADS -> found.add("norms of all query and all key heads");
    }
    if (form.zeroCentredNorms()) {
      found.add("zero-centred norms");
    }
    switch (form.activation()) {
      case SILU -> {}
      case GELU_TANH -> found.add("activation " + form.activation().published());
    }
    switch (form.biases()) {
      case NONE -> {}
      case INPUTS -> found.add("biases of queries, keys and values");
      case ALL -> found.add("biases of all projections of attention");
    }
    addScales(form.scales(), DecoderForm.Scales.usual(config.headWidth()), found);
    return found;
  }

  private static void addScales(
      DecoderForm.Scales scales, DecoderForm.Scales usual, List<String> found) {
    addScale("embeddings times ", scales.embeddings(), usual.embeddings(), found);
    addScale("attention scores times ", scales.scores(), usual.scores(), found);
    addScale("branches times ", scales.branches(), usual.branches(), found);
    addScale("logits divided by ", scales.logitsDivisor(), usual.logitsDivisor(), found);
  }

  private static void addScale(String what, double scale, double usual, List<String> found) {
    if (scale != usual) {
      found.add(what + String.format(Locale.ROOT, "%.4g", scale));
    }
  }
}
