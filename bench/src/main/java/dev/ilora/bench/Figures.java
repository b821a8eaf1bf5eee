package dev.ilora.bench;

import java.util.List;
import java.util.Optional;

/** Looks measurements up by name; empty where a variant or a figure was not measured. */
record Figures(List<Measurement> measurements) {
  private Optional<Measurement> find(String name) {
    return measurements.stream().filter(m -> m.name().equals(name)).findFirst();
  }

  /** A figure of a variant. */
  Optional<Double> figure(String figure, String name) {
    return find(name).map(m -> m.figures().get(figure));
  }

  /** A figure of one variant, divided by that of another. */
  Optional<Double> ratio(String figure, String name, String other) {
    return figure(figure, name).flatMap(own -> figure(figure, other).map(of -> own / of));
  }

  /** The median time of one variant, divided by that of another. */
  Optional<Double> secondsRatio(String name, String other) {
    return find(name)
        .flatMap(own -> find(other).map(of -> own.medianSeconds() / of.medianSeconds()));
  }
}
