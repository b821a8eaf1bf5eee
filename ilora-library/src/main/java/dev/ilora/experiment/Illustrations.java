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

/** What a report shows of a language model's rows beside their ranks. */
final class Illustrations {
  private static final int BEST_SHOWN = 5;

  private final PromptModel model;
  private final Dataset dataset;
  private final List<Case> cases;
  private final List<Outcome> results;

  /**
   * @param results one for each row
   */
  Illustrations(PromptModel model, Dataset dataset, List<Case> cases, List<Outcome> results) {
    this.model = model;
    this.dataset = dataset;
    this.cases = cases;
    this.results = results;
  }

  /**
   * Prompts with their answers and what was ranked first, spread evenly over the rows.
   *
   * @param most so many, or all where there are fewer
   */
  List<Sample> samples(int most) {
    List<String> titles = dataset.titles();
    int count = Math.min(cases.size(), most);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = i * cases.size() / count;
      Case row = cases.get(at);
      Outcome result = results.get(at);
      List<String> best =
          result.scores().stream()
              .flatMapToInt(
                  scores -> Arrays.stream(Ranking.order(result.row(), result.candidates(), scores)))
              .limit(BEST_SHOWN)
              .mapToObj(titles::get)
              .toList();
      samples.add(
          new Sample(
              row.index(),
              row.user(),
              model.encoder().text(model.prompt(cases.get(at)).tokens()),
              titles.get(row.target()),
              result.answer().map(Answer::text),
              best));
    }
    return samples;
  }

  /** The experts' weights for each row, a gate's per layer as their mean; empty without a gate. */
  List<ExpertWeights> expertWeights() {
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
