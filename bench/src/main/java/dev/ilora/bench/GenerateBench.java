package dev.ilora.bench;

import dev.ilora.bench.Workload.Method;
import dev.ilora.llm.Generation;
import dev.ilora.model.Example;
import dev.ilora.model.PromptModel;
import dev.ilora.model.Query;
import dev.ilora.tensor.DType;
import dev.ilora.text.CandidateTrie;
import dev.ilora.text.Prompt;
import java.util.ArrayList;
import java.util.Arrays;
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
  private static final String PROMPT = "prompt alone";

  private final Workload workload;
  private final List<DType> dtypes;
  private final Map<String, Integer> tokens = new LinkedHashMap<>();

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
    List<Variant> variants = new ArrayList<>();
    for (DType dtype : dtypes) {
      PromptModel model = workload.model(Method.ILORA, dtype);
      variants.add(ScoreBench.promptAlone(model, queries, dtype));
      variants.add(decoding(GREEDY, dtype, () -> written(model.greedy(queries, free))));
      variants.add(
          decoding(
              ONE_BY_ONE,
              dtype,
              () ->
                  queries.stream()
                      .mapToInt(query -> written(model.greedy(List.of(query), free)))
                      .sum()));
      variants.add(
          decoding(
              CONSTRAINED,
              dtype,
              () -> written(model.greedy(queries, candidatesOnly(model, queries)))));
    }
    List<Measurement> measurements = new ArrayList<>();
    harness
        .run("bench generate", variants)
        .forEach(
            (name, timing) -> {
              Map<String, Double> figures = new LinkedHashMap<>();
              if (tokens.containsKey(name)) {
                figures.put("tokens_per_second", tokens.get(name) / timing.median());
              }
              figures.put("queries_per_second", queries.size() / timing.median());
              measurements.add(Measurement.of(name, timing, figures));
            });
    return measurements;
  }

  /** A variant that returns how many tokens it wrote. */
  private Variant decoding(String way, DType dtype, java.util.function.IntSupplier work) {
    String name = Variant.name(way, dtype);
    return new Variant(name, () -> tokens.put(name, work.getAsInt()));
  }

  private static int written(List<Generation.Continuation> continuations) {
    return continuations.stream().mapToInt(c -> c.tokens().length).sum();
  }

  /** Allows what continues a candidate's answer; ends where one is complete. */
  private static Generation.Options candidatesOnly(PromptModel model, List<Query> queries) {
    List<CandidateTrie> tries = new ArrayList<>();
    int longest = 1;
    for (Query query : queries) {
      Prompt prompt = model.prompt(query);
      List<int[]> answers =
          Arrays.stream(query.candidates())
              .mapToObj(item -> model.encoder().answer(item, prompt))
              .toList();
      longest = Math.max(longest, answers.stream().mapToInt(a -> a.length).max().orElse(1));
      tries.add(new CandidateTrie(answers));
    }
    return Generation.Options.of(longest, Set.of())
        .filtered((prompt, generated) -> next(tries.get(prompt), generated));
  }

  private static int[] next(CandidateTrie trie, int[] generated) {
    int[] tokens = trie.nodeToken();
    int node = -1;
    for (int token : generated) {
      for (int child : trie.children(node)) {
        if (tokens[child] == token) {
          node = child;
          break;
        }
      }
    }
    return Arrays.stream(trie.children(node)).map(child -> tokens[child]).toArray();
  }

  /** What is promised of decoding speed, as far as the measurements tell. */
  public static List<Goal> goals(List<Measurement> measurements) {
    Figures figures = new Figures(measurements);
    List<Goal> goals = new ArrayList<>();
    for (DType dtype : List.of(DType.F32, DType.BF16)) {
      String constrained = Variant.name(CONSTRAINED, dtype);
      figures.addSlower(goals, constrained, Variant.name(PROMPT, dtype), 1.5);
    }
    return goals;
  }
}
