package dev.ilora.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All keys of a configuration, to guess which one was meant. */
final class Keys {
  /** Where nothing can be guessed. */
  static final Keys NONE = new Keys();

  private final List<String> all = new ArrayList<>();

  private Keys() {}

  Keys(Class<? extends Record> root) {
    add(root, "");
  }

  private void add(Class<?> recordType, String prefix) {
    for (RecordComponent component : recordType.getRecordComponents()) {
      String key = prefix + component.getName();
      all.add(key);
      if (component.getType().isRecord()) {
        add(component.getType(), key + ".");
      } else if (Types.isFamily(component.getType())) {
        Variants.records(component.getType()).values().forEach(member -> add(member, key + "."));
      }
    }
  }

  /** Ends the message about an unknown key below a prefix such as {@code "training."}. */
  String hint(String prefix, String name, List<String> siblings) {
    String wanted = prefix + name;
    String last = name.substring(name.lastIndexOf('.') + 1);
    List<String> candidates = new ArrayList<>(siblings.stream().map(s -> prefix + s).toList());
    candidates.addAll(all);
    return candidates.stream()
        .filter(key -> !key.equals(wanted))
        .filter(key -> NearestName.of(last, List.of(last(key))).isPresent())
        .min(Comparator.comparingInt(key -> distance(key, last, wanted)))
        .map(key -> "; did you mean " + key + "?")
        .orElseGet(() -> siblings.isEmpty() ? "" : "; known are " + String.join(", ", siblings));
  }

  /** Prefers keys of the same parent where two names are equally near. */
  private static int distance(String key, String last, String wanted) {
    return 2 * NearestName.distance(last(key), last) + (parent(key).equals(parent(wanted)) ? 0 : 1);
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  private static String parent(String key) {
    return key.substring(0, key.lastIndexOf('.') + 1);
  }
}
