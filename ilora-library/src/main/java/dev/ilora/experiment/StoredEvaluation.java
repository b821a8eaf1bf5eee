package dev.ilora.experiment;

import dev.ilora.BadInputException;
import dev.ilora.data.CandidateFile;
import dev.ilora.data.Case;
import dev.ilora.data.CaseCandidates;
import dev.ilora.data.CaseFiles;
import dev.ilora.data.Item;
import dev.ilora.evaluate.PromptEvaluation;
import dev.ilora.evaluate.RecommenderEvaluation;
import dev.ilora.recommender.Recommender;
import dev.ilora.statistics.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Evaluates any model on rows and candidates kept in files, whoever made them. Results come by what
 * was ranked: {@code candidates_N} with the number of candidates of a row, and of recommenders
 * {@code full_catalogue} too, where each target is ranked among all items, history included.
 */
public final class StoredEvaluation {
  private static final String ALL_ITEMS = "full_catalogue";

  private final Path itemsFile;
  private final List<Item> items;
  private final List<Case> rows;
  private final CandidateFile candidates;

  private StoredEvaluation(
      Path itemsFile, List<Item> items, List<Case> rows, CandidateFile candidates) {
    this.itemsFile = itemsFile;
    this.items = items;
    this.rows = rows;
    this.candidates = candidates;
  }

  /**
   * Reads the three files.
   *
   * @param historyLength longer histories keep their latest items
   * @param minHistory rows with fewer history items are left out, as by the papers' loaders with 3
   * @throws BadInputException for lines that cannot be read, candidates of other rows, candidates
   *     outside the catalogue, or rows with different numbers of candidates
   */
  public static StoredEvaluation read(
      Path itemsFile, Path rowsFile, Path candidatesFile, int historyLength, int minHistory)
      throws IOException {
    List<Item> items = CaseFiles.readItems(itemsFile);
    List<Case> rows = CaseFiles.readRows(rowsFile, items.size(), historyLength, minHistory);
    CandidateFile candidates = CandidateFile.read(candidatesFile);
    try {
      candidates.requireMatches(rows);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(candidatesFile, e.getMessage());
    }
    requireKnown(candidates.rows(), items.size(), candidatesFile);
    return new StoredEvaluation(itemsFile, items, rows, candidates);
  }

  private static void requireKnown(List<CaseCandidates> rows, int itemCount, Path file) {
    int width = rows.getFirst().candidates().length;
    for (int i = 0; i < rows.size(); i++) {
      int[] candidates = rows.get(i).candidates();
      if (candidates.length != width) {
        throw new BadInputException(
            file,
            i + 1L,
            "%d candidates, but the first row has %d".formatted(candidates.length, width));
      }
      for (int item : candidates) {
        if (item < 0 || item >= itemCount) {
          throw new BadInputException(
              file, i + 1L, "candidate %d is outside 0 .. %d".formatted(item, itemCount - 1));
        }
      }
    }
  }

  /** Content hash of the candidates. */
  public String candidatesHash() {
    return candidates.hash();
  }

  /** Number of rows. */
  public int rows() {
    return rows.size();
  }

  private String amongCandidates() {
    return "candidates_" + candidates.rows().getFirst().candidates().length;
  }

  /**
   * Evaluates a recommender on the candidates and on the whole catalogue.
   *
   * @throws BadInputException if it knows another number of items
   */
  public Map<String, List<Outcome>> of(Recommender recommender) {
    if (recommender.itemCount() != items.size()) {
      throw new BadInputException(
          itemsFile,
          "has %d items, but the %s to evaluate knows %d"
              .formatted(items.size(), recommender.name(), recommender.itemCount()));
    }
    Map<String, List<Outcome>> results = new LinkedHashMap<>();
    results.put(amongCandidates(), RecommenderEvaluation.run(recommender, rows, candidates.rows()));
    results.put(ALL_ITEMS, RecommenderEvaluation.amongAllItems(recommender, rows));
    return results;
  }

  /**
   * Evaluates a finished run, a language model on the candidates alone.
   *
   * @param protocol how a language model ranks
   * @throws BadInputException if the run was made on other items
   */
  public Map<String, List<Outcome>> of(
      Experiment run, Workspace workspace, PromptEvaluation.Protocol protocol) {
    Recipe recipe = run.recipe();
    List<String> titles = workspace.dataset(recipe).titles();
    requireSameItems(titles);
    if (!recipe.method().asksLanguageModel()) {
      try (Recommender recommender = run.recommender()) {
        return of(recommender);
      }
    }
    try (OpenModel models = run.models()) {
      return Map.of(
          amongCandidates(),
          new PromptEvaluation(models.model(), titles, protocol, recipe.evaluation().batch())
              .run(rows, candidates.rows(), "evaluating " + recipe.label(), workspace.progress()));
    }
  }

  private void requireSameItems(List<String> titles) {
    if (titles.size() != items.size()) {
      throw new BadInputException(
          itemsFile,
          "has %d items, but the run's data have %d".formatted(items.size(), titles.size()));
    }
    for (int item = 0; item < titles.size(); item++) {
      if (!titles.get(item).equals(items.get(item).title())) {
        throw new BadInputException(
            itemsFile,
            item + 2L,
            "item %d is '%s' here, but '%s' in the run's data"
                .formatted(item, items.get(item).title(), titles.get(item)));
      }
    }
  }
}
