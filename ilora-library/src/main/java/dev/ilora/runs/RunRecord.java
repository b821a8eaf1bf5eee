package dev.ilora.runs;

import dev.ilora.BadInputException;
import dev.ilora.files.JsonLine;
import dev.ilora.files.JsonLines;
import dev.ilora.files.SealedFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What is recorded of a run, as kept in {@code run.json}.
 *
 * @param identity which run it is
 * @param inputs what it was made from
 * @param costs what each phase took so far
 * @param result what it came to so far
 * @param pieces SHA-256 of what it wrote and finished, by its path in the run's folder; absent in
 *     runs of earlier versions
 */
public record RunRecord(
    Identity identity,
    Inputs inputs,
    Map<Phase, Cost> costs,
    Result result,
    Optional<Map<String, String>> pieces) {
  /** The version of the file format. */
  public static final int SCHEMA = 2;

  /**
   * Which run it is.
   *
   * @param name name in tables, such as {@code iLoRA + user slot}
   * @param method the method it is a form of; its plain form has the method's label as name
   * @param seed seed of the run
   * @param started when it began
   * @param environment where it began
   */
  public record Identity(
      String name, Method method, long seed, Instant started, Environment environment) {
    /** Checks that all is there. */
    public Identity {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(method, "method");
      Objects.requireNonNull(started, "started");
      Objects.requireNonNull(environment, "environment");
    }

    /** Whether the run is its method's plain form and not a variant with a name of its own. */
    public boolean plain() {
      return name.equals(method.label());
    }
  }

  /**
   * What it was made from.
   *
   * @param data the data set
   * @param candidatesHash content hash of the candidates of the test cases, once it is evaluated
   * @param baseModelHash content hash of the language model, once it was asked; never where the
   *     method has none
   */
  public record Inputs(
      DataSource data, Optional<String> candidatesHash, Optional<String> baseModelHash) {
    /** Checks that the data set is there. */
    public Inputs {
      Objects.requireNonNull(data, "data");
    }
  }

  /**
   * What it came to.
   *
   * @param finished when it ended; empty while it runs or if it was interrupted
   * @param trainedParameters how many numbers its training fitted, of the recommender where the
   *     method is one, or else of adapters, gate and projectors; empty before that is known
   * @param metrics name of a metric to its value on the test cases
   * @param notes what a reader of the figures must know, such as the order of the data
   */
  public record Result(
      Optional<Instant> finished,
      OptionalLong trainedParameters,
      Map<String, Double> metrics,
      List<String> notes) {
    /** Copies the collections. */
    public Result {
      metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
      notes = List.copyOf(notes);
    }
  }

  /** Keeps the phases in their order. */
  public RunRecord {
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(inputs, "inputs");
    Map<Phase, Cost> ordered = new EnumMap<>(Phase.class);
    ordered.putAll(costs);
    costs = Collections.unmodifiableMap(ordered);
    Objects.requireNonNull(result, "result");
    pieces = pieces.map(named -> Collections.unmodifiableMap(new TreeMap<>(named)));
  }

  /** A run that begins: nothing spent, no figures. */
  public static RunRecord begin(Identity identity, DataSource data) {
    return new RunRecord(
        identity,
        new Inputs(data, Optional.empty(), Optional.empty()),
        Map.of(),
        new Result(Optional.empty(), OptionalLong.empty(), Map.of(), List.of()),
        Optional.empty());
  }

  /** With the hash of the candidates evaluated on. */
  public RunRecord withCandidates(String hash) {
    return with(new Inputs(inputs.data, Optional.of(hash), inputs.baseModelHash));
  }

  /** With the hash of the language model. */
  public RunRecord withBaseModel(String hash) {
    return with(new Inputs(inputs.data, inputs.candidatesHash, Optional.of(hash)));
  }

  /** With the cost of a phase, added to what it took before. */
  public RunRecord plus(Phase phase, Cost cost) {
    Map<Phase, Cost> more = new EnumMap<>(Phase.class);
    more.putAll(costs);
    Cost before = more.get(phase);
    more.merge(phase, cost, Cost::plus);
    RunRecord longer = new RunRecord(identity, inputs, more, result, pieces);
    return before == null || before.sameThreads(cost)
        ? longer
        : longer.withNote(
            "phase %s began on %s threads and went on on %s: its last bits are those of neither"
                .formatted(
                    phase.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    before.threads().getAsInt(),
                    cost.threads().getAsInt()));
  }

  /** With the number of trained parameters. */
  public RunRecord withTrainedParameters(long count) {
    return with(new Result(result.finished, OptionalLong.of(count), result.metrics, result.notes));
  }

  /** With the metrics of the test cases. */
  public RunRecord withMetrics(Map<String, Double> metrics) {
    return with(new Result(result.finished, result.trainedParameters, metrics, result.notes));
  }

  /** With one more note; one that is there is not repeated. */
  public RunRecord withNote(String note) {
    if (result.notes.contains(note)) {
      return this;
    }
    List<String> more = new ArrayList<>(result.notes);
    more.add(note);
    return with(new Result(result.finished, result.trainedParameters, result.metrics, more));
  }

  /** With the time the run ended. */
  public RunRecord finishedAt(Instant now) {
    return with(
        new Result(Optional.of(now), result.trainedParameters, result.metrics, result.notes));
  }

  /** With the hash of a piece that is finished. */
  RunRecord withPiece(String name, String sha256) {
    Map<String, String> more = new TreeMap<>(pieces.orElse(Map.of()));
    more.put(name, sha256);
    return new RunRecord(identity, inputs, costs, result, Optional.of(more));
  }

  /** Without the hash of a piece that is about to be written. */
  RunRecord withoutPiece(String name) {
    Map<String, String> fewer = new TreeMap<>(pieces.orElse(Map.of()));
    return fewer.remove(name) == null
        ? this
        : new RunRecord(identity, inputs, costs, result, Optional.of(fewer));
  }

  private RunRecord with(Inputs changed) {
    return new RunRecord(identity, changed, costs, result, pieces);
  }

  private RunRecord with(Result changed) {
    return new RunRecord(identity, inputs, costs, changed, pieces);
  }

  /** The duration of the phases that are the run's {@linkplain Phase#own own}. */
  public double ownSeconds() {
    return costs.entrySet().stream()
        .filter(phase -> phase.getKey().own())
        .mapToDouble(phase -> phase.getValue().seconds())
        .sum();
  }

  /** Writes the file whole or not at all. */
  void write(Path file) {
    SealedFile.write(file, JsonLines.indented(JsonLines.withSchema(SCHEMA, this)));
  }

  /**
   * Reads a file that {@link #write} wrote.
   *
   * @throws BadInputException if it is missing, of another schema, lacks a field or has an unknown
   *     one
   */
  static RunRecord read(Path file) {
    JsonLine object = JsonLines.object(file);
    object.requireSchema(SCHEMA);
    RunRecord record = object.as(RunRecord.class, JsonLine.SCHEMA);
    SealedFile.check(file);
    return record;
  }
}
