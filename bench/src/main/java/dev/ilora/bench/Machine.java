package dev.ilora.bench;

import dev.ilora.runs.Environment;
import dev.ilora.tensor.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a bench runs on. */
public final class Machine {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final String UNKNOWN = "not available";

  private Machine() {}

  /** This machine, process and its settings, by name. */
  public static Map<String, String> describe() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("processor", processor());
    values.putAll(Environment.current(Torch.threads(), "cpu").values());
    for (String name : new String[] {"OMP_WAIT_POLICY", "OPENBLAS_NUM_THREADS"}) {
      values.put(name, System.getenv().getOrDefault(name, "not set"));
    }
    values.put("ilora", Environment.iloraVersion());
    return values;
  }

  private static String processor() {
    if (!Files.isReadable(PROCESSORS)) {
      return UNKNOWN;
    }
    try (var lines = Files.lines(PROCESSORS)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      throw new UncheckedIOException(PROCESSORS + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
