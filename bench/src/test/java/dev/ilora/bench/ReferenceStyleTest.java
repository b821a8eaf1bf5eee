package dev.ilora.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Gate;
import dev.ilora.adapter.GateConfig;
import dev.ilora.adapter.GateSizes;
import dev.ilora.adapter.Projection;
import dev.ilora.data.Case;
import dev.ilora.hybrid.CandidateScores;
import dev.ilora.hybrid.Conditioning;
import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.GateInput;
import dev.ilora.hybrid.Projector;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.Tuning;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.prompt.ChatUse;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.prompt.PromptEncoder;
import dev.ilora.prompt.PromptTemplate;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.ItemVectors;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.testing.InScope;
import dev.ilora.testing.OneThread;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Slower, but the same numbers: otherwise the comparison would mean nothing. */
@OneThread
@InScope
class ReferenceStyleTest {
  private static final List<String> TITLES =
      List.of("Red Fox", "Red Foxes", "Blue Sea of Stars", "Blue", "The Long Way Home", "Winter");
  private static final List<Case> QUERIES =
      List.of(
          Case.asked("u1", new int[] {3, 0, 5}, new int[] {1, 2, 4}),
          Case.asked("u2", new int[] {4}, new int[] {5, 3, 0}),
          Case.asked("u3", new int[] {2, 4, 1, 0}, new int[] {3, 5}));
  private static final List<Example> EXAMPLES =
      List.of(
          new Example(QUERIES.get(0).withTarget(2), false),
          new Example(QUERIES.get(1).withTarget(3), false),
          new Example(QUERIES.get(2).withTarget(5), false));

  private Tokenizer tokenizer;

  @BeforeEach
  void open() throws IOException {
    tokenizer = Tokenizers.train(TITLES, PromptTemplate.named("item-short"), 300);
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  private PromptModel model(
      ItemEmbeddings form, boolean userSlot, Set<Projection> targets, int experts) {
    int width = 16;
    LlamaConfig config = LlamaConfig.small(tokenizer.vocabularySize(), width, 24, 2, 4, 2, 256);
    Llama llama = Llama.create(config, 5, Device.CPU).trainable(false);
    llama.parameters().values().stream()
        .filter(weight -> weight.dim() == 2)
        .forEach(weight -> weight.mulInPlace(8));
    SequenceRecommender recommender =
        SequenceRecommender.create(
            new Architecture(Architecture.Model.SASREC, TITLES.size(), width, 10, 0, List.of()),
            7,
            Device.CPU);
    recommender.weights().values().forEach(weight -> weight.requiresGrad(false));
    Adapters adapters =
        Adapters.create(
            AdapterConfig.mixture(targets, experts, 4, 8, 0), config.shape(), 4, Device.CPU);
    PromptEncoder encoder =
        new PromptEncoder(
            tokenizer,
            PromptTemplate.named("item-short"),
            TITLES,
            form,
            userSlot,
            ChatUse.NEVER,
            256);
    PromptModel model =
        new PromptModel(
            llama,
            encoder,
            encoder,
            conditioning(recommender, form, userSlot),
            tuning(adapters, recommender));
    Torch.seed(11);
    Torch.noGrad(
        () -> {
          model
              .tuning()
              .adapterParameters()
              .values()
              .forEach(weight -> weight.normalInPlace(0, 0.1));
          model.tuning().gateParameters().values().forEach(weight -> weight.normalInPlace(0, 0.5));
        });
    return model;
  }

  private static Conditioning conditioning(
      SequenceRecommender guide, ItemEmbeddings form, boolean userSlot) {
    int width = guide.sequenceWidth();
    Optional<Conditioning.ProjectedItems> items =
        form == ItemEmbeddings.NONE
            ? Optional.empty()
            : Optional.of(
                new Conditioning.ProjectedItems(
                    ItemVectors.INPUT, Projector.create(width, width, 0.5, 0.3, 1, Device.CPU)));
    Optional<Projector> user =
        userSlot
            ? Optional.of(Projector.create(width, width, 1, 0.3, 2, Device.CPU))
            : Optional.empty();
    return items.isEmpty() && user.isEmpty()
        ? new Conditioning.TextOnly()
        : new Conditioning.Embedded(guide, items, user);
  }

  private static Tuning tuning(Adapters adapters, SequenceRecommender guide) {
    int experts = adapters.config().experts();
    GateSizes sizes = new GateSizes(guide.sequenceWidth(), experts, 2);
    return experts == 1
        ? new Tuning.Lora(adapters)
        : new Tuning.Mixture(
            adapters,
            Gate.create(new GateConfig.Linear(), sizes, 3, Device.CPU),
            new GateInput.SequenceEmbedding(guide));
  }

  /** Gradients of all trained parameters, which it clears. */
  private static Map<String, float[]> gradients(PromptModel model, Tensor loss) {
    loss.backward();
    Map<String, float[]> gradients = new LinkedHashMap<>();
    model
        .parameters()
        .forEach(
            (name, weight) -> {
              gradients.put(name, weight.grad().toFloats());
              weight.clearGrad();
            });
    return gradients;
  }

  private static Stream<Arguments> forms() {
    return Arrays.stream(ItemEmbeddings.values())
        .flatMap(form -> Stream.of(Arguments.of(form, false), Arguments.of(form, true)));
  }

  private static void assertTrainsAlike(PromptModel model) {
    PromptModel.Loss own = model.loss(EXAMPLES);
    Tensor expected = own.sum().div(own.answerTokens());
    Tensor loss = new ReferenceStyle(model).loss(EXAMPLES);
    assertEquals(expected.item(), loss.item(), 1e-4);
    Map<String, float[]> wanted = gradients(model, expected);
    Map<String, float[]> given = gradients(model, loss);
    assertEquals(wanted.keySet(), given.keySet());
    wanted.forEach(
        (name, gradient) -> {
          float largest = largest(gradient);
          assertTrue(largest > 0, () -> name + " got no gradient");
          assertArrayEquals(gradient, given.get(name), 1e-4f * largest + 1e-7f, name);
        });
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  @ParameterizedTest
  @MethodSource("forms")
  void lossAndGradientsAreThoseOfThePromptModel(ItemEmbeddings form, boolean userSlot) {
    assertTrainsAlike(model(form, userSlot, AdapterConfig.allTargets(), 2));
  }

  @Test
  void plainLoraAndFewerTargetsTrainAlikeToo() {
    Set<Projection> some = EnumSet.of(Projection.Q_PROJ, Projection.V_PROJ, Projection.DOWN_PROJ);
    assertTrainsAlike(model(ItemEmbeddings.SLOT, false, some, 1));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void candidateScoresAreThoseOfThePromptModel(ItemEmbeddings form, boolean userSlot) {
    PromptModel model = model(form, userSlot, AdapterConfig.allTargets(), 2);
    List<CandidateScores> expected = model.scores(QUERIES);
    List<double[]> scores = new ReferenceStyle(model).scores(QUERIES);
    for (int b = 0; b < QUERIES.size(); b++) {
      assertArrayEquals(expected.get(b).logLikelihoods(), scores.get(b), 1e-4);
    }
  }

  @Test
  void refusesAModelWithoutAdapters() {
    PromptModel model = model(ItemEmbeddings.NONE, false, AdapterConfig.allTargets(), 2);
    PromptModel frozen =
        new PromptModel(
            model.llama(),
            model.encoder(),
            model.encoder(),
            new Conditioning.TextOnly(),
            new Tuning.Frozen());
    var error = assertThrows(IllegalArgumentException.class, () -> new ReferenceStyle(frozen));
    assertEquals(
        "expected a model with adapters, guided by the sequence embedding", error.getMessage());
  }
}
