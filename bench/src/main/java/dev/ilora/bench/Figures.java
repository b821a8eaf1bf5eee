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

  /** The median time of a variant. */
  Optional<Double> seconds(String name) {
    return find(name).map(Measurement::medianSeconds);
  }

  /** The median time of one variant, divided by that of another. */
  Optional<Double> secondsRatio(String name, String other) {
    return seconds(name).flatMap(own -> seconds(other).map(of -> own / of));
  }

  /** Adds the goal that one variant takes at most a multiple of another's time, if both ran. */
  void addSlower(List<Goal> goals, String name, String other, double bound) {
    secondsRatio(name, other)
        .map(r -> Goal.atMost("time of " + name + ", times that of " + other, bound, r))
        .ifPresent(goals::add);
  }
}
