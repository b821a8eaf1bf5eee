package dev.ilora.compare;

import dev.ilora.compare.TableContent.Column;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.ExpertWeights;
import dev.ilora.runs.Run;
import dev.ilora.runs.Sample;
import dev.ilora.statistics.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One case by name: what the user chose before, what came next, and what each method said.
 *
 * @param index index of the case in the evaluation file
 * @param user the user's raw id
 * @param group the user's group, where one is known
 * @param history what methods were told of the user, oldest first; empty where no run kept it
 * @param target the item that came next
 * @param cold which of the items were never chosen in training
 * @param choices what each method said, the first seed of each
 * @param weights what the gate of each gated run gave each expert, by method
 */
public record Example(
    int index,
    String user,
    Optional<String> group,
    List<String> history,
    String target,
    List<String> cold,
    List<Choice> choices,
    Map<String, double[]> weights) {

  /** Signs that stay on the line of the first word after them. */
  private static final String RIGHT = "✓\u00a0";

  private static final String WRONG = "✗\u00a0";

  /**
   * What one method said.
   *
   * @param method name of the method
   * @param sample the case as the method saw it
   * @param outcome where the target came in its ranking
   */
  public record Choice(String method, Sample sample, Outcome outcome) {
    private List<Cell> cells() {
      String choice = sample.choice().orElse(Cell.NOTHING);
      return List.of(
          new Cell.MethodName(method),
          new Cell.Words((sample.right() ? RIGHT : WRONG) + marked(choice, sample.isCold(choice))),
          new Cell.Words(
              outcome.rank() == Outcome.UNRANKED
                  ? "not chosen"
                  : "%s of %s".formatted(outcome.rank(), outcome.candidates().length)));
    }
  }

  /** Copies the collections. */
  public Example {
    history = List.copyOf(history);
    cold = List.copyOf(cold);
    choices = List.copyOf(choices);
    weights = new LinkedHashMap<>(weights);
  }

  /** An item's title, with a word where it was never chosen in training. */
  public String shown(String title) {
    return marked(title, cold.contains(title));
  }

  private static String marked(String title, boolean cold) {
    return cold ? title + " (cold)" : title;
  }

  /** A line a method: what it put first, and where the target came. */
  public TableContent table() {
    return new TableContent(
        List.of(
            Column.words("Method", "method"),
            Column.words("puts first", "choice"),
            Column.words("place of the right one", "rank")),
        choices.stream().map(Choice::cells).toList());
  }

  /** The experts to which each gate gives the most weight, by method, in words. */
  public Map<String, String> gates() {
    Map<String, String> gates = new LinkedHashMap<>();
    weights.forEach(
        (method, all) ->
            gates.put(
                method,
                "most weight on experts %s of %s".formatted(ExpertMix.heaviest(all), all.length)));
    return gates;
  }

  /**
   * The cases that runs kept, one of each known group first.
   *
   * @param runs evaluated on the same candidates
   */
  static List<Example> of(Map<String, List<Run>> runs) {
    Map<String, Run> first = new LinkedHashMap<>();
    runs.forEach((method, seeds) -> first.put(method, seeds.getFirst()));
    Map<Integer, List<Choice>> byCase = new TreeMap<>();
    first.forEach(
        (method, run) -> {
          Map<Integer, Outcome> outcomes = byRow(run);
          for (Sample sample : run.samples()) {
            Outcome outcome = outcomes.get(sample.index());
            if (outcome != null) {
              byCase
                  .computeIfAbsent(sample.index(), _ -> new ArrayList<>())
                  .add(new Choice(method, sample, outcome));
            }
          }
        });
    List<Example> all = new ArrayList<>();
    byCase.forEach((index, choices) -> all.add(of(index, choices, first)));
    return byGroup(all);
  }

  private static Map<Integer, Outcome> byRow(Run run) {
    Map<Integer, Outcome> outcomes = new LinkedHashMap<>();
    run.on(CaseSet.TEST).rows().forEach(row -> outcomes.put(row.row(), row));
    return outcomes;
  }

  private static Example of(int index, List<Choice> choices, Map<String, Run> runs) {
    List<Sample> samples = choices.stream().map(Choice::sample).toList();
    Map<String, double[]> weights = new LinkedHashMap<>();
    List<String> groups = new ArrayList<>();
    runs.forEach(
        (method, run) -> {
          for (ExpertWeights one : run.experts()) {
            if (one.index() == index) {
              weights.put(method, one.weights());
              one.group().ifPresent(groups::add);
            }
          }
        });
    return new Example(
        index,
        samples.getFirst().user(),
        groups.stream().findFirst(),
        samples.stream().flatMap(s -> s.history().stream()).findFirst().orElse(List.of()),
        samples.getFirst().gold(),
        samples.stream().flatMap(s -> s.cold().stream()).flatMap(List::stream).distinct().toList(),
        choices,
        weights);
  }

  /** The first one of each group, then the others. */
  private static List<Example> byGroup(List<Example> all) {
    Map<Optional<String>, Example> firsts = new LinkedHashMap<>();
    all.forEach(one -> firsts.putIfAbsent(one.group(), one));
    return Stream.concat(
            firsts.values().stream(),
            all.stream().filter(one -> !Objects.equals(firsts.get(one.group()), one)))
        .toList();
  }
}
