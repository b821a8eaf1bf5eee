package dev.ilora.synthetic;

import dev.ilora.data.Dataset;
import dev.ilora.data.Item;
import dev.ilora.data.UserSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A small world made up for demonstration, where tastes conflict and the right answer is known.
 *
 * <p><b>Items.</b> 300 titles of two words, such as "Silent Comet": 20 first words tell the mood (5
 * moods), 15 second words the genre (5 genres). Each of the 25 pairs of genre and mood holds 12
 * items, 3 of each of 4 decades; the decade cannot be read from either word alone. The three differ
 * in appeal: 1, 0.7 and 0.4. The catalogue is the same for every seed.
 *
 * <p><b>Users.</b> 400, each of one of four groups, each with 18 to 30 interactions and no repeats.
 * Each group moves on from its latest item by a rule of its own and favours a decade of its own:
 *
 * <table>
 *   <caption>The groups</caption>
 *   <tr><th>group</th><th>genre</th><th>mood</th><th>decade</th></tr>
 *   <tr><td>risers</td><td>same</td><td>next</td><td>1960s</td></tr>
 *   <tr><td>sinkers</td><td>same</td><td>previous</td><td>1970s</td></tr>
 *   <tr><td>wanderers</td><td>next</td><td>same</td><td>1980s</td></tr>
 *   <tr><td>returners</td><td>previous</td><td>same</td><td>1990s</td></tr>
 * </table>
 *
 * <p>Genres and moods are cycles. So after the same item each group picks what the other three
 * avoid, and one set of shared weights can only average them: negative transfer. Which group a user
 * is of shows in the decades of the last ten items, and in their order.
 *
 * <p><b>Chance.</b> With probability 0.08 the next item is any item not yet had; otherwise it is
 * drawn from the rule's pair of genre and mood in proportion to appeal, times {@value #FAVOUR} for
 * the group's decade. {@link #nextProbabilities} gives the exact distribution.
 */
public final class DemoWorld {
  /** The user attribute that holds the group. */
  public static final String GROUP = "group";

  /** Interactions that follow no rule. */
  public static final double NOISE = 0.08;

  /** How much more likely a group's own decade is than another. */
  public static final int FAVOUR = 6;

  private static final int USERS = 400;
  private static final int SHORTEST = 18;
  private static final int LONGEST = 30;
  private static final long START = 1_700_000_000L;
  private static final long HOUR = 3600;

  private static final String[] GENRES = {
    "mystery", "adventure", "romance", "comedy", "science fiction"
  };
  private static final String[][] NOUNS = {
    {"Cipher", "Witness", "Alibi"},
    {"Voyage", "Summit", "Compass"},
    {"Letter", "Garden", "Waltz"},
    {"Circus", "Parade", "Nephew"},
    {"Comet", "Robot", "Orbit"}
  };
  private static final String[] MOODS = {"calm", "warm", "playful", "wild", "dark"};
  private static final String[][] ADJECTIVES = {
    {"Silent", "Velvet", "Gentle", "Winter"},
    {"Golden", "Summer", "Amber", "Honey"},
    {"Dancing", "Clever", "Paper", "Lucky"},
    {"Crimson", "Savage", "Thunder", "Restless"},
    {"Midnight", "Hollow", "Shadow", "Bitter"}
  };
  private static final String[] DECADES = {"1960s", "1970s", "1980s", "1990s"};
  private static final double[] APPEAL = {1, 0.7, 0.4};
  private static final List<Traits> TRAITS = new ArrayList<>();
  private static final List<Item> ITEMS = catalogue();

  /** A rule of taste; see {@link DemoWorld}. */
  public enum Group {
    /** Same genre, next mood. */
    RISERS(0, 1),
    /** Same genre, previous mood. */
    SINKERS(0, 4),
    /** Next genre, same mood. */
    WANDERERS(1, 0),
    /** Previous genre, same mood. */
    RETURNERS(4, 0);

    private final int genreStep;
    private final int moodStep;

    Group(int genreStep, int moodStep) {
      this.genreStep = genreStep;
      this.moodStep = moodStep;
    }

    /** The group's name as the {@code group} attribute has it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The group of a user of this world. */
    public static Group of(UserSequence user) {
      for (Group group : values()) {
        if (group.label().equals(user.attributes().get(GROUP))) {
          return group;
        }
      }
      throw new IllegalArgumentException("user " + user.user() + " is of no group of this world");
    }
  }

  private record Traits(int genre, int mood, int decade, double appeal) {}

  private DemoWorld() {}

  /** The 300 items. */
  public static List<Item> items() {
    return ITEMS;
  }

  /** Makes the world of a seed; the same seed gives the same world everywhere. */
  public static Dataset generate(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<UserSequence> users = new ArrayList<>(USERS);
    for (int u = 0; u < USERS; u++) {
      Group group = Group.values()[random.nextInt(Group.values().length)];
      users.add(user(u, group, random));
    }
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("source", "demo world");
    provenance.put("seed", Long.toString(seed));
    return new Dataset("demo", ITEMS, users, provenance);
  }

  /**
   * The exact distribution of a user's next item, by item id: what a perfect recommender would
   * know.
   *
   * @param group the user's group
   * @param before everything the user had so far, oldest first
   */
  public static double[] nextProbabilities(Group group, int[] before) {
    boolean[] had = new boolean[ITEMS.size()];
    for (int item : before) {
      had[item] = true;
    }
    double[] byRule = new double[ITEMS.size()];
    double[] byChance = new double[ITEMS.size()];
    for (int i = 0; i < byRule.length; i++) {
      byChance[i] = had[i] ? 0 : 1;
      byRule[i] =
          had[i] || before.length == 0 ? 0 : ruleWeight(group, before[before.length - 1], i);
    }
    double rule = Arrays.stream(byRule).sum();
    double chance = Arrays.stream(byChance).sum();
    double noise = rule > 0 ? NOISE : 1;
    double[] probabilities = new double[byRule.length];
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] =
          noise * byChance[i] / chance + (rule > 0 ? (1 - noise) * byRule[i] / rule : 0);
    }
    return probabilities;
  }

  private static double ruleWeight(Group group, int last, int next) {
    Traits from = TRAITS.get(last);
    Traits to = TRAITS.get(next);
    boolean follows =
        to.genre == (from.genre + group.genreStep) % GENRES.length
            && to.mood == (from.mood + group.moodStep) % MOODS.length;
    return follows ? to.appeal * (to.decade == group.ordinal() ? FAVOUR : 1) : 0;
  }

  private static UserSequence user(int number, Group group, SplittableRandom random) {
    int length = random.nextInt(SHORTEST, LONGEST + 1);
    int[] items = new int[length];
    long[] times = new long[length];
    long time = START + random.nextLong(365 * 24) * HOUR;
    for (int p = 0; p < length; p++) {
      items[p] = draw(nextProbabilities(group, Arrays.copyOf(items, p)), random);
      times[p] = time;
      time += (1 + random.nextInt(48)) * HOUR;
    }
    Map<String, String> attributes = Map.of(GROUP, group.label());
    return new UserSequence("u" + (number + 1), items, new float[0], times, attributes);
  }

  private static int draw(double[] probabilities, SplittableRandom random) {
    double left = random.nextDouble();
    int last = 0;
    for (int i = 0; i < probabilities.length; i++) {
      if (probabilities[i] > 0) {
        left -= probabilities[i];
        last = i;
        if (left < 0) {
          break;
        }
      }
    }
    return last;
  }

  private static List<Item> catalogue() {
    List<Item> items = new ArrayList<>();
    for (int genre = 0; genre < GENRES.length; genre++) {
      for (int mood = 0; mood < MOODS.length; mood++) {
        for (int noun = 0; noun < APPEAL.length; noun++) {
          for (int adjective = 0; adjective < DECADES.length; adjective++) {
            int decade = (adjective + noun + genre + mood) % DECADES.length;
            TRAITS.add(new Traits(genre, mood, decade, APPEAL[(noun + genre) % APPEAL.length]));
            items.add(item(items.size(), genre, mood, noun, adjective, decade));
          }
        }
      }
    }
    return List.copyOf(items);
  }

  private static Item item(int id, int genre, int mood, int noun, int adjective, int decade) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("genre", GENRES[genre]);
    attributes.put("mood", MOODS[mood]);
    attributes.put("decade", DECADES[decade]);
    String title = ADJECTIVES[mood][adjective] + " " + NOUNS[genre][noun];
    return new Item(id, "i" + (id + 1), title, attributes);
  }
}
