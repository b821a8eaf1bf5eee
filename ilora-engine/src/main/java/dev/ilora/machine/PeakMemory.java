package dev.ilora.machine;

import dev.ilora.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much memory a piece of work takes at its peak, native and Java memory alike: the highest
 * resident size of this process during the work, less the resident size before it. Needs Linux's
 * {@code /proc} and a process that does nothing else. What the process gives back meanwhile hides
 * as much of the work's: the heap should have a fixed size or the serial collector, which, unlike
 * others, gives back what it can before the work begins.
 */
public final class PeakMemory {
  private static final Path PROCESS = Path.of("/proc/self");

  private final Path status;
  private final long before;

  private PeakMemory(Path status, long before) {
    this.status = status;
    this.before = before;
  }

  /**
   * Runs the work and returns its peak in bytes; empty, without running it, where the system does
   * not tell.
   */
  public static OptionalLong of(Runnable work) {
    Optional<PeakMemory> begun = begin();
    if (begun.isEmpty()) {
      return OptionalLong.empty();
    }
    work.run();
    return OptionalLong.of(begun.get().bytes());
  }

  /** Begins to watch: work begins now. Empty where the system does not tell. */
  public static Optional<PeakMemory> begin() {
    return begin(PROCESS);
  }

  /** Says that the system does not tell, to who asked for what needs it. */
  public static ConfigException unknown() {
    return new ConfigException("this system does not tell how much memory a process takes");
  }

  static Optional<PeakMemory> begin(Path process) {
    Path status = process.resolve("status");
    Path reset = process.resolve("clear_refs");
    if (!Files.isReadable(status) || !Files.isWritable(reset)) {
      return Optional.empty();
    }
    System.gc();
    returnFreedMemory();
    try {
      // 5: the peak starts anew from the present size
      Files.writeString(reset, "5");
    } catch (IOException e) {
      throw new UncheckedIOException(process + ": " + e.getMessage(), e);
    }
    return Optional.of(new PeakMemory(status, bytes(status, "VmRSS:")));
  }

  /** The peak of the work so far, in bytes. */
  public long bytes() {
    return Math.max(0, bytes(status, "VmHWM:") - before);
  }

  /** What the work has taken so far and not given back, in bytes. */
  public long held() {
    System.gc();
    returnFreedMemory();
    return Math.max(0, bytes(status, "VmRSS:") - before);
  }

  private static long bytes(Path status, String field) {
    try {
      return bytes(Files.readAllLines(status), field);
    } catch (IOException e) {
      throw new UncheckedIOException(status + ": " + e.getMessage(), e);
    }
  }

  private static long bytes(List<String> status, String field) {
    String line =
        status.stream()
            .filter(text -> text.startsWith(field))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("the process status has no " + field));
    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
  }

  /** What glibc keeps of freed memory would hide as much of the work's. */
  private static void returnFreedMemory() {
    Linker linker = Linker.nativeLinker();
    var function = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
    Optional<MemorySegment> trim = linker.defaultLookup().find("malloc_trim");
    if (trim.isPresent()) {
      try {
        int _ = (int) linker.downcallHandle(trim.get(), function).invokeExact(0L);
      } catch (Throwable e) {
        throw new IllegalStateException("malloc_trim failed", e);
      }
    }
  }
}
