package dev.ilora.data.atomic;

import dev.ilora.BadInputException;
import dev.ilora.data.Dataset;
import dev.ilora.files.Hashes;
import dev.ilora.files.JsonFields;
import dev.ilora.files.JsonReason;
import dev.ilora.files.SealedFile;
import dev.ilora.files.TextFile;
import dev.ilora.files.WholeFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The native form of a dataset: a folder with RecBole atomic files and {@code dataset.yaml}.
 *
 * <ul>
 *   <li>{@code NAME.item}: {@code item_id:token}, {@code title:token_seq}, one {@code token} column
 *       an attribute. The dense id of an item is its line.
 *   <li>{@code NAME.inter}: {@code user_id:token}, {@code item_id:token} and where known {@code
 *       rating:float} and {@code timestamp:float}. Each user's lines stand in the order of the
 *       sequence, so ties in time are settled once, at import.
 *   <li>{@code NAME.user}: {@code user_id:token} and one {@code token} column an attribute, among
 *       them {@code split} where the source came with one. Always written: it also keeps the order
 *       of users.
 *   <li>{@code dataset.yaml}: name, provenance, counts and {@code hash}, the SHA-256 of the three
 *       files after one another.
 * </ul>
 */
public final class DatasetFolder {
  private static final YAMLMapper YAML = YAMLMapper.builder().build();
  private static final String MANIFEST = "dataset.yaml";

  private DatasetFolder() {}

  /** True if the folder holds a dataset in this form. */
  public static boolean isOne(Path folder) {
    return Files.isRegularFile(folder.resolve(MANIFEST));
  }

  /**
   * Writes a dataset. One that is in the folder is replaced once the new one is whole.
   *
   * @return the content hash
   * @throws BadInputException if there is something else under that name
   */
  public static String write(Dataset dataset, Path folder) {
    return write(dataset, folder, true);
  }

  /**
   * The same where a dataset that is there may not be replaced.
   *
   * @param replace whether it may
   * @throws BadInputException if there is something else under that name, or a dataset that may not
   *     be replaced
   */
  public static String write(Dataset dataset, Path folder, boolean replace) {
    AtomicReference<String> hash = new AtomicReference<>();
    WholeFolder.write(
        folder,
        draft -> {
          requireReplaceable(folder, replace);
          hash.set(writeFiles(dataset, draft));
        });
    return hash.get();
  }

  /**
   * Refuses a folder in which a dataset cannot be put.
   *
   * @param replace whether a dataset that is there may be replaced
   * @throws BadInputException if there is something else under that name, or a dataset that may not
   *     be replaced
   */
  public static void requireReplaceable(Path folder, boolean replace) throws IOException {
    if (WholeFolder.isFree(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(folder, "is a file; expected a folder to write to");
    }
    if (!isOne(folder)) {
      throw new BadInputException(folder, "exists already and is no data set; choose another");
    }
    if (!replace) {
      throw new BadInputException(
          folder, "is a data set already; choose another folder, or --force to replace it");
    }
    try (Stream<Path> entries = Files.list(folder)) {
      Optional<String> other =
          entries.map(file -> file.getFileName().toString()).filter(n -> !isPart(n)).findFirst();
      if (other.isPresent()) {
        throw new BadInputException(
            folder,
            "also holds %s, which would be lost; choose another folder".formatted(other.get()));
      }
    }
  }

  private static boolean isPart(String name) {
    return name.startsWith(".")
        || name.equals(MANIFEST)
        || Arrays.stream(AtomicTable.values()).anyMatch(table -> name.endsWith(table.suffix()));
  }

  private static String writeFiles(Dataset dataset, Path folder) {
    MessageDigest digest = Hashes.sha256();
    for (AtomicTable table : AtomicTable.values()) {
      Path file = folder.resolve(dataset.name() + table.suffix());
      SealedFile.write(file, out -> table.write(dataset, new DigestOutputStream(out, digest)));
    }
    String hash = Hashes.hex(digest.digest());
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("name", dataset.name());
    manifest.put("provenance", dataset.provenance());
    manifest.put("counts", counts(dataset));
    manifest.put("hash", hash);
    byte[] yaml = YAML.writeValueAsString(manifest).getBytes(StandardCharsets.UTF_8);
    SealedFile.write(folder.resolve(MANIFEST), yaml);
    return hash;
  }

  /** SHA-256 (hex) of a dataset's content: what {@code dataset.yaml} and every result carry. */
  public static String hash(Dataset dataset) {
    MessageDigest digest = Hashes.sha256();
    try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      for (AtomicTable table : AtomicTable.values()) {
        table.write(dataset, out);
      }
    } catch (IOException e) {
      throw new IllegalStateException("writing to nothing cannot fail", e);
    }
    return Hashes.hex(digest.digest());
  }

  /**
   * Reads a dataset and checks it against its hash.
   *
   * @throws BadInputException if the folder is not a dataset, a line is wrong, or the content
   *     changed since it was written
   */
  public static Dataset read(Path folder) throws IOException {
    Path manifestFile = folder.resolve(MANIFEST);
    if (!Files.exists(folder)) {
      throw new BadInputException(
          folder,
          "no such folder; name the data set's new place if it was moved, or make it with 'ilora"
              + " data import'");
    }
    if (!Files.isRegularFile(manifestFile)) {
      throw new BadInputException(
          folder, "not a dataset folder: no " + MANIFEST + "; make one with 'ilora data import'");
    }
    JsonNode manifest = manifest(manifestFile);
    String name = text(manifestFile, manifest, "name");
    String hash = text(manifestFile, manifest, "hash");
    Map<String, String> provenance = new LinkedHashMap<>();
    manifest
        .path("provenance")
        .properties()
        .forEach(e -> provenance.put(e.getKey(), plain(e.getValue())));
    AtomicTableReader reader = new AtomicTableReader(folder, name);
    Dataset dataset = reader.read(provenance);
    if (!reader.hash().equals(hash)) {
      requireContent(folder, dataset, hash);
    }
    SealedFile.check(manifestFile);
    return dataset;
  }

  /** Files of other bytes may say the same, with other line ends for example. */
  private static void requireContent(Path folder, Dataset dataset, String hash) {
    String found = hash(dataset);
    if (!found.equals(hash)) {
      for (AtomicTable table : AtomicTable.values()) {
        SealedFile.check(folder.resolve(dataset.name() + table.suffix()));
      }
      SealedFile.check(folder.resolve(MANIFEST));
      throw new BadInputException(
          folder, "content changed since import: hash is " + found + ", expected " + hash);
    }
  }

  private static Map<String, Long> counts(Dataset dataset) {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("users", (long) dataset.users().size());
    counts.put("items", (long) dataset.itemCount());
    counts.put("interactions", dataset.interactionCount());
    return counts;
  }

  private static JsonNode manifest(Path file) throws IOException {
    try (BufferedReader reader = TextFile.open(file)) {
      return YAML.readTree(reader);
    } catch (JacksonException e) {
      throw new BadInputException(file, "not YAML: " + JsonReason.of(e));
    }
  }

  private static String plain(JsonNode value) {
    return value.isValueNode() ? value.asString() : value.toString();
  }

  private static String shown(JsonNode node) {
    return node.isMissingNode() ? "missing" : JsonFields.shown(node.toString());
  }

  private static String text(Path file, JsonNode manifest, String field) {
    JsonNode node = manifest.path(field);
    if (!node.isValueNode() || node.asString().isBlank()) {
      throw new BadInputException(
          file, "field '%s' is %s; expected a text".formatted(field, shown(node)));
    }
    return node.asString();
  }
}
