package dev.ilora.recommend;

import dev.ilora.BadInputException;
import dev.ilora.adapter.AdapterFolder;
import dev.ilora.adapter.Adapters;
import dev.ilora.data.Case;
import dev.ilora.files.WholeFolder;
import dev.ilora.hybrid.GateInput;
import dev.ilora.hybrid.OpenModel;
import dev.ilora.hybrid.Tuning;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Adapters of a model as one LoRA or DoRA, for other programs: one expert, or the sum of the
 * experts as a gate weighs them for one history. PEFT reads the folder.
 *
 * <p>The adapter is exact. What it was trained with is not in it: the prompts, and the vectors of
 * items in them.
 */
public final class LoraExport {
  private LoraExport() {}

  /** Which experts the adapter holds. */
  public sealed interface Part {
    /** The only one of a model without a gate. */
    record Only() implements Part {}

    /**
     * One expert, with weight one.
     *
     * @param number from 1
     */
    record Expert(int number) implements Part {}

    /**
     * All of them as the gate weighs them for a user.
     *
     * @param request whose history and user count
     */
    record ForUser(Request request) implements Part {}
  }

  /**
   * Writes an adapter.
   *
   * @param model folder of the model
   * @param target folder to write, which does not exist yet
   * @return the rank of the adapter
   * @throws BadInputException if the model has no adapters, or no such part, or there is something
   *     under the target's name
   */
  public static int write(Path model, LoadOptions options, Part part, Path target) {
    try (Adapters lora = adapter(model, options, part)) {
      String base = ModelFolder.card(model).base().orElseThrow().name();
      WholeFolder.write(
          target,
          draft -> {
            requireFree(target);
            AdapterFolder.save(lora, draft, base);
          });
      return lora.config().totalRank();
    }
  }

  /** Refuses a target that is there. */
  static void requireFree(Path target) throws IOException {
    if (!WholeFolder.isFree(target)) {
      throw new BadInputException(target, "exists already; choose another folder");
    }
  }

  /** One expert that does what a part of a model does; closed by the caller. */
  static Adapters adapter(Path model, LoadOptions options, Part part) {
    try (OpenModel opened = ModelFolder.open(model, options)) {
      return lora(model, opened, part);
    }
  }

  private static Adapters lora(Path model, OpenModel opened, Part part) {
    return switch (opened.model().tuning()) {
      case Tuning.Frozen _ ->
          throw new BadInputException(model, "has no adapters: its language model is as it was");
      case Tuning.VirtualTokens _ ->
          throw new BadInputException(
              model,
              "has virtual tokens and no LoRA: PEFT reads these from the model's folder as it is");
      case Tuning.Prefix _ ->
          throw new BadInputException(
              model, "has a prefix and no LoRA: PEFT reads it from the model's folder as it is");
      case Tuning.Lora(Adapters adapters) -> {
        if (!(part instanceof Part.Only)) {
          throw new BadInputException(
              model, "has one adapter and no gate: it is the same for every user");
        }
        // As it is: rsLoRA stays rsLoRA.
        yield adapters.shadow();
      }
      case Tuning.Mixture mixture -> {
        float[] values;
        long[] shape;
        try (var _ = Scope.open()) {
          Tensor weights = weights(model, opened, mixture, part);
          values = weights.toFloats();
          shape = weights.shape();
        }
        yield fixed(mixture.adapters(), values, shape);
      }
    };
  }

  private static Adapters fixed(Adapters adapters, float[] weights, long... shape) {
    Tensor expertWeights = Tensor.of(weights, shape);
    try {
      return adapters.withFixed(expertWeights);
    } finally {
      expertWeights.close();
    }
  }

  private static Tensor weights(Path model, OpenModel opened, Tuning.Mixture mixture, Part part) {
    int experts = mixture.adapters().config().experts();
    return switch (part) {
      case Part.Only _ ->
          throw new BadInputException(
              model,
              "has %s experts and a gate: choose one expert, or a user whom they are weighed for"
                  .formatted(experts));
      case Part.Expert(int number) -> {
        if (number < 1 || number > experts) {
          throw new BadInputException(
              model, "has experts 1 to %s, not %s".formatted(experts, number));
        }
        float[] one = new float[experts];
        one[number - 1] = 1;
        yield Tensor.of(one, experts);
      }
      case Part.ForUser(Request request) -> {
        if (mixture.input() instanceof GateInput.PromptMean) {
          throw new BadInputException(
              model,
              "weighs experts by the whole prompt, so that a user's weights differ from one list"
                  + " of candidates to another: choose one expert");
        }
        Tensor weights = opened.model().expertWeights(List.of(asked(model, request))).orElseThrow();
        yield weights.select(weights.dim() - 2, 0);
      }
    };
  }

  /** A case of the user; which candidate it has plays no part in the weights. */
  private static Case asked(Path model, Request request) {
    Catalogue catalogue = ModelFolder.catalogue(model);
    int history = ModelFolder.card(model).limits().history();
    CatalogueItem any =
        catalogue.items().stream()
            .filter(item -> !request.history().contains(item))
            .findFirst()
            .orElseThrow(() -> new BadInputException(model, "the history holds every item"));
    return Asked.of(List.of(request.among(List.of(any))), catalogue, history).getFirst().toCase();
  }
}
