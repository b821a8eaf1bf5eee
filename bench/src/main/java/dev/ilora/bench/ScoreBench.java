package dev.ilora.bench;

import dev.ilora.bench.Workload.Method;
import dev.ilora.model.Example;
import dev.ilora.model.PromptModel;
import dev.ilora.model.Query;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Times scoring the candidates of a batch of queries: all in one pass over token trees, and one at
 * a time in the reference style; beside a pass over the prompts alone, which scores nothing.
 */
public final class ScoreBench {
  static final String PROMPT = "prompt alone";
  private static final String TREE = "tree";
  private static final String REFERENCE = "reference";
  private static final String QUERIES = "queries_per_second";

  private final Workload workload;
  private final List<DType> dtypes;

  /**
   * @param dtypes types of the frozen weights
   */
  public ScoreBench(Workload workload, List<DType> dtypes) {
    this.workload = workload;
    this.dtypes = List.copyOf(dtypes);
  }

  /** Times all variants. */
  public List<Measurement> run(Harness harness) {
    List<Query> queries = workload.batch().stream().map(Example::query).toList();
    List<Variant> variants = new ArrayList<>();
    for (DType dtype : dtypes) {
      PromptModel model = workload.model(Method.ILORA, dtype);
      variants.add(promptAlone(model, queries, dtype));
      variants.add(new Variant(Variant.name(TREE, dtype), () -> model.scores(queries)));
      if (dtype == DType.F32) {
        ReferenceStyle style = new ReferenceStyle(model);
        variants.add(new Variant(Variant.name(REFERENCE, dtype), () -> style.scores(queries)));
      }
    }
    List<Measurement> measurements = new ArrayList<>();
    harness
        .run("bench score", variants)
        .forEach(
            (name, timing) ->
                measurements.add(
                    Measurement.of(
                        name, timing, Map.of(QUERIES, queries.size() / timing.median()))));
    return measurements;
  }

  /** One pass over the prompts: the least any way of scoring or decoding takes. */
  static Variant promptAlone(PromptModel model, List<Query> queries, DType dtype) {
    return new Variant(
        Variant.name(PROMPT, dtype),
        () -> {
          try (var _ = Scope.open()) {
            model.nextLogits(queries).toFloats();
          }
        });
  }

  /** What is promised of scoring speed, as far as the measurements tell. */
  public static List<Goal> goals(List<Measurement> measurements) {
    Figures figures = new Figures(measurements);
    List<Goal> goals = new ArrayList<>();
    for (DType dtype : List.of(DType.F32, DType.BF16)) {
      String tree = Variant.name(TREE, dtype);
      figures.addSlower(goals, tree, Variant.name(PROMPT, dtype), 1.6);
    }
    figures
        .ratio(QUERIES, Variant.name(TREE, DType.F32), Variant.name(REFERENCE, DType.F32))
        .map(r -> Goal.atLeast("queries scored a second, times the reference style's", 8, r))
        .ifPresent(goals::add);
    return goals;
  }
}
