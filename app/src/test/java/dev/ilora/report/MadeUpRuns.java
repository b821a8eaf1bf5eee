package dev.ilora.report;

import dev.ilora.runs.CaseFacts;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Cost;
import dev.ilora.runs.DataSource;
import dev.ilora.runs.Environment;
import dev.ilora.runs.ExpertWeights;
import dev.ilora.runs.Method;
import dev.ilora.runs.Phase;
import dev.ilora.runs.Run;
import dev.ilora.runs.RunFolder;
import dev.ilora.runs.RunRecord;
import dev.ilora.runs.Sample;
import dev.ilora.runs.TrainingPoint;
import dev.ilora.statistics.Answer;
import dev.ilora.statistics.Outcome;
import dev.ilora.statistics.Outcomes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Run folders of invented methods that are better the later they stand in the papers' tables. */
public final class MadeUpRuns {
  /** A title that would be code if it were not escaped. */
  public static final String HOSTILE = "</title><script>alert('\"x\"')</script> & <b>Bold</b>";

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final int[] CANDIDATES = IntStream.range(0, 20).toArray();

  private MadeUpRuns() {}

  /** All methods, one run each, below a folder. */
  public static List<RunFolder> all(Path below) {
    return Arrays.stream(Method.values()).map(method -> write(below, method, 1)).toList();
  }

  /** The runs in folders, read. */
  public static List<Run> read(List<RunFolder> folders) {
    return folders.stream().map(Run::read).toList();
  }

  /** One evaluated run in {@code below/method-seed}. */
  public static RunFolder write(Path below, Method method, long seed) {
    int place = method.ordinal();
    RunFolder run = RunFolder.create(below.resolve(method.key() + "-" + seed));
    run.write(record(method, seed));
    run.writeRecipe("method: " + method.key() + "\nseed: " + seed + "\ntitle: " + HOSTILE + "\n");
    run.writeOutcomes(
        CaseSet.TEST, outcomes(method.label(), seed, 0.1 * place, method.asksLanguageModel()));
    run.writeCaseFacts(facts());
    if (method != Method.POPULARITY && method != Method.ZERO_SHOT) {
      curve(run, method, seed);
    }
    run.writeSamples(samples(method));
    if (method == Method.ILORA) {
      run.writeExpertWeights(experts());
    }
    return run;
  }

  /** An evaluated run as {@link #write}, which answers the papers' cases as well. */
  public static RunFolder onBothKindsOfCases(Path below, Method method, long seed) {
    RunFolder run = write(below, method, seed);
    Outcomes test = run.outcomes(CaseSet.TEST);
    List<Outcome> last = test.rows().stream().filter(row -> row.row() % 4 == 3).toList();
    run.writeOutcomes(
        CaseSet.PAPER, new Outcomes(method.label(), seed, test.protocol(), "sha256:e6", last));
    return run;
  }

  /** The record of a run that begins. */
  static RunRecord begun(Method method, long seed) {
    return RunRecord.begin(
        new RunRecord.Identity(method.label(), method, seed, NOON, Environment.current(2, "cpu")),
        new DataSource("demo world", "sha256:d4", 100, 20, "time"));
  }

  private static RunRecord record(Method method, long seed) {
    return begun(method, seed)
        .withCandidates("sha256:c5")
        .withTrainedParameters(189_000)
        .plus(
            Phase.TRAIN,
            new Cost(30 + 10 * method.ordinal(), OptionalInt.of(2), OptionalLong.of(1L << 30)))
        .plus(Phase.EVALUATE, Cost.ofSeconds(4.25))
        .withNote("Items in the order of their dates; <i>not</i> the paper's order.")
        .finishedAt(NOON.plusSeconds(90));
  }

  private static Outcomes outcomes(String method, long seed, double skill, boolean answers) {
    SplittableRandom random = new SplittableRandom(seed + method.hashCode());
    List<Outcome> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      int target = i % 20;
      double[] scores = random.doubles(20).toArray();
      scores[target] += skill;
      Outcome row = Outcome.scored(i, "u" + i / 4, target, CANDIDATES, scores);
      int said = i % 25 == 0 ? Answer.NONE : row.rank() == 1 ? target : (target + 1) % 20;
      rows.add(answers ? row.withAnswer(new Answer("text", said, said)) : row);
    }
    return new Outcomes(method, seed, "likelihood", "sha256:c5", rows);
  }

  private static CaseFacts facts() {
    List<CaseFacts.CaseFact> facts = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      facts.add(new CaseFacts.CaseFact(i, "u" + i / 4, 3 + i % 8, i % 50, 1 + i / 4 % 3));
    }
    return new CaseFacts(new CaseFacts.About("sha256:c5", 10, Optional.of("SASRec")), facts);
  }

  private static void curve(RunFolder run, Method method, long seed) {
    int place = method.ordinal();
    SplittableRandom random = new SplittableRandom(seed + place);
    for (int step = 0; step <= 400; step += 10) {
      Map<String, Double> values = new LinkedHashMap<>();
      values.put(
          TrainingPoint.LOSS,
          0.4 + 3 / (1 + step / (20.0 + 5 * place)) + 0.1 * random.nextDouble());
      values.put(TrainingPoint.LEARNING_RATE, 4e-4 * (1 - step / 420.0));
      values.put(TrainingPoint.TOKENS_PER_SECOND, 9_000 + 500 * random.nextDouble());
      if (step > 0 && step % 100 == 0) {
        validation(method, step, values);
      }
      run.curve().append(new TrainingPoint(step, values));
    }
  }

  /** Best in the middle, but for LLaRA, which is best at the end, and TALLRec, which stays low. */
  private static void validation(Method method, int step, Map<String, Double> values) {
    double best = method == Method.TALLREC ? 0.06 : 0.2 + 0.05 * method.ordinal();
    double off = method == Method.LLARA ? (400 - step) / 1e3 : Math.abs(step - 200) / 1e4;
    values.put(TrainingPoint.VALIDATION_HIT_RATE, best - off);
    if (!method.asksLanguageModel()) {
      values.put(TrainingPoint.EPOCH, step / 100.0);
    }
  }

  private static List<ExpertWeights> experts() {
    List<ExpertWeights> rows = new ArrayList<>();
    List<String> groups = List.of("follows directors", "likes <new> films", "alternates genres");
    for (int i = 0; i < 400; i++) {
      double[] weights = {0.1, 0.1, 0.1, 0.1};
      weights[i / 4 % 3] += 0.6;
      rows.add(new ExpertWeights(i, "u" + i / 4, Optional.of(groups.get(i / 4 % 3)), weights));
    }
    return rows;
  }

  private static List<Sample> samples(Method method) {
    String prompt =
        "This user has watched Alien [HistoryEmb], Heat [HistoryEmb] in the previous.\n"
            + "Choose one of these: "
            + HOSTILE
            + ", Alien 3.\nAnswer:";
    boolean words = method.asksLanguageModel();
    return List.of(
        new Sample(
            0,
            "u0",
            Optional.of(List.of("Alien", "Fargo")),
            words ? Optional.of(prompt) : Optional.empty(),
            HOSTILE,
            words ? Optional.of(HOSTILE) : Optional.empty(),
            List.of(HOSTILE, "Alien 3", "Heat"),
            Optional.of(List.of())),
        new Sample(
            5,
            "u1",
            Optional.of(List.of("Alien", "Heat")),
            words ? Optional.of(prompt) : Optional.empty(),
            "Alien 3",
            words ? Optional.of("Alien") : Optional.empty(),
            List.of("Heat", "Alien 3"),
            Optional.of(List.of("Alien 3"))));
  }
}
