package dev.ilora.hub;

import dev.ilora.Printable;
import dev.ilora.config.ConfigException;
import dev.ilora.files.TextFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the hub and its cache are, from the same variables that its other tools read. */
public final class HubSettings {
  private static final String OFFICIAL = "https://huggingface.co";

  private final Map<String, String> environment;
  private final Path userHome;

  /** Settings by variables of the environment and the user's home folder. */
  public HubSettings(Map<String, String> environment, Path userHome) {
    this.environment = Map.copyOf(environment);
    this.userHome = userHome;
  }

  /** The settings of this process. */
  public static HubSettings ofProcess() {
    return new HubSettings(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  /** The address of the hub, without a slash at its end: {@code HF_ENDPOINT}. */
  URI endpoint() {
    String text = variable("HF_ENDPOINT").orElse(OFFICIAL).replaceFirst("/+$", "");
    try {
      URI address = new URI(text);
      boolean web = List.of("http", "https").contains(String.valueOf(address.getScheme()));
      boolean bare = address.getRawUserInfo() == null && address.getRawQuery() == null;
      if (web && bare && address.getHost() != null && address.getRawFragment() == null) {
        return address;
      }
    } catch (URISyntaxException e) {
      // told below
    }
    throw new ConfigException("HF_ENDPOINT: expected an address such as " + OFFICIAL);
  }

  /** The folder of all models: {@code HF_HUB_CACHE}, or {@code hub} in {@code HF_HOME}. */
  Path cache() {
    return variable("HF_HUB_CACHE")
        .map(text -> path("HF_HUB_CACHE", text))
        .orElseGet(() -> home().resolve("hub"));
  }

  /** {@code HF_TOKEN}, or what is in the file {@code token} in {@code HF_HOME}. */
  Optional<Token> token() {
    Optional<String> variable = variable("HF_TOKEN");
    if (variable.isPresent()) {
      return Optional.of(new Token(variable.get(), "HF_TOKEN"));
    }
    Path file = home().resolve("token");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    String text = TextFile.read(file).strip();
    return text.isEmpty() ? Optional.empty() : Optional.of(new Token(text, file.toString()));
  }

  private Path home() {
    return variable("HF_HOME")
        .map(text -> path("HF_HOME", text))
        .orElseGet(() -> userCache().resolve("huggingface"));
  }

  private Path userCache() {
    return variable("XDG_CACHE_HOME")
        .map(text -> path("XDG_CACHE_HOME", text))
        .orElseGet(() -> userHome.resolve(".cache"));
  }

  private Path path(String name, String text) {
    try {
      return text.startsWith("~/") ? userHome.resolve(text.substring(2)) : Path.of(text);
    } catch (InvalidPathException e) {
      throw new ConfigException(
          "%s: '%s' is no path of a folder".formatted(name, Printable.text(text)));
    }
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(t -> !t.isEmpty());
  }
}
