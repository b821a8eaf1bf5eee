package dev.ilora.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.ilora.machine.SpeedProbe;
import dev.ilora.machine.ThreadChoice;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Torch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks at everything the work depends on; the whole examination takes some seconds. */
final class Doctor {
  private static final double GIB = 1024.0 * 1024 * 1024;
  private static final double NEEDED_GIB = 4;
  private static final double NEEDED_DISK_GIB = 2;

  private final Map<String, String> environment;
  private final List<Check> checks = new ArrayList<>();

  private Doctor(Map<String, String> environment) {
    this.environment = environment;
  }

  static List<Check> examine() {
    Doctor doctor = new Doctor(System.getenv());
    doctor.java();
    doctor.memory();
    doctor.disk();
    if (doctor.natives()) {
      doctor.device();
      doctor.speed();
    }
    return doctor.checks;
  }

  private void java() {
    String found = System.getProperty("java.vm.name") + " " + Runtime.version();
    boolean started = "PASSIVE".equalsIgnoreCase(environment.get("OMP_WAIT_POLICY"));
    checks.add(Check.ok("java", found + " in " + System.getProperty("java.home")));
    checks.add(
        started
            ? Check.ok("environment", "OMP_WAIT_POLICY=PASSIVE")
            : Check.warning(
                "environment",
                "OMP_WAIT_POLICY is not PASSIVE: waiting threads spin and take the processors",
                "Start with ./ilora, or set OMP_WAIT_POLICY=PASSIVE before java starts."));
  }

  private void memory() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    double total = system.getTotalMemorySize() / GIB;
    double free = system.getFreeMemorySize() / GIB;
    String found =
        "%.1f GiB, %.1f GiB of it unused; Java heap up to %.1f GiB"
            .formatted(total, free, Runtime.getRuntime().maxMemory() / GIB);
    checks.add(
        total >= NEEDED_GIB
            ? Check.ok("memory", found)
            : Check.warning(
                "memory",
                found,
                "Less than %.0f GiB: choose small base models and batches.".formatted(NEEDED_GIB)));
  }

  private void disk() {
    Path folder = Path.of("").toAbsolutePath();
    try {
      double free = Files.getFileStore(folder).getUsableSpace() / GIB;
      String found = "%.1f GiB free in %s".formatted(free, folder);
      if (!Files.isWritable(folder)) {
        checks.add(
            Check.warning(
                "disk", folder + " cannot be written", "Give --out with another folder."));
      } else if (free < NEEDED_DISK_GIB) {
        checks.add(Check.warning("disk", found, "Checkpoints and models may not fit."));
      } else {
        checks.add(Check.ok("disk", found));
      }
    } catch (IOException e) {
      checks.add(Check.warning("disk", "unknown: " + e.getMessage(), "Check " + folder + "."));
    }
  }

  private boolean natives() {
    long start = System.nanoTime();
    try {
      int threads = Torch.threads();
      double seconds = (System.nanoTime() - start) / 1e9;
      checks.add(Check.ok("natives", "libtorch loaded in %.1f s".formatted(seconds)));
      checks.add(
          Check.ok(
              "threads",
              "%d of %d processors"
                  .formatted(threads, Runtime.getRuntime().availableProcessors())));
      return true;
    } catch (LinkageError e) {
      String cache =
          System.getProperty(
              "org.bytedeco.javacpp.cachedir", System.getProperty("user.home") + "/.javacpp/cache");
      checks.add(
          Check.failed(
              "natives",
              "libtorch does not load: " + rootMessage(e),
              "Needs x86-64 Linux (glibc 2.28 or later), macOS or Windows, and 1 GiB in "
                  + cache
                  + "; delete that folder if it is damaged."));
      return false;
    }
  }

  private static String rootMessage(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  private void device() {
    int devices = Device.cudaDevices();
    checks.add(
        Check.ok(
            "device",
            devices == 0
                ? "cpu (no CUDA device, or built without -Dnatives.variant=-gpu)"
                : devices == 1 ? "cpu, cuda:0" : "cpu, cuda:0 to cuda:" + (devices - 1)));
  }

  private void speed() {
    int threads = Torch.threads();
    double one = rateWith(1, DType.F32);
    double all = rateWith(threads, DType.F32);
    double bf16 = SpeedProbe.gigaflops(DType.BF16, Device.CPU);
    String found =
        "matrix products: fp32 %.0f GFLOP/s with %d thread(s), %.0f with 1; bf16 %.0f GFLOP/s"
            .formatted(all, threads, one, bf16);
    checks.add(
        threads > 1 && one > all * ThreadChoice.CLEARLY_FASTER
            ? Check.warning(
                "speed",
                found,
                "One thread is faster now: other work keeps the processors busy. Set"
                    + " OMP_NUM_THREADS=1, or wait for it to end.")
            : Check.ok("speed", found));
    checks.add(
        Check.ok(
            "dtype",
            bf16 > all * ThreadChoice.CLEARLY_FASTER
                ? "bf16 is %.1f times as fast as fp32: use it for the frozen base model"
                    .formatted(bf16 / all)
                : "fp32 is as fast as bf16 here: use it"));
    for (int index = 0; index < Device.cudaDevices(); index++) {
      Device device = Device.parse("cuda:" + index);
      checks.add(
          Check.ok(
              device.toString(),
              "matrix products: fp32 %.0f GFLOP/s, bf16 %.0f GFLOP/s"
                  .formatted(
                      SpeedProbe.gigaflops(DType.F32, device),
                      SpeedProbe.gigaflops(DType.BF16, device))));
    }
  }

  private static double rateWith(int threads, DType dtype) {
    try (var _ = Torch.onThreads(threads)) {
      return SpeedProbe.gigaflops(dtype, Device.CPU);
    }
  }
}
