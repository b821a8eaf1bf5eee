package dev.ilora.bench;

import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Gate;
import dev.ilora.adapter.GateConfig;
import dev.ilora.adapter.GateSizes;
import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.data.Case;
import dev.ilora.data.Dataset;
import dev.ilora.data.Split;
import dev.ilora.data.SplitRule;
import dev.ilora.hybrid.Conditioning;
import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.GateInput;
import dev.ilora.hybrid.Projector;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.Tuning;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.WeightForm;
import dev.ilora.prompt.ChatUse;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.prompt.Prompt;
import dev.ilora.prompt.PromptEncoder;
import dev.ilora.prompt.PromptTemplate;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.ItemVectors;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.runs.Method;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.train.AdaptationTask;
import dev.ilora.train.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * What language-model benches work on: models of stated sizes with random weights, or one from a
 * folder or file, and the prompts of real rows. The same sizes and data give the same weights and
 * batches.
 *
 * <p>Batches are drawn from {@value #BATCHES} batches of training rows. {@link #batch} is one of
 * those training makes of them, prompts of like length together; {@link #unsortedBatch} is one of
 * the same rows in random order. Both are those whose padded size is nearest the mean of their
 * kind.
 */
public final class Workload implements AutoCloseable {
  private static final int BATCHES = 16;
  private static final long SEED = 1;

  private final Sizes sizes;
  private final BenchModel base;
  private final PromptEncoder encoder;
  private final SequenceRecommender recommender;
  private final List<PromptModel> models = new ArrayList<>();
  private final List<Example> batch;
  private final List<Example> unsortedBatch;

  /**
   * A workload over random weights of the sizes.
   *
   * @param data whose rows become prompts
   * @param template name or file of the prompt's frame
   * @throws ConfigException if the data have too few rows or items for the sizes
   */
  public Workload(Sizes sizes, Dataset data, PromptTemplate template) throws IOException {
    this(sizes, sizes.llama(), data, template, DType.F32, Optional.empty());
  }

  /**
   * The same with a language model of which but one form is in memory.
   *
   * @param llama the language model, of these sizes
   * @param dtype type the batches are drawn with: that of the models asked for later
   * @param form how the language model's matrices are held; as they are multiplied where absent
   */
  public Workload(
      Sizes sizes,
      LlamaConfig llama,
      Dataset data,
      PromptTemplate template,
      DType dtype,
      Optional<WeightForm> form)
      throws IOException {
    this(
        sizes,
        BenchModel.random(
            llama, Tokenizers.train(data.titles(), template, sizes.vocabulary()), SEED, form),
        data,
        template,
        dtype);
  }

  /**
   * A workload over a language model's weights and tokenizer.
   *
   * @param sizes of the batch and the adapters; those of a model do not count
   * @param model a Hugging Face folder or a GGUF file
   * @param form how its matrices are held; as they are multiplied where absent
   * @param dtype type the batches are drawn with: one of the models asked for later
   * @throws ConfigException if the data have too few rows or items for the sizes
   * @throws dev.ilora.BadInputException if the model cannot be used
   */
  public static Workload over(
      Path model,
      Optional<WeightForm> form,
      Sizes sizes,
      Dataset data,
      PromptTemplate template,
      DType dtype) {
    return new Workload(sizes, BenchModel.stored(model, form), data, template, dtype);
  }

  private Workload(
      Sizes sizes, BenchModel base, Dataset data, PromptTemplate template, DType dtype) {
    this.sizes = sizes;
    this.base = base;
    List<String> titles = data.titles();
    encoder =
        new PromptEncoder(
            base.tokenizer(),
            template,
            titles,
            ItemEmbeddings.TITLE_TOKENS,
            true,
            ChatUse.NEVER,
            base.config().maxPositions());
    recommender =
        SequenceRecommender.create(
            Architecture.released(Architecture.Model.SASREC, data.itemCount()), SEED, Device.CPU);
    recommender.weights().values().forEach(weight -> weight.requiresGrad(false));
    List<List<Example>> sorted = batches(rows(data), data, dtype);
    batch = nearestMean(sorted);
    List<Example> mixed = new ArrayList<>(sorted.stream().flatMap(List::stream).toList());
    Collections.shuffle(mixed, new Random(SEED));
    List<List<Example>> unsorted = new ArrayList<>();
    for (int from = 0; from < mixed.size(); from += sizes.batch()) {
      unsorted.add(List.copyOf(mixed.subList(from, from + sizes.batch())));
    }
    unsortedBatch = nearestMean(unsorted);
  }

  private List<Case> rows(Dataset data) {
    List<Case> all =
        SplitRule.usual(data)
            .apply(data, Split.DEFAULT_HISTORY_LENGTH)
            .trainRows(Split.DEFAULT_MIN_HISTORY);
    int wanted = BATCHES * sizes.batch();
    if (all.size() < wanted) {
      throw new ConfigException(
          "--batch: %d batches of %d need %d training rows, dataset %s has %d"
              .formatted(BATCHES, sizes.batch(), wanted, data.name(), all.size()));
    }
    return Split.sample(all, wanted, SEED);
  }

  private List<List<Example>> batches(List<Case> rows, Dataset data, DType dtype) {
    Map<String, BitSet> seen = new HashMap<>();
    data.users()
        .forEach(
            user -> {
              BitSet items = new BitSet();
              for (int item : user.items()) {
                items.set(item);
              }
              seen.put(user.user(), items);
            });
    var settings =
        Config.bind(
            TrainingSettings.class,
            List.of("steps=" + BATCHES, "batch=" + sizes.batch(), "microBatch=" + sizes.batch()));
    PromptModel frozen = model(Method.ZERO_SHOT, dtype);
    List<List<Example>> batches = new ArrayList<>();
    try {
      AdaptationTask task =
          new AdaptationTask("bench", frozen, rows, seen, settings, sizes.candidates(), SEED);
      for (int step = 0; step < BATCHES; step++) {
        batches.add(task.examples(step));
      }
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--candidates: " + e.getMessage());
    }
    return batches;
  }

  private List<Example> nearestMean(List<List<Example>> batches) {
    double mean = batches.stream().mapToInt(this::paddedTokens).average().orElseThrow();
    return batches.stream()
        .min(Comparator.comparingDouble(b -> Math.abs(paddedTokens(b) - mean)))
        .orElseThrow();
  }

  /** Tokens of a batch with all sequences padded to the longest. */
  int paddedTokens(List<Example> examples) {
    return examples.size()
        * sequences(examples).stream().mapToInt(NecessaryWork.Sequence::tokens).max().orElse(0);
  }

  /** What each example of a batch is made of. */
  List<NecessaryWork.Sequence> sequences(List<Example> examples) {
    return examples.stream()
        .map(
            example -> {
              Prompt prompt =
                  encoder.encode(example.asked().history(), example.asked().candidates());
              int answer = encoder.answer(example.asked().target(), prompt).length;
              return new NecessaryWork.Sequence(
                  prompt.length() + answer - 1, answer, prompt.slotPositions().length);
            })
        .toList();
  }

  /**
   * The token ids of an example of {@link #batch}.
   *
   * @param prompt what is asked
   * @param answer the target's title and the end
   * @param candidates the title of each candidate and the end
   */
  public record Tokens(int[] prompt, int[] answer, List<int[]> candidates) {}

  /** The token ids of the batch, with the slot's token in the place of embeddings. */
  public List<Tokens> tokens() {
    return batch.stream()
        .map(
            example -> {
              Case asked = example.asked();
              Prompt prompt = encoder.encode(asked.history(), asked.candidates());
              return new Tokens(
                  prompt.tokens(),
                  encoder.answer(asked.target(), prompt),
                  Arrays.stream(asked.candidates())
                      .mapToObj(item -> encoder.answer(item, prompt))
                      .toList());
            })
        .toList();
  }

  /** The sizes of the language model. */
  public LlamaConfig config() {
    return base.config();
  }

  /** A batch as training makes it. */
  public List<Example> batch() {
    return batch;
  }

  /** A batch of rows in random order. */
  public List<Example> unsortedBatch() {
    return unsortedBatch;
  }

  /** What makes the prompts. */
  public PromptEncoder encoder() {
    return encoder;
  }

  /** The frozen language model of a type. */
  Llama llama(DType dtype) {
    return base.of(dtype);
  }

  /** The adapters of a method, one LoRA of the same total rank for LLaRA, or null. */
  AdapterConfig adapters(Method method) {
    return switch (method) {
      case ILORA ->
          AdapterConfig.mixture(
              AdapterConfig.allTargets(), sizes.experts(), sizes.rank(), 32, sizes.dropout());
      case LLARA, TALLREC ->
          AdapterConfig.lora(AdapterConfig.allTargets(), sizes.rank(), 32, sizes.dropout());
      case ZERO_SHOT, POPULARITY, GRU4REC, CASER, SASREC -> null;
    };
  }

  /**
   * A new model with projectors, adapters and gate of its own, freed with the workload; the frozen
   * one gets projected embeddings as the others.
   */
  PromptModel model(Method method, DType dtype) {
    Llama llama = llama(dtype);
    int width = config().hiddenSize();
    int sequenceWidth = recommender.sequenceWidth();
    ItemVectors vectors = ItemVectors.INPUT;
    Projector items =
        Projector.create(vectors.width(recommender), width, 1, 0.02, SEED, Device.CPU);
    Projector user = Projector.create(sequenceWidth, width, 1, 0.02, SEED + 1, Device.CPU);
    Conditioning conditioning =
        new Conditioning.Embedded(
            recommender,
            Optional.of(new Conditioning.ProjectedItems(vectors, items)),
            Optional.of(user));
    PromptModel model =
        new PromptModel(llama, encoder, encoder, conditioning, tuning(method, llama));
    models.add(model);
    return model;
  }

  private Tuning tuning(Method method, Llama llama) {
    AdapterConfig config = adapters(method);
    if (config == null) {
      return new Tuning.Frozen();
    }
    Adapters adapters = Adapters.create(config, llama.config().shape(), SEED + 2, Device.CPU);
    if (method != Method.ILORA) {
      return new Tuning.Lora(adapters);
    }
    GateSizes gate = new GateSizes(recommender.sequenceWidth(), sizes.experts(), config().layers());
    return new Tuning.Mixture(
        adapters,
        Gate.create(new GateConfig.Linear(), gate, SEED + 3, Device.CPU),
        new GateInput.SequenceEmbedding(recommender));
  }

  @Override
  public void close() {
    models.forEach(model -> model.parameters().values().forEach(Tensor::close));
    recommender.close();
    base.close();
  }
}
