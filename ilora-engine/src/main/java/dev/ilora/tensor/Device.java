package dev.ilora.tensor;

import org.bytedeco.pytorch.global.torch;

/**
 * Where a tensor lives and is computed: {@code cpu} or {@code cuda:N}.
 *
 * @param type "cpu" or "cuda"
 * @param index number of the accelerator; 0 for the CPU
 */
public record Device(String type, int index) {
  public static final Device CPU = new Device("cpu", 0);

  /**
   * Reads {@code cpu}, {@code cuda} or {@code cuda:N} and checks that this process can use it.
   *
   * @throws IllegalArgumentException if the name is unknown or the device is absent, saying what is
   *     there
   */
  public static Device parse(String name) {
    if (name.equals("cpu")) {
      return CPU;
    }
    if (!name.matches("cuda(:\\d{1,3})?")) {
      throw new IllegalArgumentException("device '" + name + "': expected cpu, cuda or cuda:N");
    }
    int index = name.equals("cuda") ? 0 : Integer.parseInt(name.substring(5));
    int present = cudaDevices();
    if (index >= present) {
      throw new IllegalArgumentException(
          "device '%s' is absent: %s"
              .formatted(
                  name,
                  present == 0
                      ? "no CUDA device or no CUDA natives (build with -Dnatives.variant=-gpu)"
                      : "this machine has cuda:0 to cuda:" + (present - 1)));
    }
    return new Device("cuda", index);
  }

  /** Number of CUDA devices this process can use; 0 with CPU natives. */
  public static int cudaDevices() {
    Natives.load();
    return torch.cuda_is_available() ? (int) torch.cuda_device_count() : 0;
  }

  org.bytedeco.pytorch.Device torchDevice() {
    return type.equals("cpu")
        ? new org.bytedeco.pytorch.Device(torch.DeviceType.CPU)
        : new org.bytedeco.pytorch.Device(torch.DeviceType.CUDA, (byte) index);
  }

  @Override
  public String toString() {
    return type.equals("cpu") ? "cpu" : type + ":" + index;
  }
}
