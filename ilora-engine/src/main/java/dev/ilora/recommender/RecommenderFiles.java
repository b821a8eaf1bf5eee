package dev.ilora.recommender;

import dev.ilora.BadInputException;
import dev.ilora.files.SealedFile;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Recommenders on disk. */
final class RecommenderFiles {
  static final String WEIGHTS = "recommender.safetensors";
  private static final String DESCRIPTION = "recommender.json";
  private static final int SCHEMA = 1;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private RecommenderFiles() {}

  static void save(
      Path folder,
      String name,
      Map<String, Tensor> tensors,
      Map<String, String> metadata,
      Map<String, ?> provenance) {
    SafeTensors.write(folder.resolve(WEIGHTS), tensors, metadata);
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("schema", SCHEMA);
    description.put("recommender", name);
    description.put("architecture", metadata);
    description.put("provenance", provenance);
    SealedFile.write(folder.resolve(DESCRIPTION), JSON.writeValueAsBytes(description));
  }

  static ItemScorer load(Path path, Device device) {
    SealedFile.check(path.resolveSibling(DESCRIPTION));
    try (SafeTensors file = SafeTensors.open(path)) {
      return Popularity.NAME.equals(file.metadata().get("model"))
          ? Popularity.load(path, file)
          : network(path, file, device);
    }
  }

  static SequenceRecommender importWeights(Path path, Device device) {
    if (Files.isDirectory(path)) {
      throw new BadInputException(path, "is a folder; expected one safetensors file");
    }
    try (SafeTensors file = SafeTensors.open(path)) {
      return network(path, file, device);
    }
  }

  private static SequenceRecommender network(Path path, SafeTensors file, Device device) {
    Architecture architecture = Architecture.of(path, file.metadata());
    String what = "this " + architecture.model().title();
    return FirstWeights.of(
        architecture, FirstWeights.layout(architecture).load(file, what, device, DType.F32));
  }
}
