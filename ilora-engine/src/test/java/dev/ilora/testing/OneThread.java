package dev.ilora.testing;

import dev.ilora.tensor.Torch;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Computes on one thread in all tests of a class: results are then the same on every machine, and a
 * second thread costs more than it brings on tensors this small.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OneThread.Set.class)
public @interface OneThread {

  /** Sets the number of threads and sets it back. */
  final class Set implements BeforeAllCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace HERE =
        ExtensionContext.Namespace.create(Set.class);

    @Override
    public void beforeAll(ExtensionContext tests) {
      tests.getStore(HERE).put(Integer.class, Torch.threads());
      Torch.threads(1);
    }

    @Override
    public void afterAll(ExtensionContext tests) {
      Torch.threads(tests.getStore(HERE).remove(Integer.class, Integer.class));
    }
  }
}
