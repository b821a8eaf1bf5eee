package dev.ilora.runs;

import dev.ilora.BadInputException;
import dev.ilora.files.Hashes;
import dev.ilora.statistics.Outcomes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Whether a file in a run's folder is the run's own, or another run's that was put there. The
 * record decides by the SHA-256 of the file. It has none in runs of earlier versions: there decides
 * what the file says of itself.
 */
record OwnPieces(RunFolder folder) {

  /** A folder without a record is one in which no run has begun. */
  private boolean begun() {
    return Files.exists(folder.recordFile());
  }

  /**
   * Checks any file; nothing where it is not there.
   *
   * @throws BadInputException if the record names another one
   */
  void require(Path piece) {
    if (!begun() || !Files.exists(piece)) {
      return;
    }
    String recorded = folder.record().pieces().orElse(Map.of()).get(folder.nameOf(piece));
    if (recorded == null) {
      return;
    }
    String found = Hashes.sha256(piece);
    if (!found.equals(recorded)) {
      throw new BadInputException(
          piece,
          "is not the file that this run wrote: its SHA-256 is %s, %s says %s"
              .formatted(found, RunFolder.RECORD, recorded));
    }
  }

  /** Checks outcomes; those of the test cases are on the candidates of the record. */
  void require(Path file, Outcomes outcomes, boolean ofTestCases) {
    if (!begun()) {
      return;
    }
    RunRecord.Identity identity = folder.record().identity();
    requireSame(file, "method", identity.name(), outcomes.method());
    requireSame(file, "seed", identity.seed(), outcomes.seed());
    if (ofTestCases) {
      requireCandidates(file, outcomes.candidatesHash());
    }
    require(file);
  }

  /** Checks what is known of the test cases. */
  void require(Path file, CaseFacts facts) {
    if (begun()) {
      requireCandidates(file, facts.about().candidatesHash());
      require(file);
    }
  }

  private void requireCandidates(Path file, String hash) {
    folder
        .record()
        .inputs()
        .candidatesHash()
        .ifPresent(recorded -> requireSame(file, "candidates hash", recorded, hash));
  }

  static void requireSame(Path file, String what, Object recorded, Object found) {
    if (!Objects.equals(recorded, found)) {
      throw new BadInputException(
          file, "%s is %s, but %s in %s".formatted(what, found, recorded, RunFolder.RECORD));
    }
  }
}
