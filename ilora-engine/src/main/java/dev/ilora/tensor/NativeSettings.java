package dev.ilora.tensor;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Settings of the process that the native libraries read before they load. The launcher sets them;
 * a program of one's own should too.
 */
public final class NativeSettings {
  private static boolean checked;

  private NativeSettings() {}

  /**
   * Says once, in one sentence on the log, what this process should set; it works without, slower.
   */
  public static synchronized void check() {
    if (!checked) {
      checked = true;
      String advice = advice(System.getenv(), Torch.threads());
      if (!advice.isEmpty()) {
        System.getLogger("dev.ilora").log(Level.WARNING, advice);
      }
    }
  }

  /**
   * What to set, as one sentence; empty where all is well.
   *
   * @param environment of the process
   * @param threads that an operation may use
   */
  static String advice(Map<String, String> environment, int threads) {
    List<String> missing = new ArrayList<>();
    if (threads > 1 && !"PASSIVE".equalsIgnoreCase(environment.get("OMP_WAIT_POLICY"))) {
      missing.add("OMP_WAIT_POLICY=PASSIVE");
    }
    if (!environment.containsKey("MALLOC_MMAP_THRESHOLD_") && linux()) {
      missing.add("MALLOC_MMAP_THRESHOLD_=33554432");
      missing.add("MALLOC_TRIM_THRESHOLD_=536870912");
    }
    return missing.isEmpty()
        ? ""
        : "Set %s in the environment before Java starts; without it models run slower"
            .formatted(String.join(" and ", missing));
  }

  private static boolean linux() {
    return System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT).contains("linux");
  }

  /**
   * Sets what can still be set when the libraries load: a program without the launcher's options.
   */
  static void setProperties() {
    for (String property :
        List.of(
            "org.bytedeco.javacpp.maxPhysicalBytes=0",
            "org.bytedeco.javacpp.maxBytes=0",
            "org.bytedeco.javacpp.nopointergc=true")) {
      String[] parts = property.split("=");
      if (System.getProperty(parts[0]) == null) {
        System.setProperty(parts[0], parts[1]);
      }
    }
  }
}
