package dev.ilora.data;

import dev.ilora.BadInputException;
import dev.ilora.Randomness;
import dev.ilora.files.Hashes;
import dev.ilora.files.JsonFields;
import dev.ilora.files.SealedFile;
import dev.ilora.files.TextFile;
import dev.ilora.files.TextLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The frozen candidates of an evaluation, {@code candidates.jsonl}: one line a row, {@code {"row":
 * 0, "target": 3, "candidates": [665, 3, ...]}}. They are drawn once and kept, so that every method
 * ranks the same items and every result can carry their hash.
 */
public final class CandidateFile {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What the file says of a case. */
  private record Line(int index, int target, int[] candidates) {
    Line {
      if (candidates.length == 0) {
        throw new IllegalArgumentException("case " + index + " has no candidates");
      }
      var _ = new Case(index, "", candidates, target, candidates);
    }
  }

  private final List<Line> lines;
  private final String hash;

  private CandidateFile(List<Line> lines) {
    this.lines = List.copyOf(lines);
    this.hash = Hashes.sha256(text(this.lines).getBytes(StandardCharsets.UTF_8));
  }

  /** The number of cases. */
  public int size() {
    return lines.size();
  }

  /**
   * Gives cases their candidates.
   *
   * @param cases those the file is for, in its order
   * @throws IllegalArgumentException naming the first case that differs
   */
  public List<Case> of(List<Case> cases) {
    requireMatches(cases);
    List<Case> complete = new ArrayList<>(cases.size());
    for (int i = 0; i < cases.size(); i++) {
      complete.add(cases.get(i).among(lines.get(i).candidates()));
    }
    return complete;
  }

  /** SHA-256 (hex) of the file as {@link #write} writes it. */
  public String hash() {
    return hash;
  }

  /**
   * Draws {@code count - 1} items uniformly among those the row's user never had, adds the target
   * and shuffles. Each row has a random stream of its own made of the seed and the row's number, so
   * a sample of rows gets the candidates it would have got among all.
   *
   * @param dataset the data the rows come from: gives each user's whole sequence
   * @throws IllegalArgumentException if a user leaves too few items
   */
  public static CandidateFile draw(List<Case> rows, Dataset dataset, int count, long seed) {
    Map<String, UserSequence> users = dataset.usersByKey();
    List<Case> drawn = new ArrayList<>(rows.size());
    for (Case row : rows) {
      UserSequence user = users.get(row.user());
      if (user == null) {
        throw new IllegalArgumentException(
            "row %s is of user %s, who is not in dataset %s"
                .formatted(row.index(), row.user(), dataset.name()));
      }
      drawn.add(draw(row, user.items(), dataset.itemCount(), count, seed));
    }
    return of(drawn.stream());
  }

  /** Draws as above where nothing but the rows is known: avoids each row's history and target. */
  public static CandidateFile draw(List<Case> rows, int itemCount, int count, long seed) {
    return of(rows.stream().map(r -> draw(r, r.history(), itemCount, count, seed)));
  }

  private static CandidateFile of(Stream<Case> complete) {
    return new CandidateFile(
        complete.map(c -> new Line(c.index(), c.target(), c.candidates())).toList());
  }

  private static Case draw(Case row, int[] seen, int itemCount, int count, long seed) {
    BitSet excluded = new BitSet(itemCount);
    for (int item : seen) {
      excluded.set(item);
    }
    excluded.set(row.target());
    if (count < 2 || itemCount - excluded.cardinality() < count - 1) {
      throw new IllegalArgumentException(
          "cannot draw %s candidates for row %s: must be at least 2, and %s items remain outside the history of user %s"
              .formatted(count, row.index(), itemCount - excluded.cardinality(), row.user()));
    }
    RandomGenerator random = Randomness.ofCase(seed, row.index());
    int[] candidates = new int[count];
    candidates[0] = row.target();
    for (int i = 1; i < count; i++) {
      int item = random.nextInt(itemCount);
      while (excluded.get(item)) {
        item = random.nextInt(itemCount);
      }
      excluded.set(item);
      candidates[i] = item;
    }
    Randomness.shuffle(candidates, random);
    return row.among(candidates);
  }

  /**
   * Checks that these are the candidates of exactly those rows, in order.
   *
   * @throws IllegalArgumentException naming the first row that differs
   */
  public void requireMatches(List<Case> evaluated) {
    if (evaluated.size() != lines.size()) {
      throw new IllegalArgumentException(
          "candidates are for %s rows, but %s rows are evaluated"
              .formatted(lines.size(), evaluated.size()));
    }
    for (int i = 0; i < lines.size(); i++) {
      Line candidates = lines.get(i);
      Case row = evaluated.get(i);
      if (candidates.index() != row.index() || candidates.target() != row.target()) {
        throw new IllegalArgumentException(
            "candidates number %s are for row %s with target %s, but the row evaluated there is %s with target %s"
                .formatted(i, candidates.index(), candidates.target(), row.index(), row.target()));
      }
    }
  }

  /** Writes the file whole or not at all, with a seal. */
  public void write(Path file) {
    SealedFile.write(file, text(lines));
  }

  /**
   * Reads a file.
   *
   * @throws BadInputException for a line that is not such a row, a row given twice, or no rows
   */
  public static CandidateFile read(Path file) throws IOException {
    List<Line> lines = new ArrayList<>();
    Set<Integer> numbers = new HashSet<>();
    try (TextLines texts = new TextLines(TextFile.open(file))) {
      for (String text = texts.next(); text != null; text = texts.next()) {
        Line row = parse(file, texts.line(), text);
        if (!numbers.add(row.index())) {
          throw new BadInputException(file, texts.line(), "row " + row.index() + " is given twice");
        }
        lines.add(row);
      }
    }
    if (lines.isEmpty()) {
      throw new BadInputException(file, "no candidate rows");
    }
    SealedFile.check(file);
    return new CandidateFile(lines);
  }

  /**
   * Reads a file of a catalogue.
   *
   * @param itemCount items are 0 to {@code itemCount - 1}
   * @throws BadInputException as above, or for a candidate that is no item
   */
  public static CandidateFile read(Path file, int itemCount) throws IOException {
    CandidateFile read = read(file);
    for (int i = 0; i < read.lines.size(); i++) {
      for (int candidate : read.lines.get(i).candidates()) {
        if (candidate < 0 || candidate >= itemCount) {
          throw new BadInputException(
              file, i + 1L, "candidate %s is outside 0 .. %s".formatted(candidate, itemCount - 1));
        }
      }
    }
    return read;
  }

  private static Line parse(Path file, long line, String text) {
    try {
      JsonNode node = JSON.readTree(text);
      return new Line(
          JsonFields.integer(node, "row"),
          JsonFields.integer(node, "target"),
          JsonFields.integers(node, "candidates"));
    } catch (JacksonException e) {
      throw JsonFields.notJson(file, line, text);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file, line, e.getMessage());
    }
  }

  private static String text(List<Line> lines) {
    StringBuilder text = new StringBuilder();
    for (Line row : lines) {
      text.append("{\"row\": ").append(row.index());
      text.append(", \"target\": ").append(row.target()).append(", \"candidates\": [");
      String list =
          IntStream.of(row.candidates())
              .mapToObj(Integer::toString)
              .collect(Collectors.joining(", "));
      text.append(list).append("]}\n");
    }
    return text.toString();
  }
}
