package dev.ilora.bench;

import dev.ilora.config.ConfigException;
import dev.ilora.hybrid.Example;
import dev.ilora.machine.PeakMemory;
import dev.ilora.runs.Method;
import dev.ilora.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Times training steps against each other and against plain matrix products. */
public final class TrainBench {
  /** The figure that holds the peak memory, in MiB. */
  public static final String PEAK_MIB = "peakMib";

  /** The figure that holds the memory a step takes and gives back, in MiB. */
  public static final String WORKING_MIB = "workingMib";

  private static final int STEPS_WITHIN_PEAK = 2;
  private static final String PRODUCTS = "products";
  private static final String EXAMPLES = "examplesPerSecond";
  private static final String TOKENS = "tokensPerSecond";
  private static final String UTILISATION = "utilisation";

  private final Workload workload;
  private final List<DType> dtypes;

  /**
   * @param dtypes types of the frozen weights to train over
   */
  public TrainBench(Workload workload, List<DType> dtypes) {
    this.workload = workload;
    this.dtypes = List.copyOf(dtypes);
  }

  /** A variant, the batch it trains on (empty for plain products) and its necessary operations. */
  private record Case(
      DType dtype, Variant variant, List<NecessaryWork.Sequence> batch, double operations) {}

  /** Times all variants. */
  public List<Measurement> run(Harness harness) {
    List<ProductRate> rates = new ArrayList<>();
    try (var variants = new TrainingVariants(workload)) {
      List<Case> cases = new ArrayList<>();
      for (DType dtype : dtypes) {
        for (String name : TrainingVariants.names(dtype)) {
          cases.add(training(variants, name, dtype));
        }
        ProductRate rate = new ProductRate(workload.llama(dtype), tokens(batch(workload.batch())));
        rates.add(rate);
        Variant products = new Variant(Variant.name(PRODUCTS, dtype), rate::run);
        cases.add(new Case(dtype, products, List.of(), rate.operations()));
      }
      return measure(cases, harness);
    } finally {
      rates.forEach(ProductRate::close);
    }
  }

  /** Names of the training variants, in the order they run. */
  public List<String> variants() {
    return dtypes.stream()
        .flatMap(
            dtype -> TrainingVariants.names(dtype).stream().map(name -> Variant.name(name, dtype)))
        .toList();
  }

  /**
   * Memory of a variant, in bytes; empty where the system does not tell.
   *
   * @param peak of its first steps: also what stays, such as the engine's buffers and compiled code
   *     and the optimiser's moments
   * @param working of further steps, when all that stays is there: activations and gradients
   */
  public record Memory(OptionalLong peak, OptionalLong working) {}

  /**
   * Measures the memory of a variant. To be called in a process that does nothing else.
   *
   * @param variant one of {@link #variants}
   */
  public Memory memory(String variant) {
    try (var variants = new TrainingVariants(workload)) {
      for (DType dtype : dtypes) {
        for (String name : TrainingVariants.names(dtype)) {
          if (Variant.name(name, dtype).equals(variant)) {
            Runnable step = variants.step(name, dtype);
            Runnable steps =
                () -> {
                  for (int i = 0; i < STEPS_WITHIN_PEAK; i++) {
                    step.run();
                  }
                };
            return new Memory(PeakMemory.of(steps), PeakMemory.of(steps));
          }
        }
      }
    }
    throw new ConfigException(
        "unknown variant '%s': expected one of %s".formatted(variant, variants()));
  }

  private Case training(TrainingVariants variants, String name, DType dtype) {
    Method method =
        switch (name) {
          case TrainingVariants.LORA -> Method.LLARA;
          case TrainingVariants.FROZEN -> Method.ZERO_SHOT;
          default -> Method.ILORA;
        };
    List<NecessaryWork.Sequence> batch = batch(variants.examples(name));
    var work = new NecessaryWork(workload.config(), workload.adapters(method));
    Variant variant = new Variant(Variant.name(name, dtype), variants.step(name, dtype));
    return new Case(dtype, variant, batch, work.trainingStep(batch));
  }

  private List<NecessaryWork.Sequence> batch(List<Example> examples) {
    return workload.sequences(examples);
  }

  private static long tokens(List<NecessaryWork.Sequence> batch) {
    return batch.stream().mapToLong(NecessaryWork.Sequence::tokens).sum();
  }

  private static List<Measurement> measure(List<Case> cases, Harness harness) {
    Map<String, Timing> timings =
        harness.run("bench train", cases.stream().map(Case::variant).toList());
    Map<DType, Double> possible = new LinkedHashMap<>();
    for (Case products : cases) {
      if (products.batch().isEmpty() && timings.containsKey(products.variant().name())) {
        possible.put(products.dtype(), rate(products, timings));
      }
    }
    List<Measurement> measurements = new ArrayList<>();
    for (Case each : cases) {
      Timing timing = timings.get(each.variant().name());
      if (timing == null) {
        continue;
      }
      Map<String, Double> figures = new LinkedHashMap<>();
      if (!each.batch().isEmpty()) {
        figures.put(EXAMPLES, each.batch().size() / timing.median());
        figures.put(TOKENS, tokens(each.batch()) / timing.median());
        if (possible.containsKey(each.dtype())) {
          figures.put(UTILISATION, rate(each, timings) / possible.get(each.dtype()));
        }
      }
      figures.put("gflops", rate(each, timings) / 1e9);
      measurements.add(Measurement.of(each.variant().name(), timing, figures));
    }
    return measurements;
  }

  private static double rate(Case each, Map<String, Timing> timings) {
    return each.operations() / timings.get(each.variant().name()).median();
  }

  /** What is promised of training speed, as far as the measurements tell. */
  public static List<Goal> goals(List<Measurement> measurements) {
    Figures figures = new Figures(measurements);
    String ilora = Variant.name(TrainingVariants.ILORA, DType.F32);
    String ilora16 = Variant.name(TrainingVariants.ILORA, DType.BF16);
    String reference = Variant.name(TrainingVariants.REFERENCE, DType.F32);
    List<Goal> goals = new ArrayList<>();
    figures
        .ratio(EXAMPLES, ilora, reference)
        .map(r -> Goal.atLeast("fp32 examples a second, times the reference style's", 4, r))
        .ifPresent(goals::add);
    figures
        .ratio(EXAMPLES, ilora16, ilora)
        .map(r -> Goal.atLeast("bf16 examples a second, times fp32's", 1.8, r))
        .ifPresent(goals::add);
    figures
        .figure(UTILISATION, ilora)
        .map(u -> Goal.atLeast("matrix-product utilisation of an fp32 step", 0.75, u))
        .ifPresent(goals::add);
    figures
        .figure(UTILISATION, ilora16)
        .map(u -> Goal.atLeast("matrix-product utilisation of a bf16 step", 0.5, u))
        .ifPresent(goals::add);
    figures
        .ratio(PEAK_MIB, ilora, reference)
        .map(r -> Goal.atMost("peak memory of an fp32 step, times the reference style's", 0.6, r))
        .ifPresent(goals::add);
    for (DType dtype : List.of(DType.F32, DType.BF16)) {
      String own = Variant.name(TrainingVariants.ILORA, dtype);
      figures.addSlower(goals, own, Variant.name(TrainingVariants.LORA, dtype), 1.03);
      figures.addSlower(goals, own, Variant.name(TrainingVariants.FROZEN, dtype), 1.25);
      String checkpointed = Variant.name(TrainingVariants.CHECKPOINTED, dtype);
      figures.addSlower(goals, checkpointed, own, 1.35);
      figures
          .ratio(WORKING_MIB, checkpointed, own)
          .map(
              r ->
                  Goal.atMost(
                      "working memory of %s, times %s's".formatted(checkpointed, own), 0.5, r))
          .ifPresent(goals::add);
    }
    return goals;
  }
}
