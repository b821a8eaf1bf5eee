package dev.ilora.bench;

import dev.ilora.data.Case;
import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.prompt.CandidateTrie;
import dev.ilora.prompt.Prompt;
import dev.ilora.runs.Method;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Times scoring the candidates of a batch of cases: all in one pass over token trees, and one at a
 * time in the reference style; beside a pass over the prompts alone, which scores nothing.
 */
public final class ScoreBench {
  static final String PROMPT = "prompt alone";
  private static final String TREE = "tree";
  private static final String REFERENCE = "reference";
  private static final String QUERIES = "queriesPerSecond";
  private static final String GFLOP = "necessaryGflop";

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
    List<Case> cases = workload.batch().stream().map(Example::asked).toList();
    List<Variant> variants = new ArrayList<>();
    for (DType dtype : dtypes) {
      PromptModel model = workload.model(Method.ILORA, dtype);
      variants.add(promptAlone(model, cases, dtype));
      variants.add(
          new Variant(Variant.name(TREE, dtype), () -> QueryShares.run(cases, model::scores)));
      if (dtype == DType.F32) {
        ReferenceStyle style = new ReferenceStyle(model);
        variants.add(new Variant(Variant.name(REFERENCE, dtype), () -> style.scores(cases)));
      }
    }
    double prompts = 0;
    double trees = 0;
    var work = new NecessaryWork(workload.config(), workload.adapters(Method.ILORA));
    for (Case asked : cases) {
      Prompt prompt = workload.encoder().encode(asked.history(), asked.candidates());
      prompts += work.prompt(prompt.length());
      trees += work.tree(prompt.length(), depthsOfInnerNodes(asked, prompt));
    }
    Map<String, Double> operations = new HashMap<>();
    for (DType dtype : dtypes) {
      operations.put(Variant.name(PROMPT, dtype), prompts);
      operations.put(Variant.name(TREE, dtype), prompts + trees);
    }
    List<Measurement> measurements = new ArrayList<>();
    harness
        .run("bench score", variants)
        .forEach(
            (name, timing) -> {
              Map<String, Double> figures = new LinkedHashMap<>();
              figures.put(QUERIES, cases.size() / timing.median());
              if (operations.containsKey(name)) {
                figures.put(GFLOP, operations.get(name) / 1e9);
                figures.put("gflops", operations.get(name) / 1e9 / timing.median());
              }
              measurements.add(Measurement.of(name, timing, figures));
            });
    return measurements;
  }

  private int[] depthsOfInnerNodes(Case asked, Prompt prompt) {
    CandidateTrie trie =
        new CandidateTrie(
            Arrays.stream(asked.candidates())
                .mapToObj(item -> workload.encoder().answer(item, prompt))
                .toList());
    return Arrays.stream(trie.innerNodes()).map(node -> trie.nodeDepth()[node]).toArray();
  }

  /** One pass over the prompts: the least any way of scoring or decoding takes. */
  static Variant promptAlone(PromptModel model, List<Case> cases, DType dtype) {
    return new Variant(
        Variant.name(PROMPT, dtype),
        () -> QueryShares.run(cases, share -> nextLogits(model, share)));
  }

  /** The scores of all tokens that may follow each prompt. */
  static void nextLogits(PromptModel model, List<Case> cases) {
    try (var _ = Scope.open()) {
      model.nextLogits(cases).toFloats();
    }
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
        .map(r -> Goal.atLeast("cases scored a second, times the reference style's", 8, r))
        .ifPresent(goals::add);
    return goals;
  }
}
