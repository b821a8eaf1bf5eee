package dev.ilora.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * How much memory a process could take now without another being ended for it. Needs Linux. What
 * the system keeps of files counts as free.
 */
public final class AvailableMemory {
  private static final Path SYSTEM = Path.of("/proc/meminfo");
  private static final Path GROUP = Path.of("/sys/fs/cgroup");

  private AvailableMemory() {}

  /** Bytes, of the system or of the container if that has less; empty where it does not tell. */
  public static OptionalLong bytes() {
    return bytes(SYSTEM, GROUP);
  }

  static OptionalLong bytes(Path system, Path group) {
    if (!Files.isReadable(system)) {
      return OptionalLong.empty();
    }
    long free = 1024 * value(system, "MemAvailable:");
    Path limit = group.resolve("memory.max");
    if (Files.isReadable(limit) && !read(limit).equals("max")) {
      long taken = Long.parseLong(read(group.resolve("memory.current")));
      long files = value(group.resolve("memory.stat"), "inactive_file");
      free = Math.min(free, Long.parseLong(read(limit)) - taken + files);
    }
    return OptionalLong.of(Math.max(0, free));
  }

  private static long value(Path file, String field) {
    return read(file)
        .lines()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(file + " has no " + field));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }
}
