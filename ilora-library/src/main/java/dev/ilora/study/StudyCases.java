package dev.ilora.study;

import static java.util.Comparator.comparing;

import dev.ilora.config.Config;
import dev.ilora.data.CandidateFile;
import dev.ilora.data.Case;
import dev.ilora.data.Part;
import dev.ilora.experiment.Experiment;
import dev.ilora.experiment.Recipe;
import dev.ilora.experiment.Workspace;
import dev.ilora.files.Hashes;
import dev.ilora.files.MakingLock;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.runs.CaseFacts;
import dev.ilora.runs.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a study's test rows, so that a report can say for which of them one method is
 * better than another: length of the history, popularity of the target, and the cluster of the
 * user's taste at that time. Made once, kept in the study's folder and copied to each run's.
 *
 * <p>Clusters are those of the sequence embeddings of the recommender that guides the study's
 * language models, or else of its SASRec; there are none where no recipe needs a SASRec, which is
 * not trained for this alone.
 */
final class StudyCases {
  private static final int CLUSTERS = 8;
  private static final List<Method> GUIDED = List.of(Method.ILORA, Method.LLARA, Method.SASREC);

  private StudyCases() {}

  /** Keeps the facts in the folders of runs on the same rows. */
  static void keep(List<Experiment> runs, Workspace workspace) {
    CaseFacts facts = facts(runs.stream().map(Experiment::recipe).toList(), workspace);
    for (Experiment run : runs) {
      run.keep(facts);
    }
  }

  private static CaseFacts facts(List<Recipe> recipes, Workspace workspace) {
    Optional<Recipe> guided = guided(recipes);
    Recipe first = recipes.getFirst();
    CandidateFile candidates = workspace.data(first).candidates(Part.TEST);
    String key =
        Hashes.key(
            Config.yaml(first.rows()),
            workspace.data(first).hash(),
            guided.map(recipe -> workspace.recommenders(recipe).guideHash()).orElse(""));
    Path file = workspace.root().resolve("cases-test-" + key + ".jsonl");
    if (!Files.exists(file)) {
      try (var _ = MakingLock.waiting(file, workspace.context())) {
        if (!Files.exists(file)) {
          make(first, guided, candidates.hash(), workspace).write(file);
        }
      }
    }
    return CaseFacts.read(file);
  }

  /** The plain form of a method before others of it. */
  private static Optional<Recipe> guided(List<Recipe> recipes) {
    return GUIDED.stream()
        .flatMap(
            method ->
                recipes.stream()
                    .filter(recipe -> recipe.method() == method)
                    .sorted(comparing(recipe -> !recipe.label().equals(method.label()))))
        .findFirst();
  }

  private static CaseFacts make(
      Recipe recipe, Optional<Recipe> guided, String candidatesHash, Workspace workspace) {
    List<Case> rows = workspace.data(recipe).cases(Part.TEST);
    int[] counts = workspace.data(recipe).split().trainCounts();
    int[] clusters = new int[rows.size()];
    Optional<String> clustersBy = Optional.empty();
    if (guided.isPresent()) {
      try (SequenceRecommender guide =
          workspace.recommenders(guided.get()).of(Architecture.Model.SASREC)) {
        clusters = clusters(guide, rows, recipe.rows().candidateSeed());
        clustersBy = Optional.of(guide.name());
      }
    }
    List<CaseFacts.CaseFact> facts = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Case row = rows.get(i);
      facts.add(
          new CaseFacts.CaseFact(
              row.index(), row.user(), row.history().length, counts[row.target()], clusters[i]));
    }
    return new CaseFacts(
        new CaseFacts.About(candidatesHash, recipe.rows().history(), clustersBy), facts);
  }

  /** Cluster of each row, from 1. */
  private static int[] clusters(SequenceRecommender guide, List<Case> rows, long seed) {
    float[][] embeddings = guide.sequenceEmbeddings(rows.stream().map(Case::history).toList());
    int[] clusters = KMeans.of(embeddings, CLUSTERS, seed).cluster();
    for (int i = 0; i < clusters.length; i++) {
      clusters[i]++;
    }
    return clusters;
  }
}
