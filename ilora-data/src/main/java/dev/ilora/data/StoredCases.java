package dev.ilora.data;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Items, cases and candidates kept in files, whoever made them.
 *
 * @param itemsFile where the items were read from
 * @param items in the order of their ids
 * @param cases with their candidates, the same number for each
 * @param candidatesHash content hash of the candidates
 */
public record StoredCases(
    Path itemsFile, List<Item> items, List<Case> cases, String candidatesHash) {
  /**
   * Reads the three files.
   *
   * @param historyLength longer histories keep their latest items
   * @param minHistory cases with fewer history items are left out, as by the papers' loaders with 3
   * @throws BadInputException for lines that cannot be read, candidates of other cases, candidates
   *     outside the catalogue, or cases with different numbers of candidates
   */
  public static StoredCases read(
      Path itemsFile, Path casesFile, Path candidatesFile, int historyLength, int minHistory)
      throws IOException {
    List<Item> items = CaseFiles.readItems(itemsFile);
    List<Case> cases = CaseFiles.readRows(casesFile, items.size(), historyLength, minHistory);
    CandidateFile candidates = CandidateFile.read(candidatesFile, items.size());
    List<Case> complete;
    try {
      complete = candidates.of(cases);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(candidatesFile, e.getMessage());
    }
    requireOneWidth(complete, candidatesFile);
    return new StoredCases(itemsFile, items, complete, candidates.hash());
  }

  private static void requireOneWidth(List<Case> cases, Path file) {
    int width = cases.getFirst().candidates().length;
    for (int i = 0; i < cases.size(); i++) {
      int[] candidates = cases.get(i).candidates();
      if (candidates.length != width) {
        throw new BadInputException(
            file,
            i + 1L,
            "%s candidates, but the first row has %s".formatted(candidates.length, width));
      }
    }
  }

  /** The number of candidates of a case. */
  public int width() {
    return cases.getFirst().candidates().length;
  }

  /**
   * Checks that a model knows these items.
   *
   * @param titles titles of the model's items, in the order of their ids
   * @throws BadInputException naming the first item that differs
   */
  public void requireItems(List<String> titles) {
    if (titles.size() != items.size()) {
      throw new BadInputException(
          itemsFile,
          "has %s items, but the run's data have %s".formatted(items.size(), titles.size()));
    }
    for (int item = 0; item < titles.size(); item++) {
      if (!titles.get(item).equals(items.get(item).title())) {
        throw new BadInputException(
            itemsFile,
            item + 2L,
            "item %s is '%s' here, but '%s' in the run's data"
                .formatted(item, items.get(item).title(), titles.get(item)));
      }
    }
  }
}
