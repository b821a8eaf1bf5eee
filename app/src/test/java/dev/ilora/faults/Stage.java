package dev.ilora.faults;

import java.nio.file.Path;
import java.util.List;

/**
 * A command of the campaign. All work on one data set, and each on a copy of what the stages before
 * it left.
 *
 * @param name shown in tables
 * @param words of the command line; {@code WORK} stands for the folder it works in and {@code
 *     WORLD} for the one of the raw files and the data set
 */
record Stage(String name, List<String> words) {
  private static final String SMALL =
      "training.steps=6 training.batch=4 training.checkpointSeconds=1 recommender.epochs=2"
          + " rows.split=leave-one-out rows.testRows=12 rows.validRows=6 rows.candidates=5";

  static final List<Stage> ALL =
      List.of(
          stage("import", "data import WORLD/csv --out WORK/data"),
          stage("recommender", "recommender train WORLD/data --epochs 3 --out WORK/sasrec"),
          stage("adapter", "train WORLD/recipe.yaml data=WORLD/data --out WORK/runs " + SMALL),
          stage("evaluation", "eval WORK/runs/ilora-seed1"),
          stage("report", "report WORK/runs/ilora-seed1 --out WORK/report.html"),
          stage(
              "answers",
              "recommend WORK/runs/ilora-seed1 --requests WORLD/requests/requests.jsonl"
                  + " --out WORK/answers.jsonl"));

  /** Two of them at once share what they make. */
  static final Stage STUDY =
      stage(
          "study",
          "study WORLD/popularity.yaml WORLD/sasrec.yaml data=WORLD/data --out WORK/study "
              + SMALL);

  private static Stage stage(String name, String words) {
    return new Stage(name, List.of(words.split(" ")));
  }

  /** The command line in a folder. */
  List<String> command(Path world, Path work) {
    return words.stream()
        .map(word -> word.replace("WORLD", world.toString()).replace("WORK", work.toString()))
        .toList();
  }
}
