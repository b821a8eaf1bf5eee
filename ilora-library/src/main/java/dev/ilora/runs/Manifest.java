package dev.ilora.runs;

import dev.ilora.BadInputException;
import dev.ilora.files.JsonLine;
import dev.ilora.files.JsonLines;
import dev.ilora.files.WholeFile;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What identifies a run and what it came to, as kept in {@code manifest.json}.
 *
 * @param iloraVersion version of ilora that ran
 * @param method name of the method in tables, such as {@code iLoRA + user slot}
 * @param family name of the method it is a form of, such as {@code iLoRA}; often the same
 * @param seed seed of the run
 * @param dataset name of the data set
 * @param dataHash content hash of the data set
 * @param candidatesHash content hash of the candidates evaluated on, or null
 * @param baseModelHash content hash of the language model, or null where there is none
 * @param environment where it ran
 * @param started when the run began
 * @param finished when it ended, or null while it runs or if it was interrupted
 * @param seconds name of a phase ({@code train}, {@code evaluate}, ...) to its duration
 * @param metrics name of a metric to its value on the evaluated rows
 * @param resources name of what the run took, such as {@link #TRAINED_PARAMETERS}, to how much of
 *     it; empty in runs of earlier versions
 * @param notes what a reader of the figures must know, such as the order of the data
 */
public record Manifest(
    String iloraVersion,
    String method,
    String family,
    long seed,
    String dataset,
    String dataHash,
    String candidatesHash,
    String baseModelHash,
    Environment environment,
    Instant started,
    Instant finished,
    Map<String, Double> seconds,
    Map<String, Double> metrics,
    Map<String, Long> resources,
    List<String> notes) {
  /** The version of the file format written. */
  public static final int SCHEMA = 1;

  /** The phase in which a run made what others use as well: the base model, the recommender. */
  public static final String SHARED = "shared";

  /** The phase in which a run trained what is its own. */
  public static final String TRAIN = "train";

  /** The phase in which a run ranked the test rows. */
  public static final String EVALUATE = "evaluate";

  /** The phase in which a run ranked the papers' rows as well. */
  public static final String EVALUATE_PAPER_ROWS = "evaluate paper rows";

  /**
   * The resource: how many numbers the run's training fitted, of the recommender where the method
   * is one, or else of adapters, gate and projectors.
   */
  public static final String TRAINED_PARAMETERS = "trained_parameters";

  /**
   * The resource: the most memory that the first training steps and some test rows took, in bytes,
   * tried alone before a run that shares the process with others.
   */
  public static final String REHEARSAL_PEAK_BYTES = "rehearsal_peak_bytes";

  /** The name of the resource: the most memory a phase took, in bytes. */
  public static String peakBytes(String phase) {
    return phase + "_peak_bytes";
  }

  /** The name of the resource: the compute threads a phase ran on. */
  public static String threads(String phase) {
    return phase + "_threads";
  }

  /** Checks that nothing but the documented is null and copies the collections. */
  public Manifest {
    Objects.requireNonNull(iloraVersion, "iloraVersion");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(family, "family");
    Objects.requireNonNull(dataset, "dataset");
    Objects.requireNonNull(dataHash, "dataHash");
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(started, "started");
    seconds = new LinkedHashMap<>(seconds);
    metrics = new LinkedHashMap<>(metrics);
    resources = new LinkedHashMap<>(resources);
    notes = List.copyOf(notes);
  }

  /** A run that begins: no times, no metrics. */
  public static Manifest begin(
      String method,
      long seed,
      String dataset,
      String dataHash,
      Environment environment,
      Instant now) {
    return new Manifest(
        Environment.iloraVersion(),
        method,
        method,
        seed,
        dataset,
        dataHash,
        null,
        null,
        environment,
        now,
        null,
        Map.of(),
        Map.of(),
        Map.of(),
        List.of());
  }

  /** As a form of a method that tables know. */
  public Manifest ofFamily(String name) {
    return new Manifest(
        iloraVersion,
        method,
        name,
        seed,
        dataset,
        dataHash,
        candidatesHash,
        baseModelHash,
        environment,
        started,
        finished,
        seconds,
        metrics,
        resources,
        notes);
  }

  /** With the hash of the candidates evaluated on. */
  public Manifest withCandidates(String hash) {
    return copy(hash, baseModelHash, finished, seconds, metrics, resources, notes);
  }

  /** With the hash of the language model. */
  public Manifest withBaseModel(String hash) {
    return copy(candidatesHash, hash, finished, seconds, metrics, resources, notes);
  }

  /** With one more phase timed; a phase timed before is replaced. */
  public Manifest withSeconds(String phase, double duration) {
    Map<String, Double> more = new LinkedHashMap<>(seconds);
    more.put(phase, duration);
    return copy(candidatesHash, baseModelHash, finished, more, metrics, resources, notes);
  }

  /** With these metrics added to those there. */
  public Manifest withMetrics(Map<String, Double> named) {
    Map<String, Double> more = new LinkedHashMap<>(metrics);
    more.putAll(named);
    return copy(candidatesHash, baseModelHash, finished, seconds, more, resources, notes);
  }

  /** With one more resource; one of that name is replaced. */
  public Manifest withResource(String name, long amount) {
    Map<String, Long> more = new LinkedHashMap<>(resources);
    more.put(name, amount);
    return copy(candidatesHash, baseModelHash, finished, seconds, metrics, more, notes);
  }

  /** With one more note. */
  public Manifest withNote(String note) {
    List<String> more = new ArrayList<>(notes);
    more.add(note);
    return copy(candidatesHash, baseModelHash, finished, seconds, metrics, resources, more);
  }

  /** With the time the run ended. */
  public Manifest finishedAt(Instant now) {
    return copy(candidatesHash, baseModelHash, now, seconds, metrics, resources, notes);
  }

  /**
   * The run's own phases together, in seconds: without {@link #SHARED}, which other runs profit
   * from as well.
   */
  public double totalSeconds() {
    return seconds.entrySet().stream()
        .filter(phase -> !phase.getKey().equals(SHARED))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  void write(Path file) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", SCHEMA);
    fields.put("ilora_version", iloraVersion);
    fields.put("method", method);
    fields.put("family", family);
    fields.put("seed", seed);
    fields.put("dataset", dataset);
    fields.put("data_hash", dataHash);
    fields.put("candidates_hash", candidatesHash);
    fields.put("base_model_hash", baseModelHash);
    fields.put("environment", environment.values());
    fields.put("started", started.toString());
    fields.put("finished", finished == null ? null : finished.toString());
    fields.put("seconds", seconds);
    fields.put("metrics", metrics);
    fields.put("resources", resources);
    fields.put("notes", notes);
    WholeFile.write(file, JsonLines.indented(fields));
  }

  static Manifest read(Path file) {
    JsonLine fields = JsonLine.parse(file, 1, JsonLines.text(file));
    int schema = fields.integer("schema");
    if (schema != SCHEMA) {
      throw new BadInputException(file, "schema is " + schema + ", this version reads " + SCHEMA);
    }
    return new Manifest(
        fields.text("ilora_version"),
        fields.text("method"),
        fields.has("family") ? fields.text("family") : fields.text("method"),
        fields.longInteger("seed"),
        fields.text("dataset"),
        fields.text("data_hash"),
        fields.textOrNull("candidates_hash"),
        fields.textOrNull("base_model_hash"),
        new Environment(fields.textsByName("environment")),
        instant(fields, "started"),
        fields.has("finished") ? instant(fields, "finished") : null,
        fields.numbersByName("seconds"),
        fields.numbersByName("metrics"),
        resources(fields),
        fields.texts("notes"));
  }

  private static Map<String, Long> resources(JsonLine fields) {
    Map<String, Long> resources = new LinkedHashMap<>();
    // Where runs named it before there were other resources.
    if (fields.has(TRAINED_PARAMETERS)) {
      resources.put(TRAINED_PARAMETERS, fields.longInteger(TRAINED_PARAMETERS));
    }
    if (fields.has("resources")) {
      fields
          .numbersByName("resources")
          .forEach((name, amount) -> resources.put(name, amount.longValue()));
    }
    return resources;
  }

  private static Instant instant(JsonLine fields, String field) {
    String text = fields.text(field);
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw fields.mistake(
          "field '"
              + field
              + "' is \""
              + text
              + "\", expected a time such as 2026-01-31T12:00:00Z");
    }
  }

  private Manifest copy(
      String candidates,
      String baseModel,
      Instant end,
      Map<String, Double> phases,
      Map<String, Double> figures,
      Map<String, Long> amounts,
      List<String> remarks) {
    return new Manifest(
        iloraVersion,
        method,
        family,
        seed,
        dataset,
        dataHash,
        candidates,
        baseModel,
        environment,
        started,
        end,
        phases,
        figures,
        amounts,
        remarks);
  }
}
