package dev.ilora.testing;

import dev.ilora.tensor.Scope;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs each test of a class in a {@link Scope} of its own, with what is done before and after it,
 * so that a test makes tensors without closing them.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InScope.Opened.class)
public @interface InScope {

  /** Opens the scope before everything else and closes it after. */
  final class Opened implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace HERE =
        ExtensionContext.Namespace.create(Opened.class);

    @Override
    public void beforeEach(ExtensionContext test) {
      test.getStore(HERE).put(Scope.class, Scope.open());
    }

    @Override
    public void afterEach(ExtensionContext test) {
      test.getStore(HERE).remove(Scope.class, Scope.class).close();
    }
  }
}
