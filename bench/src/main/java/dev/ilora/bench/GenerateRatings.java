package dev.ilora.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Writes a folder in the form of MovieLens 25M: {@code movies.csv} and {@code ratings.csv}.
 *
 * <p>Like the original, ratings stand by user and movie, so that times are not sorted within a
 * user; a user rates a movie once and has 20 ratings or more (about 154 on average, log-normal); a
 * few movies have most of the ratings; many ratings share their second with another of the same
 * user; movie ids have gaps; some titles are quoted. The same arguments give the same bytes.
 */
final class GenerateRatings {
  private static final int FEWEST = 20;
  private static final long FIRST_TIME = 820_000_000L;
  private static final int YEARS_IN_SECONDS = 750_000_000;
  private static final String[] GENRES = {
    "Action", "Comedy", "Drama", "Horror", "Romance", "Sci-Fi", "Thriller", "War"
  };

  private final SplittableRandom random;
  private final int[] movieIds;
  private final int[] byPopularity;
  private final int[] ratedBy;

  private GenerateRatings(int movies, long seed) {
    this.random = new SplittableRandom(seed);
    this.movieIds = new int[movies];
    this.byPopularity = shuffled(movies);
    this.ratedBy = new int[movies];
  }

  /** Writes the folder and says what is in it. */
  static String write(Path folder, int ratings, long seed) throws IOException {
    Files.createDirectories(folder);
    int movies = Math.max(1000, Math.min(ratings / 100, 59_000));
    GenerateRatings generator = new GenerateRatings(movies, seed);
    generator.writeMovies(folder.resolve("movies.csv"));
    Path file = folder.resolve("ratings.csv");
    int users = generator.writeRatings(file, ratings);
    return "%s: %,d ratings, %,d users, %,d movies, %,d bytes"
        .formatted(file, ratings, users, movies, Files.size(file));
  }

  private void writeMovies(Path file) throws IOException {
    try (PrintStream out = new PrintStream(buffered(file), false, StandardCharsets.UTF_8)) {
      out.print("movieId,title,genres\n");
      int id = 0;
      for (int m = 0; m < movieIds.length; m++) {
        id += 1 + (random.nextInt(4) == 0 ? random.nextInt(10) : 0);
        movieIds[m] = id;
        int year = 1920 + random.nextInt(100);
        String title =
            switch (random.nextInt(5)) {
              case 0 -> "\"Story of %d, The (%d)\"".formatted(id, year);
              case 1 -> "\"The \"\"Café\"\" of %d, again (%d)\"".formatted(id, year);
              default -> "Movie %d (%d)".formatted(id, year);
            };
        String genre = GENRES[random.nextInt(GENRES.length)];
        out.print(id + "," + title + "," + genre + (id % 3 == 0 ? "|Musical" : "") + "\n");
      }
    }
  }

  private int writeRatings(Path file, int ratings) throws IOException {
    int user = 0;
    try (OutputStream out = buffered(file)) {
      out.write("userId,movieId,rating,timestamp\n".getBytes(StandardCharsets.US_ASCII));
      for (int left = ratings; left > 0; ) {
        user++;
        int count = Math.min(left, length());
        writeUser(user, count, out);
        left -= count;
      }
    }
    return user;
  }

  /** Log-normal above the fewest, cut where one user would have rated too much of the catalogue. */
  private int length() {
    double normal = Math.exp(random.nextGaussian(4.04, 1.31));
    int most = movieIds.length / 5;
    return (int) Math.min(FEWEST + normal, most);
  }

  private void writeUser(int user, int count, OutputStream out) throws IOException {
    int[] movies = new int[count];
    for (int i = 0; i < count; ) {
      int movie = popular();
      if (ratedBy[movie] != user) {
        ratedBy[movie] = user;
        movies[i++] = movie;
      }
    }
    Arrays.sort(movies);
    long start = FIRST_TIME + random.nextInt(YEARS_IN_SECONDS);
    int session = 1 + random.nextInt(20 * count);
    StringBuilder lines = new StringBuilder();
    for (int movie : movies) {
      int halves = 1 + Math.min(random.nextInt(10), 2 + random.nextInt(8));
      lines.append(user).append(',').append(movieIds[movie]).append(',');
      lines.append(halves / 2).append(halves % 2 == 0 ? ".0," : ".5,");
      lines.append(start + random.nextInt(session)).append('\n');
    }
    out.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** A movie, the one of rank r with a density that falls as r^(-3/4). */
  private int popular() {
    double u = random.nextDouble();
    return byPopularity[(int) (u * u * u * u * movieIds.length)];
  }

  private int[] shuffled(int count) {
    int[] shuffled = new int[count];
    for (int i = 0; i < count; i++) {
      int place = random.nextInt(i + 1);
      shuffled[i] = shuffled[place];
      shuffled[place] = i;
    }
    return shuffled;
  }

  private static OutputStream buffered(Path file) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
  }
}
