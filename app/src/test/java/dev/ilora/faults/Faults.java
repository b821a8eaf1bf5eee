package dev.ilora.faults;

import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.data.ingest.DatasetFormat;
import dev.ilora.data.ingest.ImportOptions;
import dev.ilora.data.ingest.Importer;
import dev.ilora.files.JsonLines;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The campaign: every disturbance is a line of {@code results.tsv} in its folder, and a campaign
 * that was stopped goes on after the last one.
 */
public final class Faults {
  private final Path folder;
  private final Path results;
  private final long seed;
  private final Map<String, String> done = new LinkedHashMap<>();

  private Faults(Path folder, long seed) throws IOException {
    this.folder = folder;
    this.seed = seed;
    this.results = folder.resolve("results.tsv");
    if (Files.exists(results)) {
      for (String line : Files.readAllLines(results)) {
        String[] cells = line.split("\t", -1);
        if (cells.length == 6) {
          done.put(cells[0] + " " + cells[1], line);
        }
      }
    }
  }

  /** Options: FOLDER SEED KILLS PAIRS MUTATIONS JSON PROGRAM. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Locale.setDefault(Locale.ROOT);
    Path folder = Files.createDirectories(Path.of(args[0])).toRealPath();
    Faults faults = new Faults(folder, Long.parseLong(args[1]));
    faults.mutations(Long.parseLong(args[4]));
    faults.disturbances(Path.of(args[6]), Long.parseLong(args[2]), Long.parseLong(args[3]));
    boolean good = faults.print(Boolean.parseBoolean(args[5]));
    System.exit(good ? 0 : 1);
  }

  private void disturbances(Path program, long kills, long pairs)
      throws IOException, InterruptedException {
    if (count("kill") >= kills && count("pair") >= pairs) {
      return;
    }
    Commands commands = new Commands(List.of(program.toString(), "--quiet"), world(folder));
    Kills disturb = new Kills(commands, folder, seed);
    disturb.prepare();
    for (long number = 0; number < kills; number++) {
      if (!done.containsKey("kill " + number)) {
        keep("kill", disturb.kill(number), kills);
      }
    }
    for (long number = 0; number < pairs; number++) {
      if (!done.containsKey("pair " + number)) {
        keep("pair", disturb.pair(number), pairs);
      }
    }
  }

  /** Makes the raw files, the data set and the recipes that commands work on. */
  static Path world(Path folder) throws IOException {
    Corpus corpus = new Corpus(folder.resolve("corpus"));
    corpus.make();
    Path world = Files.createDirectories(folder.resolve("world"));
    if (!DatasetFolder.isOne(world.resolve("data"))) {
      Commands.copy(corpus.folder("csv"), world.resolve("csv"));
      Commands.copy(corpus.folder("requests"), world.resolve("requests"));
      DatasetFolder.write(
          Importer.read(
              world.resolve("csv"), DatasetFormat.CSV, ImportOptions.defaults(DatasetFormat.CSV)),
          world.resolve("data"));
    }
    Files.writeString(
        world.resolve("recipe.yaml"),
        "method: ilora\nprompt: {embeddings: slot}\nadapter: {experts: 2, rank: 2}\n");
    Files.writeString(world.resolve("popularity.yaml"), "method: popularity\n");
    Files.writeString(world.resolve("sasrec.yaml"), "method: sasrec\n");
    return world;
  }

  private void mutations(long most) throws IOException, InterruptedException {
    long next = count("mutation");
    while (next < most) {
      next = mutate(next, most);
    }
  }

  /** Starts a process that mutates; where it ends early, the mutation it was at is a fault. */
  private long mutate(long from, long to) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "--enable-native-access=ALL-UNNAMED",
            "-Dilora.root=" + System.getProperty("ilora.root"),
            "-cp",
            System.getProperty("java.class.path"),
            Mutations.class.getName(),
            folder.resolve("corpus").toString(),
            Long.toString(seed),
            Long.toString(from),
            Long.toString(to));
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve("mutations.log").toFile()).start();
    long next = from;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] cells = line.split("\t", 5);
        if (cells.length == 5 && cells[0].equals(Long.toString(next))) {
          keep("mutation", next, cells[1], cells[2], cells[3], cells[4], to);
          next++;
        }
      }
    }
    int code = process.waitFor();
    boolean hang = done.getOrDefault("mutation " + (next - 1), "").contains("\tHANG\t");
    if (next < to && !hang) {
      keep("mutation", next, "-", "-", "CRASH", "exit code " + code, to);
      next++;
    }
    return next;
  }

  private long count(String kind) {
    return done.keySet().stream().filter(key -> key.startsWith(kind + " ")).count();
  }

  private void keep(String kind, Kills.Result result, long most) throws IOException {
    keep(
        kind,
        result.number(),
        result.stage(),
        result.moment(),
        result.fault().isEmpty() ? "SAME" : "FAULT",
        result.fault(),
        most);
  }

  private void keep(
      String kind, long number, String what, String where, String verdict, String text, long most)
      throws IOException {
    String line =
        String.join(
            "\t", kind, Long.toString(number), what, where, verdict, text.replaceAll("\\s+", " "));
    Files.writeString(results, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    done.put(kind + " " + number, line);
    boolean fault = isFault(verdict);
    if (fault || (number + 1) % (kind.equals("mutation") ? 500 : 5) == 0) {
      System.err.printf(
          Locale.ROOT,
          "%s %d/%d%s%n",
          kind,
          number + 1,
          most,
          fault ? "  " + what + ", " + where + ": " + verdict + " " + text : "");
    }
  }

  private static boolean isFault(String verdict) {
    return !List.of("SAME", "ACCEPTED", "REFUSED").contains(verdict);
  }

  /** Prints a line for each kind and verdict, and the faults; returns whether there are none. */
  private boolean print(boolean json) {
    Map<String, Map<String, Long>> counts = new TreeMap<>();
    List<String> faults = new ArrayList<>();
    for (String line : done.values()) {
      String[] cells = line.split("\t", -1);
      counts
          .computeIfAbsent(cells[0] + ", " + cells[2], _ -> new TreeMap<>())
          .merge(cells[4], 1L, Long::sum);
      if (isFault(cells[4])) {
        faults.add(line);
      }
    }
    if (json) {
      System.out.print(JsonLines.indented(Map.of("counts", counts, "faults", faults)));
    } else {
      counts.forEach((kind, of) -> System.out.printf(Locale.ROOT, "%-40s %s%n", kind, of));
      faults.forEach(System.out::println);
      System.out.printf(Locale.ROOT, "%d disturbances, %d faults%n", done.size(), faults.size());
    }
    return faults.isEmpty();
  }
}
