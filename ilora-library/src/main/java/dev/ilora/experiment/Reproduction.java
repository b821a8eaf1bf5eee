package dev.ilora.experiment;

import dev.ilora.BadInputException;
import dev.ilora.recommend.ModelFolder;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Phase;
import dev.ilora.statistics.Outcome;
import dev.ilora.tensor.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A run made again from its recipe, compared with the first bit by bit.
 *
 * @param run the folder of the new run
 * @param files compared files of the model
 * @param cases compared outcomes
 * @param differences what is not the same, one sentence each; empty where all bits are
 */
public record Reproduction(Path run, int files, int cases, List<String> differences) {
  private static final int SHOWN = 5;

  /** Copies the list. */
  public Reproduction {
    differences = List.copyOf(differences);
  }

  /**
   * Trains and evaluates a finished run once more, each phase on as many threads as the first time.
   *
   * @param run the folder of the finished run, in its own workspace
   * @param again an empty workspace
   * @throws BadInputException if the run is not finished, or its data or prompt template changed
   */
  public static Reproduction of(Path run, Workspace first, Workspace again) {
    Experiment former = Experiment.open(run, first);
    if (!ModelFolder.isOne(former.modelFolder()) || !former.folder().hasOutcomes(CaseSet.TEST)) {
      throw new BadInputException(run, "is not finished: only finished runs can be reproduced");
    }
    ModelFolder.verify(Experiment.model(run));
    boolean shares = former.recipe().method().asksLanguageModel();
    int threads = former.threads(shares ? Phase.SHARED : Phase.TRAIN).orElse(Torch.threads());
    try (var _ = Torch.onThreads(threads)) {
      Experiment now = Experiment.begin(former.recipe(), again);
      now.prepare();
      former.threads(Phase.TRAIN).ifPresent(Torch::threads);
      now.train();
      former.threads(Phase.EVALUATE).ifPresent(Torch::threads);
      now.evaluate();
      return compare(former, now);
    }
  }

  private static Reproduction compare(Experiment former, Experiment now) {
    List<String> differences = new ArrayList<>();
    Map<String, String> first = ModelFolder.files(former.modelFolder());
    Map<String, String> second = ModelFolder.files(now.modelFolder());
    TreeSet<String> names = names(first, second);
    for (String file : names) {
      if (!Optional.ofNullable(first.get(file)).equals(Optional.ofNullable(second.get(file)))) {
        differences.add("model/" + file + " has other bits");
      }
    }
    int cases = 0;
    for (CaseSet set : former.recipe().rows().sets()) {
      List<Outcome> before = former.folder().outcomes(set).rows();
      outcomes(before, now.folder().outcomes(set).rows(), differences);
      cases += before.size();
    }
    return new Reproduction(now.folder().path(), names.size(), cases, differences);
  }

  private static TreeSet<String> names(Map<String, String> first, Map<String, String> second) {
    TreeSet<String> names = new TreeSet<>(first.keySet());
    names.addAll(second.keySet());
    // What it was trained from, not what came of it.
    names.remove("recommender/recommender.json");
    return names;
  }

  private static void outcomes(
      List<Outcome> before, List<Outcome> after, List<String> differences) {
    if (before.size() != after.size()) {
      differences.add("%s cases, before %s".formatted(after.size(), before.size()));
      return;
    }
    int different = 0;
    for (int i = 0; i < before.size(); i++) {
      Outcome one = before.get(i);
      Outcome other = after.get(i);
      if (!one.equals(other) && different++ < SHOWN) {
        differences.add(
            "case %s (user %s): rank %s, before %s"
                .formatted(one.row(), one.user(), other.rank(), one.rank()));
      }
    }
    if (different > SHOWN) {
      differences.add("%s more cases differ".formatted(different - SHOWN));
    }
  }
}
