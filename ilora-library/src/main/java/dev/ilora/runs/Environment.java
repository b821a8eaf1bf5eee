package dev.ilora.runs;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Where a run happened: version of ilora, Java, machine.
 *
 * @param values name to text, in the order shown
 */
public record Environment(@JsonValue Map<String, String> values) {
  /** Copies the values. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Environment {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /**
   * This process's environment.
   *
   * @param threads compute threads in use
   * @param device the device in use, such as {@code cpu} or {@code cuda:0}
   */
  public static Environment current(int threads, String device) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("ilora", iloraVersion());
    values.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    values.put(
        "os",
        String.join(
            " ",
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch")));
    values.put("cpus", Integer.toString(Runtime.getRuntime().availableProcessors()));
    values.put("threads", Integer.toString(threads));
    values.put("device", device);
    return new Environment(values);
  }

  /** The version of ilora this process runs, or {@code development} outside a packaged jar. */
  public static String iloraVersion() {
    return Objects.requireNonNullElse(
        Environment.class.getPackage().getImplementationVersion(), "development");
  }
}
