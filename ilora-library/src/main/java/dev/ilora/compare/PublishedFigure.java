package dev.ilora.compare;

import dev.ilora.statistics.Metric;
import java.util.Objects;
import java.util.Optional;

/**
 * One figure that others published.
 *
 * @param source who published it
 * @param place where it stands there, such as {@code table 1}
 * @param method name of the method, in our words where it is one of ours
 * @param base the language model that was asked, where the method has one
 * @param protocol how candidates were ranked: {@code scores} or {@code generate}
 * @param candidates number of candidates of a case
 * @param metric which figure, in our definition
 * @param value the figure
 */
public record PublishedFigure(
    String source,
    String place,
    String method,
    Optional<String> base,
    String protocol,
    int candidates,
    Metric metric,
    double value) {
  /** Checks that all is there and the figure is possible. */
  public PublishedFigure {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(metric, "metric");
    if (!(0 <= value && value <= 1)) {
      throw new IllegalArgumentException("%s: value %s is outside 0 .. 1".formatted(method, value));
    }
  }

  /** The method, with the language model it asked. */
  public String title() {
    return method + base.map(model -> " (" + model + ")").orElse("");
  }
}
