package dev.ilora.data;

import dev.ilora.Counted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** How a dataset is cut into training, validation and test. */
public sealed interface SplitRule {
  /** Cuts a dataset; rows will hold at most {@code historyLength} items of history. */
  Split apply(Dataset dataset, int historyLength);

  /** The rule as {@link #parse} reads it. */
  String text();

  /**
   * The papers' split: users ordered by the time of their earliest interaction (ties: order in the
   * dataset), the earliest 80 % train, the next 10 % are validation, the latest 10 % test, all with
   * their whole sequences. Each part keeps the dataset's order of users. Bounds are rounded down,
   * so 943 users make 754, 94 and 95.
   *
   * @param train share of users to learn from, 0..1
   * @param valid share of users to choose on, 0..1
   */
  record UsersByTime(double train, double valid) implements SplitRule {
    /** The papers' 8:1:1. */
    public UsersByTime() {
      this(0.8, 0.1);
    }

    /** Refuses shares that leave no test users. */
    public UsersByTime {
      if (!(train > 0) || !(valid >= 0) || !(train + valid < 1)) {
        throw new IllegalArgumentException(
            "shares must be above 0 and leave some for test, not " + train + " and " + valid);
      }
    }

    @Override
    public Split apply(Dataset dataset, int historyLength) {
      requireTimes(dataset, text());
      List<UserSequence> users = dataset.users().stream().filter(u -> u.length() > 0).toList();
      List<UserSequence> byTime =
          users.stream().sorted(Comparator.comparingLong(UsersByTime::firstTime)).toList();
      // 0.8 + 0.1 is just below 0.9 in binary; the small addend keeps 10 users at 8, 1 and 1.
      int validFrom = (int) (users.size() * train + 1e-6);
      int testFrom = (int) (users.size() * (train + valid) + 1e-6);
      return new Split(
          dataset,
          text(),
          historyLength,
          whole(users, byTime.subList(0, validFrom)),
          whole(users, byTime.subList(validFrom, testFrom)),
          whole(users, byTime.subList(testFrom, byTime.size())));
    }

    @Override
    public String text() {
      return train == 0.8 && valid == 0.1
          ? "users-by-time"
          : "users-by-time:" + train + "," + valid;
    }

    // The earliest, not the first of the sequence: the papers' LastFM is not ordered by time.
    private static long firstTime(UserSequence user) {
      return LongStream.of(user.times()).min().orElseThrow();
    }

    private static List<Window> whole(List<UserSequence> order, List<UserSequence> chosen) {
      Set<String> names = new HashSet<>();
      chosen.forEach(u -> names.add(u.user()));
      return order.stream()
          .filter(u -> names.contains(u.user()))
          .map(u -> new Window(u, 0, u.length()))
          .toList();
    }
  }

  /**
   * Leave-one-out: of each user with at least 3 interactions the last is test, the one before it
   * validation, the rest training. Users with fewer only train.
   */
  record LeaveOneOut() implements SplitRule {
    @Override
    public Split apply(Dataset dataset, int historyLength) {
      List<Window> train = new ArrayList<>();
      List<Window> valid = new ArrayList<>();
      List<Window> test = new ArrayList<>();
      for (UserSequence user : dataset.users()) {
        int n = user.length();
        if (n < 3) {
          train.add(new Window(user, 0, n));
        } else {
          train.add(new Window(user, 0, n - 2));
          valid.add(new Window(user, n - 2, n - 1));
          test.add(new Window(user, n - 1, n));
        }
      }
      return new Split(dataset, text(), historyLength, train, valid, test);
    }

    @Override
    public String text() {
      return "leave-one-out";
    }
  }

  /**
   * Temporal cut-off: interactions before {@code validFrom} train, those before {@code testFrom}
   * are validation, later ones test; histories reach back across the cuts. Each user's interactions
   * must be in the order of time.
   *
   * @param validFrom seconds since 1970
   * @param testFrom seconds since 1970, not before {@code validFrom}
   */
  record CutOff(long validFrom, long testFrom) implements SplitRule {
    /** Refuses cuts in the wrong order. */
    public CutOff {
      if (testFrom < validFrom) {
        throw new IllegalArgumentException(
            "test must not start before validation: " + testFrom + " < " + validFrom);
      }
    }

    @Override
    public Split apply(Dataset dataset, int historyLength) {
      requireTimes(dataset, text());
      List<Window> train = new ArrayList<>();
      List<Window> valid = new ArrayList<>();
      List<Window> test = new ArrayList<>();
      for (UserSequence user : dataset.users()) {
        requireOrder(user);
        int first = firstNotBefore(user.times(), validFrom * Times.SECOND);
        int second = firstNotBefore(user.times(), testFrom * Times.SECOND);
        addUnlessEmpty(train, user, 0, first);
        addUnlessEmpty(valid, user, first, second);
        addUnlessEmpty(test, user, second, user.length());
      }
      return new Split(dataset, text(), historyLength, train, valid, test);
    }

    @Override
    public String text() {
      return "cut-off:" + validFrom + "," + testFrom;
    }

    private void requireOrder(UserSequence user) {
      long[] times = user.times();
      for (int p = 1; p < times.length; p++) {
        if (times[p] < times[p - 1]) {
          throw new IllegalArgumentException(
              "%s needs interactions in the order of time; user %s has one of %s after one of %s"
                  .formatted(text(), user.user(), Times.text(times[p]), Times.text(times[p - 1])));
        }
      }
    }

    private static int firstNotBefore(long[] times, long bound) {
      int p = 0;
      while (p < times.length && times[p] < bound) {
        p++;
      }
      return p;
    }

    private static void addUnlessEmpty(List<Window> windows, UserSequence user, int from, int to) {
      if (from < to) {
        windows.add(new Window(user, from, to));
      }
    }
  }

  /** The split the source came with, kept in the users' {@code split} attribute. */
  record Given() implements SplitRule {
    private static final Pattern OWN = Pattern.compile("(\\d{1,9}),(\\d{1,9}),(\\d{1,9})");

    @Override
    public Split apply(Dataset dataset, int historyLength) {
      return new Split(
          dataset,
          text(),
          historyLength,
          part(dataset, Part.TRAIN),
          part(dataset, Part.VALID),
          part(dataset, Part.TEST));
    }

    @Override
    public String text() {
      return "given";
    }

    private static List<Window> part(Dataset dataset, Part part) {
      List<Window> windows =
          dataset.users().stream()
              .map(user -> window(user, part))
              .filter(window -> window.from() < window.to())
              .toList();
      if (windows.isEmpty()) {
        throw new IllegalArgumentException(
            "dataset %s has no given split: no user has split=%s"
                .formatted(dataset.name(), part.fileName()));
      }
      return windows;
    }

    private static Window window(UserSequence user, Part part) {
      int[] counts = counts(user);
      int from = 0;
      for (int before = 0; before < part.ordinal(); before++) {
        from += counts[before];
      }
      int to = from + counts[part.ordinal()];
      boolean last = UserSequence.LAST_TARGET.equals(user.attributes().get(UserSequence.TARGETS));
      return new Window(user, last ? Math.max(from, to - 1) : from, to);
    }

    /** How many interactions of a user belong to each part, in this order. */
    private static int[] counts(UserSequence user) {
      String split = user.attributes().getOrDefault(UserSequence.SPLIT, "");
      int[] counts = new int[Part.values().length];
      for (Part part : Part.values()) {
        counts[part.ordinal()] = split.equals(part.fileName()) ? user.length() : 0;
      }
      Matcher own = OWN.matcher(split);
      if (own.matches()) {
        Arrays.setAll(counts, part -> Integer.parseInt(own.group(part + 1)));
        if (Arrays.stream(counts).sum() != user.length()) {
          throw new IllegalArgumentException(
              "user %s has split=%s, but %s"
                  .formatted(user.user(), split, Counted.of(user.length(), "interaction")));
        }
      }
      return counts;
    }
  }

  /**
   * Reads a rule: {@code users-by-time}, {@code users-by-time:0.8,0.1}, {@code leave-one-out},
   * {@code cut-off:VALID_FROM,TEST_FROM} (dates, times or seconds since 1970) or {@code given}.
   *
   * @throws IllegalArgumentException for anything else, listing the choices
   */
  static SplitRule parse(String text) {
    String[] parts = text.split(":", 2);
    String[] numbers = parts.length == 2 ? parts[1].split(",") : new String[0];
    try {
      return switch (parts[0] + "/" + numbers.length) {
        case "users-by-time/0" -> new UsersByTime();
        case "users-by-time/2" ->
            new UsersByTime(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
        case "leave-one-out/0" -> new LeaveOneOut();
        case "cut-off/2" -> new CutOff(CutTime.seconds(numbers[0]), CutTime.seconds(numbers[1]));
        case "given/0" -> new Given();
        default -> throw unknown(text);
      };
    } catch (NumberFormatException e) {
      throw unknown(text);
    }
  }

  /** The rule for a dataset of which nothing else is said: given, by time, or leave-one-out. */
  static SplitRule usual(Dataset dataset) {
    boolean given =
        dataset.users().stream().anyMatch(u -> u.attributes().containsKey(UserSequence.SPLIT));
    return given ? new Given() : dataset.hasTimes() ? new UsersByTime() : new LeaveOneOut();
  }

  private static IllegalArgumentException unknown(String text) {
    return new IllegalArgumentException(
        "unknown split '"
            + text
            + "'; choices: users-by-time, users-by-time:TRAIN,VALID, leave-one-out,"
            + " cut-off:VALID_FROM,TEST_FROM (such as cut-off:2024-05-01,2024-06-01), given");
  }

  private static void requireTimes(Dataset dataset, String rule) {
    if (!dataset.hasTimes()) {
      throw new IllegalArgumentException(
          "split %s needs times, and dataset %s has none; choose leave-one-out or given"
              .formatted(rule, dataset.name()));
    }
  }
}
