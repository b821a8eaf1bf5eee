package dev.ilora.bench;

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
 * {@code /proc} and a process that does nothing else; the heap should have a fixed size.
 */
public final class PeakMemory {
  private static final Path PROCESS = Path.of("/proc/self");

  private PeakMemory() {}

  /**
   * Runs the work and returns its peak in bytes; empty, without running it, where the system does
   * not tell.
   */
  public static OptionalLong of(Runnable work) {
    return of(work, PROCESS);
  }

  static OptionalLong of(Runnable work, Path process) {
    Path status = process.resolve("status");
    Path reset = process.resolve("clear_refs");
    if (!Files.isReadable(status) || !Files.isWritable(reset)) {
      return OptionalLong.empty();
    }
    try {
      System.gc();
      returnFreedMemory();
      // 5: the peak starts anew from the present size
      Files.writeString(reset, "5");
      long before = bytes(Files.readAllLines(status), "VmRSS:");
      work.run();
      return OptionalLong.of(bytes(Files.readAllLines(status), "VmHWM:") - before);
    } catch (IOException e) {
      throw new UncheckedIOException(process + ": " + e.getMessage(), e);
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
