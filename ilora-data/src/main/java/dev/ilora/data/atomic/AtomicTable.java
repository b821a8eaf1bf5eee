package dev.ilora.data.atomic;

import dev.ilora.data.Dataset;
import dev.ilora.data.Item;
import dev.ilora.data.UserSequence;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The three tables of the native form and how they are written. */
enum AtomicTable {
  ITEMS(".item") {
    @Override
    void write(Dataset dataset, OutputStream stream) throws IOException {
      Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
      Set<String> attributes = new LinkedHashSet<>();
      dataset.items().forEach(i -> attributes.addAll(i.attributes().keySet()));
      out.write("item_id:token\ttitle:token_seq" + header(attributes) + "\n");
      for (Item item : dataset.items()) {
        out.write(cell(item.key()) + "\t" + cell(item.title()));
        writeCells(attributes, item.attributes(), out);
      }
      out.flush();
    }
  },
  USERS(".user") {
    @Override
    void write(Dataset dataset, OutputStream stream) throws IOException {
      Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
      Set<String> attributes = new LinkedHashSet<>();
      dataset.users().forEach(u -> attributes.addAll(u.attributes().keySet()));
      out.write("user_id:token" + header(attributes) + "\n");
      for (UserSequence user : dataset.users()) {
        out.write(cell(user.user()));
        writeCells(attributes, user.attributes(), out);
      }
      out.flush();
    }
  },
  INTERACTIONS(".inter") {
    @Override
    void write(Dataset dataset, OutputStream out) throws IOException {
      InteractionText.write(dataset, out);
    }
  };

  private final String suffix;

  AtomicTable(String suffix) {
    this.suffix = suffix;
  }

  String suffix() {
    return suffix;
  }

  /** Writes the table as UTF-8 and leaves the stream open. */
  abstract void write(Dataset dataset, OutputStream out) throws IOException;

  private static String header(Set<String> attributes) {
    StringBuilder text = new StringBuilder();
    attributes.forEach(a -> text.append('\t').append(cell(a)).append(":token"));
    return text.toString();
  }

  private static void writeCells(Set<String> columns, Map<String, String> values, Writer out)
      throws IOException {
    for (String column : columns) {
      out.write("\t" + cell(values.getOrDefault(column, "")));
    }
    out.write("\n");
  }

  /** A cell cannot hold the characters that part cells and lines; keys never have them. */
  static String cell(String text) {
    return text.indexOf('\t') < 0 && text.indexOf('\n') < 0 && text.indexOf('\r') < 0
        ? text
        : text.replaceAll("[\\t\\r\\n]+", " ");
  }
}
