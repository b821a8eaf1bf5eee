package dev.ilora.bench;

import dev.ilora.data.Case;
import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.llm.Generation;
import dev.ilora.runs.Method;
import dev.ilora.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Times decoding for a batch of cases: free greedy decoding of {@value #NEW_TOKENS} tokens, one
 * asked at a time or all together, and decoding that can write nothing but a candidate's title;
 * beside a pass over the prompts alone, all together or one at a time.
 */
public final class GenerateBench {
  private static final int NEW_TOKENS = 16;
  private static final String PROMPTS_ONE_BY_ONE = "prompts one by one";
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
    List<Case> cases = workload.batch().stream().map(Example::asked).toList();
    // no token stops free decoding, so that all variants write equally many
    var free = Generation.Options.of(NEW_TOKENS, Set.of());
    Map<String, Integer> written = new LinkedHashMap<>();
    Map<String, Double> answering = new LinkedHashMap<>();
    List<Variant> variants = new ArrayList<>();
    for (DType dtype : dtypes) {
      PromptModel model = workload.model(Method.ILORA, dtype);
      Variant greedy = new Variant(Variant.name(GREEDY, dtype), () -> model.greedy(cases, free));
      Variant oneByOne =
          new Variant(
              Variant.name(ONE_BY_ONE, dtype),
              () -> cases.forEach(asked -> model.greedy(List.of(asked), free)));
      Variant promptsOneByOne =
          new Variant(
              Variant.name(PROMPTS_ONE_BY_ONE, dtype),
              () -> cases.forEach(asked -> ScoreBench.nextLogits(model, List.of(asked))));
      Variant constrained =
          new Variant(
              Variant.name(CONSTRAINED, dtype), () -> QueryShares.run(cases, model::constrained));
      variants.add(ScoreBench.promptAlone(model, cases, dtype));
      variants.addAll(List.of(greedy, promptsOneByOne, oneByOne, constrained));
      written.put(greedy.name(), cases.size() * NEW_TOKENS);
      written.put(oneByOne.name(), cases.size() * NEW_TOKENS);
      written.put(constrained.name(), tokens(model, cases, model.constrained(cases)));
    }
    List<Measurement> measurements = new ArrayList<>();
    Map<String, Timing> timings = harness.run("bench generate", variants);
    for (DType dtype : dtypes) {
      String name = Variant.name(ONE_BY_ONE, dtype);
      Timing prompts = timings.get(Variant.name(PROMPTS_ONE_BY_ONE, dtype));
      if (prompts != null && timings.containsKey(name)) {
        answering.put(
            name,
            (written.get(name) - cases.size()) / (timings.get(name).median() - prompts.median()));
      }
    }
    timings.forEach(
        (name, timing) -> {
          Map<String, Double> figures = new LinkedHashMap<>();
          if (written.containsKey(name)) {
            figures.put("tokensPerSecond", written.get(name) / timing.median());
          }
          if (answering.containsKey(name)) {
            figures.put("answerTokensPerSecond", answering.get(name));
          }
          figures.put("queriesPerSecond", cases.size() / timing.median());
          measurements.add(Measurement.of(name, timing, figures));
        });
    return measurements;
  }

  /** Tokens of the candidates chosen, all cases together. */
  private static int tokens(PromptModel model, List<Case> cases, int[] chosen) {
    int tokens = 0;
    for (int b = 0; b < chosen.length; b++) {
      Case asked = cases.get(b);
      tokens += model.encoder().answer(asked.candidates()[chosen[b]], model.prompt(asked)).length;
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
