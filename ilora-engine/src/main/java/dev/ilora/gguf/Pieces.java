package dev.ilora.gguf;

import java.util.stream.IntStream;

/** Work on many values that threads share, in pieces that stay in a processor's cache. */
final class Pieces {
  /** Values of a piece: a multiple of every form's block. */
  static final int SIZE = 1 << 14;

  /** The fewest values that are worth a thread of their own. */
  private static final long SHARE = 1 << 18;

  private Pieces() {}

  /** Works on some values. */
  @FunctionalInterface
  interface Work {
    /**
     * @param first value
     * @param count of values, at most {@link Pieces#SIZE}
     */
    void on(long first, int count);
  }

  /** Makes what one thread needs to work on pieces. */
  @FunctionalInterface
  interface Worker {
    Work begin();
  }

  /**
   * Works on all pieces.
   *
   * @param count of values
   * @param threads the most that work
   */
  static void share(long count, int threads, Worker worker) {
    long pieces = Math.ceilDiv(count, SIZE);
    int parts = Math.clamp(count / SHARE, 1, threads);
    IntStream range = IntStream.range(0, parts);
    (parts == 1 ? range : range.parallel())
        .forEach(
            part -> {
              Work work = worker.begin();
              long end = pieces * (part + 1) / parts;
              for (long piece = pieces * part / parts; piece < end; piece++) {
                long first = piece * SIZE;
                work.on(first, (int) Math.min(SIZE, count - first));
              }
            });
  }
}
