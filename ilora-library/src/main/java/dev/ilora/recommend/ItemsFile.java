package dev.ilora.recommend;

import dev.ilora.BadInputException;
import dev.ilora.files.TextFile;
import dev.ilora.files.WholeFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code items.tsv} of a model folder: a header, then key and title of each item in the order of
 * the model's own numbers, a tab between. Tabs, line breaks and backslashes in them are written as
 * {@code \t}, {@code \n}, {@code \r} and {@code \\}.
 */
final class ItemsFile {
  private static final String HEADER = "key\ttitle";

  private ItemsFile() {}

  static void write(Catalogue catalogue, Path file) {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    for (CatalogueItem item : catalogue.items()) {
      text.append(escaped(item.key())).append('\t').append(escaped(item.title())).append('\n');
    }
    WholeFile.write(file, text);
  }

  static Catalogue read(Path file) {
    List<CatalogueItem> items = new ArrayList<>();
    try (BufferedReader reader = TextFile.open(file)) {
      String header = reader.readLine();
      if (!HEADER.equals(header)) {
        throw new BadInputException(file, 1, "expected the columns key and title");
      }
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        int tab = line.indexOf('\t');
        if (tab < 0 || line.indexOf('\t', tab + 1) >= 0) {
          throw new BadInputException(file, items.size() + 2L, "expected a key, a tab and a title");
        }
        items.add(new CatalogueItem(plain(line.substring(0, tab)), plain(line.substring(tab + 1))));
      }
      return new Catalogue(items);
    } catch (IOException e) {
      throw new BadInputException(file, "cannot be read: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file, e.getMessage());
    }
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  private static String plain(String text) {
    StringBuilder plain = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      plain.append(c == '\\' && i < text.length() ? meant(text.charAt(i++)) : c);
    }
    return plain.toString();
  }

  /** What a character after a backslash stands for. */
  private static char meant(char escaped) {
    return switch (escaped) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      default -> escaped;
    };
  }
}
