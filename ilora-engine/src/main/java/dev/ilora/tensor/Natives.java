package dev.ilora.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** Loads libtorch once, safely from an empty native cache. */
final class Natives {
  private static final boolean LOADED = loadLibraries();

  private Natives() {}

  /** Does nothing after the first call. */
  static void load() {
    if (!LOADED) {
      throw new IllegalStateException("libtorch is not loaded");
    }
  }

  private static boolean loadLibraries() {
    NativeSettings.setProperties();
    // Extracting everything before the first load: otherwise libtorch may be opened before the
    // libraries it needs are there, and the process dies.
    String platform = Loader.getPlatform();
    try {
      for (String library : new String[] {"openblas", "pytorch"}) {
        Loader.cacheResources("/org/bytedeco/" + library + "/" + platform + "/");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack the native libraries: " + e.getMessage(), e);
    }
    Loader.load(openblas_nolapack.class);
    Loader.load(torch.class);
    return true;
  }

  /** Keeps a native object for the life of the process, whatever scope is open now. */
  static <P extends Pointer> P permanent(P pointer) {
    pointer.retainReference();
    return pointer;
  }
}
