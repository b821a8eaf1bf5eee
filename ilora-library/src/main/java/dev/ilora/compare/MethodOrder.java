package dev.ilora.compare;

import dev.ilora.runs.Run;
import dev.ilora.runs.RunRecord.Identity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The order in which tables show methods. */
final class MethodOrder {
  private static final Comparator<Identity> ORDER =
      Comparator.comparing(Identity::method).thenComparing(identity -> !identity.plain());

  private MethodOrder() {}

  /**
   * Runs by their name in tables: methods in the order of the papers' tables, variants of a method
   * after its plain form, otherwise as given.
   */
  static Map<String, List<Run>> byMethod(List<Run> runs) {
    List<Run> sorted = new ArrayList<>(runs);
    sorted.sort(Comparator.comparing(run -> run.record().identity(), ORDER));
    Map<String, List<Run>> methods = new LinkedHashMap<>();
    sorted.forEach(run -> methods.computeIfAbsent(run.method(), _ -> new ArrayList<>()).add(run));
    return methods;
  }
}
