package dev.ilora.evaluate;

import dev.ilora.config.ConfigException;
import dev.ilora.config.Default;
import dev.ilora.hybrid.LikelihoodForm;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What decides the ranking of a case. */
public sealed interface Protocol {
  /** A recommender's score of every candidate: a full ranking. */
  record Scores() implements Protocol {}

  /** The protocols of language models. */
  sealed interface OfText extends Protocol {}

  /**
   * The exact log-likelihood of every candidate's title: a full ranking.
   *
   * @param form what of the likelihood counts
   */
  record Likelihood(@Default("sum") LikelihoodForm form) implements OfText {
    /** By the whole title's likelihood. */
    public Likelihood() {
      this(LikelihoodForm.SUM);
    }

    @Override
    public String key() {
      String name = OfText.super.key();
      return form == LikelihoodForm.SUM ? name : name + "-" + form.name().toLowerCase(Locale.ROOT);
    }
  }

  /** The candidate that constrained decoding arrives at comes first; nothing is known of others. */
  record Constrained() implements OfText {}

  /** The candidate that free decoding wrote comes first; nothing is known of the others. */
  record Generate() implements OfText {}

  /** The name in files and options. */
  default String key() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** The protocols a language model can be evaluated by. */
  static List<OfText> ofText() {
    return List.of(
        new Likelihood(),
        new Likelihood(LikelihoodForm.MEAN),
        new Likelihood(LikelihoodForm.PMI),
        new Constrained(),
        new Generate());
  }

  /**
   * The language models' protocol of a name.
   *
   * @throws ConfigException if there is none, listing those there are
   */
  static OfText ofText(String name) {
    return ofText().stream()
        .filter(protocol -> protocol.key().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "protocol '%s': expected one of %s"
                        .formatted(
                            name,
                            ofText().stream()
                                .map(Protocol::key)
                                .collect(Collectors.joining(", ")))));
  }
}
