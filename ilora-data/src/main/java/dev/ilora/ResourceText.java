package dev.ilora;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Texts that come with the program. */
public final class ResourceText {
  private ResourceText() {}

  /**
   * Reads and closes a text that lies beside a class, which opens it: a module keeps its resources
   * to itself.
   *
   * @param resource what {@link Class#getResourceAsStream} gave, or null
   * @param name what messages call it
   * @throws IllegalStateException if there is none
   */
  public static String of(InputStream resource, String name) {
    if (resource == null) {
      throw new IllegalStateException("the jar lacks " + name);
    }
    try (resource) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
