package dev.ilora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the compiled modules to the table in ARCHITECTURE.md. */
class ArchitectureTest {
  private static final Path ROOT = Path.of(System.getProperty("ilora.root", ".."));

  /**
   * The folder of each module's sources; the table calls modules by their artifacts' names.
   * Examples are no part of it: their descriptor lets them use only what the library exports.
   */
  private static final Map<String, String> FOLDERS =
      Map.of(
          "ilora-data", "ilora-data",
          "ilora-engine", "ilora-engine",
          "ilora", "ilora-library",
          "ilora-bench", "bench",
          "ilora-app", "app");

  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `([\\w.]+)` \\| `([\\w-]+)`( \\(internal\\))? \\|[^|]*\\| ([^|]*) \\|$");
  private static final Pattern REFERENCE =
      Pattern.compile("(?:^|[L\\[(;<])(dev/ilora|org/bytedeco)((?:/[a-z]\\w*)*)/[A-Z]");

  private record Row(String module, boolean internal, Set<String> uses) {}

  private static Map<String, Row> table;
  private static Map<String, Set<String>> dependencies;

  @BeforeAll
  static void read() throws IOException {
    table = new LinkedHashMap<>();
    for (String line : Files.readAllLines(ROOT.resolve("ARCHITECTURE.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Set<String> uses =
            Arrays.stream(row.group(4).split(", "))
                .filter(name -> !name.equals("-"))
                .collect(Collectors.toSet());
        table.put(row.group(1), new Row(row.group(2), row.group(3) != null, uses));
      }
    }
    dependencies = new TreeMap<>();
    for (String folder : FOLDERS.values()) {
      readClasses(ROOT.resolve(folder).resolve("target/classes"));
    }
    assertTrue(dependencies.size() > 20, "classes are missing: " + dependencies.keySet());
  }

  private static void readClasses(Path classes) throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        ClassModel parsed = ClassFile.of().parse(file);
        String name = parsed.thisClass().asInternalName();
        if (!name.equals("module-info")) {
          Set<String> used = dependencies.computeIfAbsent(packageOf(name), _ -> new TreeSet<>());
          for (PoolEntry entry : parsed.constantPool()) {
            used.addAll(packagesIn(entry));
          }
        }
      }
    }
  }

  private static Set<String> packagesIn(PoolEntry entry) {
    String text =
        switch (entry) {
          case ClassEntry type -> type.asInternalName();
          case Utf8Entry any -> any.stringValue();
          default -> "";
        };
    Set<String> found = new TreeSet<>();
    Matcher reference = REFERENCE.matcher(text);
    while (reference.find()) {
      boolean ours = reference.group(1).equals("dev/ilora");
      found.add(ours ? packageOf(reference.group(1) + reference.group(2) + "/X") : "org.bytedeco");
    }
    return found;
  }

  /** The name below dev.ilora, or the empty string for the root package. */
  private static String packageOf(String internalName) {
    String name = internalName.substring(0, internalName.lastIndexOf('/')).replace('/', '.');
    return name.equals("dev.ilora") ? "" : name.substring("dev.ilora.".length());
  }

  @Test
  void packagesUseOnlyWhatTheTableNames() {
    Set<String> violations = new TreeSet<>();
    dependencies.forEach(
        (user, all) -> {
          Set<String> allowed = table.containsKey(user) ? table.get(user).uses() : Set.of();
          for (String used : all) {
            boolean free = used.isEmpty() || used.equals(user) || used.equals("org.bytedeco");
            if (!free && !allowed.contains(used)) {
              violations.add(
                  (user.isEmpty() ? "the root package" : user) + " must not use " + used);
            }
          }
        });
    assertEquals(Set.of(), violations);
  }

  @Test
  void theTableAllowsNothingThatIsNotUsed() {
    Set<String> unused = new TreeSet<>();
    table.forEach(
        (user, row) ->
            row.uses().stream()
                .filter(used -> !dependencies.getOrDefault(user, Set.of()).contains(used))
                .forEach(used -> unused.add(user + " does not use " + used)));
    assertEquals(Set.of(), unused);
  }

  @Test
  void onlyTensorSeesTheNativeBinding() {
    Set<String> callers = new TreeSet<>();
    dependencies.forEach(
        (user, used) -> {
          if (used.contains("org.bytedeco")) {
            callers.add(user);
          }
        });
    assertEquals(Set.of("tensor"), callers);
  }

  @Test
  void everyPackageHasARowAndEveryRowUsesRowsAbove() {
    Set<String> packages = new TreeSet<>(dependencies.keySet());
    packages.remove("");
    assertEquals(new TreeSet<>(table.keySet()), packages);
    List<String> order = List.copyOf(table.keySet());
    table.forEach(
        (user, row) ->
            row.uses()
                .forEach(
                    name ->
                        assertTrue(
                            order.contains(name) && order.indexOf(name) < order.indexOf(user),
                            user + " may use " + name + ", which is not a row above")));
  }

  @Test
  void modulesHoldAndExportWhatTheTableSays() {
    FOLDERS.forEach(
        (module, folder) -> {
          ModuleDescriptor descriptor = descriptor(ROOT.resolve(folder).resolve("target/classes"));
          Set<String> held = new TreeSet<>();
          Set<String> exported = new TreeSet<>();
          table.forEach(
              (name, row) -> {
                if (row.module().equals(module)) {
                  held.add("dev.ilora." + name);
                  if (!row.internal()) {
                    exported.add("dev.ilora." + name);
                  }
                }
              });
          if (module.equals("ilora-data")) {
            held.add("dev.ilora");
            exported.add("dev.ilora");
          }
          Set<String> compiled =
              dependencies.keySet().stream()
                  .map(name -> name.isEmpty() ? "dev.ilora" : "dev.ilora." + name)
                  .filter(descriptor.packages()::contains)
                  .collect(Collectors.toCollection(TreeSet::new));
          assertEquals(held, compiled, "packages of " + module);
          assertEquals(exported, exports(descriptor), "exports of " + module);
        });
  }

  private static Set<String> exports(ModuleDescriptor descriptor) {
    return descriptor.exports().stream()
        .filter(export -> !export.isQualified())
        .map(ModuleDescriptor.Exports::source)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static ModuleDescriptor descriptor(Path classes) {
    try {
      ModuleReference found = ModuleFinder.of(classes.toRealPath()).findAll().iterator().next();
      return found.descriptor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
