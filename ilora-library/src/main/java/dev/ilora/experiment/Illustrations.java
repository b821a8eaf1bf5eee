package dev.ilora.experiment;

import dev.ilora.data.Case;
import dev.ilora.data.Dataset;
import dev.ilora.hybrid.ExpertMeans;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.Tuning;
import dev.ilora.runs.ExpertWeights;
import dev.ilora.runs.Sample;
import dev.ilora.statistics.Answer;
import dev.ilora.statistics.Outcome;
import dev.ilora.statistics.Ranking;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What a report shows of a method's rows beside their ranks. */
final class Illustrations {
  private static final int BEST_SHOWN = 5;

  private final Dataset dataset;
  private final int[] trainCounts;
  private final List<Case> cases;
  private final List<Outcome> results;

  /**
   * @param results one for each row
   */
  Illustrations(StudyData data, List<Case> cases, List<Outcome> results) {
    this.dataset = data.dataset();
    this.trainCounts = data.split().trainCounts();
    this.cases = cases;
    this.results = results;
  }

  /**
   * Cases with what was answered and ranked first, spread evenly over the rows: the same ones of
   * every method.
   *
   * @param most so many, or all where there are fewer
   * @param prompt of a case, where a language model was asked
   */
  List<Sample> samples(int most, Function<Case, Optional<String>> prompt) {
    int count = Math.min(cases.size(), most);
    return IntStream.range(0, count)
        .map(i -> (int) ((long) i * cases.size() / count))
        .mapToObj(at -> sample(cases.get(at), results.get(at), prompt))
        .toList();
  }

  private Sample sample(Case row, Outcome result, Function<Case, Optional<String>> prompt) {
    int[] best =
        result.scores().stream()
            .flatMapToInt(
                scores -> Arrays.stream(Ranking.order(result.row(), result.candidates(), scores)))
            .limit(BEST_SHOWN)
            .toArray();
    IntStream shown =
        IntStream.concat(
            Arrays.stream(row.history()),
            IntStream.concat(Arrays.stream(best), IntStream.of(row.target())));
    return new Sample(
        row.index(),
        row.user(),
        Optional.of(titles(Arrays.stream(row.history()))),
        prompt.apply(row),
        dataset.titles().get(row.target()),
        result.answer().map(Answer::text),
        titles(Arrays.stream(best)),
        Optional.of(titles(shown.filter(item -> trainCounts[item] == 0).distinct())));
  }

  private List<String> titles(IntStream items) {
    return items.mapToObj(dataset.titles()::get).toList();
  }

  /** The experts' weights for each row, a gate's per layer as their mean; empty without a gate. */
  List<ExpertWeights> expertWeights(PromptModel model) {
    List<ExpertWeights> all = new ArrayList<>();
    if (!(model.tuning() instanceof Tuning.Mixture)) {
      return all;
    }
    Map<String, String> groups = new LinkedHashMap<>();
    dataset.users().forEach(user -> groups.put(user.user(), user.attributes().get("group")));
    List<double[]> weights = ExpertMeans.of(model, cases);
    for (int i = 0; i < cases.size(); i++) {
      Case one = cases.get(i);
      all.add(
          new ExpertWeights(
              one.index(),
              one.user(),
              Optional.ofNullable(groups.get(one.user())),
              weights.get(i)));
    }
    return all;
  }
}
