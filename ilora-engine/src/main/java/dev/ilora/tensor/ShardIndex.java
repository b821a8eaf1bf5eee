package dev.ilora.tensor;

import dev.ilora.BadInputException;
import dev.ilora.files.JsonReason;
import dev.ilora.files.NamedFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@code model.safetensors.index.json}: which of a folder's files holds which tensor.
 *
 * @param file the index
 * @param shards the file of each tensor, by its name
 */
record ShardIndex(Path file, Map<String, Path> shards) {
  static final String NAME = "model.safetensors.index.json";

  /**
   * Reads an index.
   *
   * @throws BadInputException if it is none, or names a file that is not there
   */
  static ShardIndex read(Path file) {
    JsonNode map;
    try {
      map = JsonMapper.shared().readTree(file.toFile()).path("weight_map");
    } catch (JacksonException e) {
      throw new BadInputException(file, "not JSON: " + JsonReason.of(e));
    }
    if (!map.isObject() || map.isEmpty()) {
      throw new BadInputException(file, "weight_map: expected an object of tensor names to files");
    }
    Map<String, Path> shards = new LinkedHashMap<>();
    map.forEachEntry(
        (tensor, name) ->
            shards.put(tensor, NamedFile.in(file.getParent(), name.asString(""), file)));
    for (Path shard : shards.values()) {
      if (!Files.exists(shard)) {
        throw new BadInputException(file, "names the missing shard " + shard.getFileName());
      }
    }
    return new ShardIndex(file, shards);
  }

  /** The files, in the order of their names. */
  List<Path> files() {
    return shards.values().stream().distinct().sorted().toList();
  }

  /**
   * Checks that every tensor is where the index says.
   *
   * @param found the file of a tensor, or null where no file holds it
   * @throws BadInputException naming the first that is not
   */
  void require(Function<String, Path> found) {
    shards.forEach(
        (tensor, shard) -> {
          Path holder = found.apply(tensor);
          if (!shard.equals(holder)) {
            throw new BadInputException(
                file,
                "says that %s holds tensor '%s', but %s"
                    .formatted(
                        shard.getFileName(),
                        tensor,
                        holder == null ? "no file does" : holder.getFileName() + " does"));
          }
        });
  }
}
