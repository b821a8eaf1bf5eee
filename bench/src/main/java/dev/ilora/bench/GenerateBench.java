package dev.ilora.bench;

import dev.ilora.bench.Workload.Method;
import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.Query;
import dev.ilora.llm.Generation;
import dev.ilora.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Times decoding for a batch of queries: free greedy decoding of {@value #NEW_TOKENS} tokens, one
 * query at a time or all together, and decoding that can write nothing but a candidate's title;
 * beside a pass over the prompts alone.
 */
public final class GenerateBench {
  private static final int NEW_TOKENS = 16;
  private static final String ONE_BY_ONE = "one by one";
  private static final String GREEDY = "greedy";
  private static final String CONSTRAINED = "constrained";

  private final Workload workload;
  private final List<DType> dtypes;

  /**
   * @param dtypes types of the frozen weights
   */
  public GenerateBench(Workload workload, List<DType> dtypes) {
    this.workload = workload;
    this.dtypes = List.copyOf(dtypes);
  }

  /** Times all variants. */
  public List<Measurement> run(Harness harness) {
    List<Query> queries = workload.batch().stream().map(Example::query).toList();
    // no token stops free decoding, so that all variants write equally many
    var free = Generation.Options.of(NEW_TOKENS, Set.of());
    Map<String, Integer> written = new LinkedHashMap<>();
    List<Variant> variants = new ArrayList<>();
    for (DType dtype : dtypes) {
      PromptModel model = workload.model(Method.ILORA, dtype);
      Variant greedy = new Variant(Variant.name(GREEDY, dtype), () -> model.greedy(queries, free));
      Variant oneByOne =
          new Variant(
              Variant.name(ONE_BY_ONE, dtype),
              () -> queries.forEach(query -> model.greedy(List.of(query), free)));
      Variant constrained =
          new Variant(
              Variant.name(CONSTRAINED, dtype), () -> QueryShares.run(queries, model::constrained));
      variants.add(ScoreBench.promptAlone(model, queries, dtype));
      variants.addAll(List.of(greedy, oneByOne, constrained));
      written.put(greedy.name(), queries.size() * NEW_TOKENS);
      written.put(oneByOne.name(), queries.size() * NEW_TOKENS);
      written.put(constrained.name(), tokens(model, queries, model.constrained(queries)));
    }
    List<Measurement> measurements = new ArrayList<>();
    harness
        .run("bench generate", variants)
        .forEach(
            (name, timing) -> {
              Map<String, Double> figures = new LinkedHashMap<>();
              if (written.containsKey(name)) {
                figures.put("tokens_per_second", written.get(name) / timing.median());
              }
              figures.put("queries_per_second", queries.size() / timing.median());
              measurements.add(Measurement.of(name, timing, figures));
            });
    return measurements;
  }

  /** Tokens of the candidates chosen, all queries together. */
  private static int tokens(PromptModel model, List<Query> queries, int[] chosen) {
    int tokens = 0;
    for (int b = 0; b < chosen.length; b++) {
      Query query = queries.get(b);
      tokens += model.encoder().answer(query.candidates()[chosen[b]], model.prompt(query)).length;
    }
    return tokens;
  }

  /** What is promised of decoding speed, as far as the measurements tell. */
  public static List<Goal> goals(List<Measurement> measurements) {
    Figures figures = new Figures(measurements);
    List<Goal> goals = new ArrayList<>();
    for (DType dtype : List.of(DType.F32, DType.BF16)) {
      String constrained = Variant.name(CONSTRAINED, dtype);
      figures.addSlower(goals, constrained, Variant.name(ScoreBench.PROMPT, dtype), 1.5);
    }
    return goals;
  }
}
