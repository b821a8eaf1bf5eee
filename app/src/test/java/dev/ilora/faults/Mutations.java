package dev.ilora.faults;

import dev.ilora.BadInputException;
import dev.ilora.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Gives every reader changed files and judges what it does with them. */
final class Mutations {
  private static final int PATIENCE_SECONDS = 30;

  private final List<Readers.Reader> readers;
  private final long seed;

  /**
   * What a reader did.
   *
   * @param number which mutation, from 0; with the seed it decides everything
   * @param reader its name
   * @param file the one that was changed
   * @param verdict what is to be said of it
   * @param message of the reader
   */
  record Result(long number, String reader, String file, Verdict verdict, String message) {}

  /** What is to be said of a reader. */
  enum Verdict {
    /** It reads the changed file, and of a sealed one it says what the good one says. */
    ACCEPTED(true),
    /** It refuses it, naming the file or its folder. */
    REFUSED(true),
    /** It refuses it without a name. */
    UNNAMED(false),
    /** It throws what no caller expects of a file. */
    WRONG_EXCEPTION(false),
    /** It reads something else than was written, and does not notice. */
    SILENT_DIFFERENCE(false),
    /** It does not come back. */
    HANG(false),
    /** The process ended. */
    CRASH(false);

    private final boolean good;

    Verdict(boolean good) {
      this.good = good;
    }

    boolean good() {
      return good;
    }
  }

  Mutations(Corpus corpus, long seed) throws IOException {
    this.readers = Readers.all(corpus);
    this.seed = seed;
    for (Readers.Reader reader : readers) {
      if (attempt(reader) instanceof Throwable e) {
        throw new IllegalStateException(reader.name() + " refuses what is good", e);
      }
    }
  }

  /** Does one mutation; the corpus is as before afterwards. */
  Result mutate(long number) throws IOException {
    Readers.Reader reader = readers.get((int) (number % readers.size()));
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
    String name = reader.files().get(random.nextInt(reader.files().size()));
    Path file = reader.folder().resolve(name);
    Path keep = file.resolveSibling("." + name + ".good");
    if (Files.exists(keep)) {
      // A mutation before this one ended the process.
      Files.copy(keep, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    byte[] good = Files.readAllBytes(file);
    Files.write(keep, good);
    try {
      Object expected = reader.sealed() ? attempt(reader) : null;
      Files.write(file, new Mutator(random).mutated(good));
      return judged(number, reader, name, expected);
    } finally {
      Files.write(file, good);
      Files.delete(keep);
    }
  }

  private static Result judged(long number, Readers.Reader reader, String name, Object expected) {
    Object read = attempt(reader);
    Verdict verdict =
        switch (read) {
          case BadInputException e -> named(e, reader);
          case ConfigException e -> named(e, reader);
          case TimeoutException _ -> Verdict.HANG;
          case Throwable _ -> Verdict.WRONG_EXCEPTION;
          default ->
              reader.sealed() && !Objects.equals(expected, read)
                  ? Verdict.SILENT_DIFFERENCE
                  : Verdict.ACCEPTED;
        };
    return new Result(
        number, reader.name(), name, verdict, read instanceof Throwable e ? described(e) : "");
  }

  private static String described(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return e + (trace.length == 0 ? "" : " at " + trace[0]);
  }

  private static Verdict named(RuntimeException e, Readers.Reader reader) {
    return e.getMessage().contains(reader.folder().toString()) ? Verdict.REFUSED : Verdict.UNNAMED;
  }

  /** What was read, or what was thrown. */
  private static Object attempt(Readers.Reader reader) {
    ExecutorService thread =
        Executors.newSingleThreadExecutor(work -> Thread.ofPlatform().daemon().unstarted(work));
    try {
      return thread
          .submit(() -> reader.reading().of(reader.folder()))
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (TimeoutException e) {
      return e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e;
    } finally {
      thread.shutdownNow();
    }
  }

  /** A process that does mutations in order, a line each, until it has done all or ends. */
  public static void main(String[] args) throws IOException {
    Corpus corpus = new Corpus(Path.of(args[0]));
    corpus.make();
    Mutations mutations = new Mutations(corpus, Long.parseLong(args[1]));
    for (long number = Long.parseLong(args[2]); number < Long.parseLong(args[3]); number++) {
      Result result = mutations.mutate(number);
      System.out.println(
          String.join(
              "\t",
              Long.toString(number),
              result.reader(),
              result.file(),
              result.verdict().name(),
              result.verdict().good() ? "" : result.message().replaceAll("\\s+", " ")));
      System.out.flush();
      if (result.verdict() == Verdict.HANG) {
        Runtime.getRuntime().halt(1);
      }
    }
    Runtime.getRuntime().halt(0);
  }
}
