package dev.ilora.config;

import dev.ilora.BadInputException;
import dev.ilora.files.TextFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Binds YAML and {@code key=value} words to records and writes records as YAML. */
public final class Config {
  private Config() {}

  /**
   * Reads a configuration from a file, changed by {@code key=value} words.
   *
   * @param type the record to make
   * @param file a YAML file
   * @param overrides words such as {@code training.steps=100}; the last of several for a key counts
   * @throws ConfigException with every mistake in the file and the words
   * @throws BadInputException if the file is absent or cannot be read as UTF-8 text
   */
  public static <T extends Record> T bind(Class<T> type, Path file, List<String> overrides) {
    return bind(type, file.toString(), TextFile.read(file), overrides);
  }

  /** Makes a configuration from defaults and {@code key=value} words alone. */
  public static <T extends Record> T bind(Class<T> type, List<String> overrides) {
    return bind(type, "command line", "", overrides);
  }

  /**
   * Reads a configuration from a text; {@code source} stands for the file's name in messages.
   *
   * @throws ConfigException with every mistake in the text and the words
   */
  public static <T extends Record> T bind(
      Class<T> type, String source, String yaml, List<String> overrides) {
    List<String> mistakes = new ArrayList<>();
    Node.Mapping document = YamlReader.document(source, yaml, mistakes);
    Overrides.merge(overrides, document, mistakes);
    Object bound = new Binder(new Keys(type), mistakes).bindRecord(type, document, "");
    if (!mistakes.isEmpty()) {
      throw new ConfigException(mistakes);
    }
    return type.cast(bound);
  }

  /**
   * Writes a configuration as YAML, all defaults included, keys in the order of the components:
   * binding the text again gives an equal record. A record of a sealed family is written as the
   * name of its kind where it has only defaults.
   */
  public static String yaml(Record config) {
    return YamlWriter.write(config);
  }
}
