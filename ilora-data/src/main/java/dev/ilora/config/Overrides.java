package dev.ilora.config;

import java.util.List;

/** Merges {@code key=value} words of the command line into a parsed document. */
final class Overrides {
  private static final String SOURCE = "command line";

  private Overrides() {}

  static void merge(List<String> words, Node.Mapping into, List<String> mistakes) {
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals <= 0) {
        mistakes.add(SOURCE + ": " + word + ": expected key=value");
        continue;
      }
      String key = word.substring(0, equals).strip();
      put(key, YamlReader.value(SOURCE, word.substring(equals + 1), mistakes), into, mistakes);
    }
  }

  private static void put(String key, Node value, Node.Mapping into, List<String> mistakes) {
    String[] names = key.split("\\.", -1);
    Node.Mapping mapping = into;
    for (int i = 0; i < names.length - 1; i++) {
      switch (mapping.values().get(names[i])) {
        case Node.Mapping inner -> mapping = inner;
        case Node.Sequence list -> {
          mistakes.add(
              SOURCE
                  + ": "
                  + key
                  + ": "
                  + names[i]
                  + " is a list; give all of it as "
                  + names[i]
                  + "=[...], now "
                  + list.shown());
          return;
        }
        case Node.Scalar kind -> mapping = nest(mapping, names[i], kind);
        case Node.Nothing _ -> mapping = nest(mapping, names[i], null);
        case null -> mapping = nest(mapping, names[i], null);
      }
    }
    mapping.values().put(names[names.length - 1], value);
  }

  /** A word may have named the kind of a sealed value: keep it beside the new key. */
  private static Node.Mapping nest(Node.Mapping outer, String name, Node.Scalar kind) {
    Node.Mapping inner = new Node.Mapping(SOURCE);
    if (kind != null) {
      inner.values().put(Variants.KIND, kind);
    }
    outer.values().put(name, inner);
    return inner;
  }
}
