package dev.ilora.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Says what the figures of a {@link GateStory} show, and that they show nothing where they do. */
final class GateWords {
  /** Entropy over the largest possible one from which weights count as equal. */
  private static final double EQUAL = 0.98;

  /** Standard deviation of a weight below which all cases count as weighed alike. */
  private static final double ALIKE = 0.02;

  /** Share of the weights' variance between groups below which they are hardly told apart. */
  private static final double HARDLY = 0.1;

  /** What two differences that are the same may differ by. */
  private static final double ROUNDING = 1e-9;

  private final GateStory story;
  private final List<ExpertMix.Group> groups;

  private GateWords(GateStory story) {
    this.story = story;
    int all = story.mix().groups().size() - 1;
    this.groups = story.mix().groups().subList(0, all);
  }

  /** Sentences, what the gate does first. */
  static List<String> of(GateStory story) {
    GateWords words = new GateWords(story);
    List<String> sentences = new ArrayList<>();
    sentences.add(words.weights());
    Optional<String> groups = words.groups();
    groups.ifPresent(sentences::add);
    if (groups.isPresent() && story.mix().property().equals(CaseGroups.CLUSTER)) {
      sentences.add(
          "These are clusters of users' sequence embeddings. Any gate that reads those tells them"
              + " apart, whether or not it learned anything.");
    }
    story
        .other()
        .ifPresentOrElse(
            other -> words.gain(other, sentences),
            () ->
                sentences.add(
                    "What the gate adds is not seen here: that takes a run of LLaRA, the same"
                        + " without a gate, on the same cases."));
    return sentences;
  }

  private boolean equal() {
    return story.mix().entropy() >= EQUAL;
  }

  private boolean alike() {
    return Arrays.stream(story.mix().deviation()).allMatch(deviation -> deviation < ALIKE);
  }

  /** Whether and how the gate weighs experts differently. */
  private String weights() {
    double entropy = story.mix().entropy();
    if (equal()) {
      return text(
          "The gate weighs all experts nearly equally (entropy %.2f of 1), so the mixture works"
              + " much like a single LoRA.",
          entropy);
    }
    DoubleSummaryStatistics means =
        Arrays.stream(story.mix().groups().getLast().weights()).summaryStatistics();
    String range = text("mean weights from %.2f to %.2f", means.getMin(), means.getMax());
    return alike()
        ? text("The gate weighs experts unequally (%s), but the same for all users.", range)
        : text(
            "The gate weighs experts by user (%s; entropy of a case's weights %.2f of 1).",
            range, entropy);
  }

  /** Whether groups are weighed differently; nothing where all users are weighed alike. */
  private Optional<String> groups() {
    if (groups.size() < 2 || alike()) {
      return Optional.empty();
    }
    Spread spread = spread();
    double share = story.mix().betweenShare();
    return Optional.of(
        text(
            "%s: %.0f %% of the weights' variance lies between them. The widest difference is that"
                + " of expert %s, with %.2f of the weight for %s and %.2f for %s.",
            share < HARDLY ? "It hardly tells these groups apart" : "It tells these groups apart",
            100 * share,
            spread.expert() + 1,
            spread.high().weights()[spread.expert()],
            named(spread.high()),
            spread.low().weights()[spread.expert()],
            named(spread.low())));
  }

  private String named(ExpertMix.Group group) {
    return story.mix().property().equals(CaseGroups.KNOWN)
        ? group.name()
        : story.mix().property().toLowerCase(Locale.ROOT) + " " + group.name();
  }

  private record Spread(int expert, ExpertMix.Group high, ExpertMix.Group low) {
    double size() {
      return high.weights()[expert] - low.weights()[expert];
    }
  }

  /** The expert whose mean weight differs most between groups, and those groups. */
  private Spread spread() {
    Spread widest = new Spread(0, groups.getFirst(), groups.getFirst());
    for (int k = 0; k < story.mix().deviation().length; k++) {
      for (ExpertMix.Group high : groups) {
        for (ExpertMix.Group low : groups) {
          Spread spread = new Spread(k, high, low);
          widest = spread.size() > widest.size() + ROUNDING ? spread : widest;
        }
      }
    }
    return widest;
  }

  /** In which groups the gated method is ahead, and whether the gate may be the reason. */
  private void gain(String other, List<String> sentences) {
    List<GainTable.Line> lines = story.gains().lines();
    List<GainTable.Line> own = lines.subList(0, lines.size() - 1);
    List<GainTable.Line> behind =
        own.stream().filter(line -> difference(line, other) <= 0).toList();
    String ahead =
        behind.isEmpty()
            ? own.size() == 1 ? "there" : text("in each of the %s groups", own.size())
            : text("in %s of %s groups", own.size() - behind.size(), own.size());
    double all = difference(lines.getLast(), other);
    sentences.add(
        text(
            "%s is ahead of %s %s; on all cases the difference in HR@1 is %+.1f points.",
            story.method(), other, ahead, 100 * all));
    if (all > 0) {
      sentences.add(
          equal() || alike()
              ? "A gate that treats all users alike is hardly the reason for that."
              : "Whether the gate is the reason for that, these figures do not say.");
    }
  }

  private double difference(GainTable.Line line, String other) {
    return line.hits().get(story.method()) - line.hits().get(other);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
