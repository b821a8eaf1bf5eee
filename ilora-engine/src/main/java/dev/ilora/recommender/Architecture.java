package dev.ilora.recommender;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a neural recommender is made of: all that its weights' shapes follow from.
 *
 * @param model which network
 * @param itemCount N; item ids are 0 .. N-1 and N is the padding id
 * @param width C, of an item embedding; 64 in the released models
 * @param historyLength L, the most items a sequence holds; 10 in the released models
 * @param filters Caser: horizontal filters of each size; 0 for the others
 * @param filterSizes Caser: heights of the horizontal filters, each at most L; empty for the others
 */
public record Architecture(
    Model model,
    int itemCount,
    int width,
    int historyLength,
    int filters,
    List<Integer> filterSizes) {

  /** The networks, with the name each has in released files. */
  public enum Model {
    SASREC("SASRec", "SASRec"),
    GRU4REC("GRU4Rec", "GRU"),
    CASER("Caser", "Caser");

    private final String title;
    private final String fileName;

    Model(String title, String fileName) {
      this.title = title;
      this.fileName = fileName;
    }

    /** Name in tables and messages. */
    public String title() {
      return title;
    }

    /**
     * Reads a name as people write it: SASRec, gru4rec, CASER.
     *
     * @throws IllegalArgumentException listing the names there are
     */
    public static Model named(String name) {
      return Stream.of(values())
          .filter(m -> m.title.equalsIgnoreCase(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "recommender '%s': expected SASRec, GRU4Rec or Caser".formatted(name)));
    }
  }

  /** Most items of a catalogue. */
  public static final int MOST_ITEMS = 1 << 27;

  /** Most values of an item's embedding. */
  public static final int MOST_WIDTH = 1 << 12;

  /** Most items of a history. */
  public static final int MOST_HISTORY = 1 << 12;

  private static final int MOST_FILTER_SIZES = 1 << 10;
  private static final String MODEL = "model";
  private static final String WIDTH = "hidden_size";
  private static final String HISTORY_LENGTH = "state_size";
  private static final String PADDING = "padding_item_id";
  private static final String FILTERS = "num_filters";
  private static final String FILTER_SIZES = "filter_sizes";

  /** Checks the bounds. */
  public Architecture {
    require("item count", itemCount, MOST_ITEMS);
    require("width", width, MOST_WIDTH);
    require("history length", historyLength, MOST_HISTORY);
    filterSizes = List.copyOf(filterSizes);
    if (model == Model.CASER) {
      requireFilters(filters, filterSizes, historyLength);
    }
  }

  /** The released sizes: 64 wide, 10 items; Caser with 16 filters of heights 2, 3 and 4. */
  public static Architecture released(Model model, int itemCount) {
    boolean caser = model == Model.CASER;
    return new Architecture(
        model, itemCount, 64, 10, caser ? 16 : 0, caser ? List.of(2, 3, 4) : List.of());
  }

  private static void require(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "%s: expected 1 to %s, got %s".formatted(what, most, value));
    }
  }

  private static void requireFilters(int filters, List<Integer> sizes, int historyLength) {
    require("number of filters", filters, MOST_WIDTH);
    if (sizes.size() > MOST_FILTER_SIZES) {
      throw new IllegalArgumentException(
          "filter sizes: expected at most %s, got %s".formatted(MOST_FILTER_SIZES, sizes.size()));
    }
    if (sizes.isEmpty()) {
      throw new IllegalArgumentException("Caser needs at least one filter size");
    }
    for (int size : sizes) {
      if (size < 1 || size > historyLength) {
        throw new IllegalArgumentException(
            "filter size %s is outside 1..%s, the history length".formatted(size, historyLength));
      }
    }
  }

  /** H, the width of z: C; for Caser more, one for each filter of each size. */
  public int sequenceWidth() {
    return model == Model.CASER ? width + filters * filterSizes.size() : width;
  }

  /** The padding id: the item count. */
  public int padding() {
    return itemCount;
  }

  /** The header entries that describe this architecture, under their released names. */
  Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(MODEL, model.fileName);
    metadata.put(PADDING, Integer.toString(itemCount));
    metadata.put(WIDTH, Integer.toString(width));
    metadata.put(HISTORY_LENGTH, Integer.toString(historyLength));
    if (model == Model.CASER) {
      metadata.put(FILTERS, Integer.toString(filters));
      metadata.put(FILTER_SIZES, filterSizes.toString());
    }
    return metadata;
  }

  /** Reads what {@link #metadata} writes. */
  static Architecture of(Path file, Map<String, String> metadata) {
    String name = text(file, metadata, MODEL, "SASRec, GRU or Caser");
    Model model =
        Stream.of(Model.values())
            .filter(m -> m.fileName.equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new BadInputException(
                        file, "metadata model '" + name + "': expected SASRec, GRU or Caser"));
    boolean caser = model == Model.CASER;
    try {
      return new Architecture(
          model,
          number(file, metadata, PADDING),
          number(file, metadata, WIDTH),
          number(file, metadata, HISTORY_LENGTH),
          caser ? number(file, metadata, FILTERS) : 0,
          caser ? numbers(file, metadata, FILTER_SIZES) : List.of());
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file, "metadata: " + e.getMessage());
    }
  }

  private static String text(
      Path file, Map<String, String> metadata, String key, String expectation) {
    String value = metadata.get(key);
    if (value == null) {
      Set<String> present = metadata.keySet();
      throw new BadInputException(
          file,
          "metadata has no '%s' (expected %s); it has %s"
              .formatted(
                  key,
                  expectation,
                  present.isEmpty() ? "nothing" : present.stream().sorted().toList()));
    }
    return value;
  }

  private static int number(Path file, Map<String, String> metadata, String key) {
    return integer(file, key, text(file, metadata, key, "a whole number"));
  }

  private static List<Integer> numbers(Path file, Map<String, String> metadata, String key) {
    String list = text(file, metadata, key, "a list such as [2, 3, 4]");
    return Stream.of(list.replaceAll("[\\[\\]\\s]", "").split(","))
        .map(text -> integer(file, key, text))
        .collect(Collectors.toList());
  }

  private static int integer(Path file, String key, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new BadInputException(
          file, "metadata %s '%s': expected a whole number".formatted(key, text));
    }
  }
}
