package dev.ilora.prompt;

import dev.ilora.BadInputException;
import dev.ilora.ResourceText;
import dev.ilora.files.TextFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The frame of a prompt: text around the places for a user's history and the candidates.
 *
 * <p>A template file is UTF-8 text. Lines that begin with {@code #} and empty lines are skipped;
 * one line is the frame, in which {@code \n} stands for a line break. Placeholders, each at most
 * once:
 *
 * <ul>
 *   <li>{@code [HistoryHere]} (needed): the titles of the user's history, oldest first, separated
 *       by commas
 *   <li>{@code [CansHere]} (needed): the candidates' titles in the same manner
 *   <li>{@code [HistoryEmb]}, {@code [CansEmb]}: only directly after the former two; text between
 *       the two stands between each title and its slot. Without them a slot follows its title
 *       directly. They vanish where {@link ItemEmbeddings} asks for no slots
 *   <li>{@code [UserEmb]}: the slot of the user's embedding; without it that slot stands directly
 *       before the history
 * </ul>
 *
 * <p>The answer follows the frame's end. A space at the end, or before a list, belongs to the title
 * after it and may be written or left out.
 *
 * <p>Source of the placeholders and of the built-in long frames: Liao et al., arXiv:2312.02445.
 */
public final class PromptTemplate {
  /** The names {@link #named} knows. */
  public static final List<String> NAMES =
      List.of(
          "movie",
          "movie-short",
          "artist",
          "artist-short",
          "game",
          "game-short",
          "item",
          "item-short");

  /** One stretch of the frame. */
  sealed interface Part {
    /** Text as it stands. */
    record Text(String text) implements Part {}

    /** A list of titles. */
    sealed interface Titles extends Part {
      /** What stands between two titles: a line break or a comma. */
      String separator();

      /** What stands between a title and its slot. */
      String gap();
    }

    /** The list of history titles. */
    record History(String separator, String gap) implements Titles {}

    /** The list of candidate titles. */
    record Candidates(String separator, String gap) implements Titles {}

    /** The slot of the user's sequence embedding. */
    record User() implements Part {}
  }

  private static final String HISTORY = "[HistoryHere]";
  private static final String CANDIDATES = "[CansHere]";
  private static final String HISTORY_SLOT = "[HistoryEmb]";
  private static final String CANDIDATES_SLOT = "[CansEmb]";
  private static final String USER = "[UserEmb]";
  private static final List<String> PLACEHOLDERS =
      List.of(HISTORY, CANDIDATES, HISTORY_SLOT, CANDIDATES_SLOT, USER);
  private static final Pattern PLACEHOLDER = Pattern.compile("\\[[A-Za-z]+]");

  private final String frame;
  private final List<Part> parts;

  private PromptTemplate(String frame, List<Part> parts) {
    this.frame = frame;
    this.parts = List.copyOf(parts);
  }

  /**
   * Reads a template file.
   *
   * @throws BadInputException if it cannot be read, has no frame or several, or a placeholder is
   *     unknown, missing, repeated or misplaced
   */
  public static PromptTemplate load(Path file) {
    return parse(file, TextFile.read(file));
  }

  /**
   * Returns a built-in template: the papers' frame, or with {@code -short} a brief one.
   *
   * @throws IllegalArgumentException if the name is none of {@link #NAMES}
   */
  public static PromptTemplate named(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "no template named '%s'; built in are %s".formatted(name, String.join(", ", NAMES)));
    }
    String resource = "templates/" + name + ".txt";
    return parse(
        Path.of(resource),
        ResourceText.of(PromptTemplate.class.getResourceAsStream(resource), resource));
  }

  private static PromptTemplate parse(Path file, String text) {
    String frame = null;
    int frameLine = 0;
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (frame != null) {
        throw new BadInputException(
            file,
            number,
            "a second frame; the first is on line %s (write a line break as \\n)"
                .formatted(frameLine));
      }
      frame = line;
      frameLine = number;
    }
    if (frame == null) {
      throw new BadInputException(file, "holds no frame: a line with [HistoryHere] and [CansHere]");
    }
    return new PromptTemplate(frame, parts(file, frameLine, frame.replace("\\n", "\n")));
  }

  private static List<Part> parts(Path file, int line, String frame) {
    Set<String> seen = new HashSet<>();
    List<Part> parts = new ArrayList<>();
    Matcher matcher = PLACEHOLDER.matcher(frame);
    int from = 0;
    while (matcher.find()) {
      String name = matcher.group();
      if (!PLACEHOLDERS.contains(name)) {
        throw new BadInputException(
            file,
            line,
            "unknown placeholder %s; known are %s"
                .formatted(name, String.join(", ", PLACEHOLDERS)));
      }
      if (!seen.add(name)) {
        throw new BadInputException(file, line, "placeholder " + name + " occurs twice");
      }
      add(file, line, parts, frame.substring(from, matcher.start()), name);
      from = matcher.end();
    }
    for (String needed : List.of(HISTORY, CANDIDATES)) {
      if (!seen.contains(needed)) {
        throw new BadInputException(file, line, "placeholder " + needed + " is missing");
      }
    }
    addText(parts, frame.substring(from).stripTrailing());
    return parts;
  }

  private static void add(Path file, int line, List<Part> parts, String before, String name) {
    switch (name) {
      case HISTORY -> {
        addText(parts, withoutLastSpace(before));
        parts.add(new Part.History(separator(before), ""));
      }
      case CANDIDATES -> {
        addText(parts, withoutLastSpace(before));
        parts.add(new Part.Candidates(separator(before), ""));
      }
      case USER -> {
        addText(parts, before);
        parts.add(new Part.User());
      }
      case HISTORY_SLOT -> {
        Part.Titles list =
            requireAfter(file, line, parts, before, name, HISTORY, Part.History.class);
        parts.set(parts.size() - 1, new Part.History(list.separator(), before));
      }
      case CANDIDATES_SLOT -> {
        Part.Titles list =
            requireAfter(file, line, parts, before, name, CANDIDATES, Part.Candidates.class);
        parts.set(parts.size() - 1, new Part.Candidates(list.separator(), before));
      }
      default -> throw new IllegalStateException(name);
    }
  }

  /** A list that starts a line has a title on each line. */
  private static String separator(String before) {
    return before.endsWith("\n") ? "\n" : ",";
  }

  private static Part.Titles requireAfter(
      Path file,
      int line,
      List<Part> parts,
      String between,
      String name,
      String list,
      Class<? extends Part.Titles> kind) {
    if (parts.isEmpty() || !kind.isInstance(parts.getLast()) || !between.isBlank()) {
      throw new BadInputException(
          file, line, "placeholder %s must directly follow %s".formatted(name, list));
    }
    return kind.cast(parts.getLast());
  }

  private static void addText(List<Part> parts, String text) {
    if (!text.isEmpty()) {
      parts.add(new Part.Text(text));
    }
  }

  private static String withoutLastSpace(String text) {
    return text.endsWith(" ") ? text.substring(0, text.length() - 1) : text;
  }

  /** Returns the frame as written, placeholders included. */
  public String frame() {
    return frame;
  }

  List<Part> parts() {
    return parts;
  }

  @Override
  public String toString() {
    return frame;
  }
}
