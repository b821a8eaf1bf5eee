package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.config.ConfigException;
import dev.ilora.convert.ModelConversion;
import dev.ilora.files.WholeFile;
import dev.ilora.gguf.GgufFile;
import dev.ilora.gguf.GgufType;
import dev.ilora.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora model convert}: a language model in the other of two file formats. */
@CommandLine.Command(
    name = "convert",
    header = "Write a Hugging Face folder as a GGUF file, or a GGUF file as a folder.",
    description = {
      "An OUT that ends in .gguf is a file, any other a folder. GGUF files are made of models that",
      "GGUF can say, with a byte-level BPE tokenizer. q8_0 and q4_0 are for matrices whose rows",
      "are multiples of 32; all else stays in f32. Nothing is written by halves."
    },
    footer = {
      "",
      "Example:",
      "  ilora model convert models/ilora-base --out base.gguf --type q8_0"
    })
final class ModelConvertCommand implements Command {
  @Parameters(
      paramLabel = "MODEL",
      description = "A Hugging Face folder, a GGUF file, or a run or model folder that adapts one.")
  private Path model;

  @Option(
      names = "--out",
      paramLabel = "OUT",
      required = true,
      description = "The .gguf file or the folder to write.")
  private Path out;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Type of the weights: f32, f16, bf16, q8_0, q4_0 (default: ${DEFAULT-VALUE}).")
  private Type type = Type.F32;

  /** The names of {@link GgufType}, without what that class loads: help asks for no more. */
  private enum Type {
    F32,
    F16,
    BF16,
    Q8_0,
    Q4_0;

    GgufType stored() {
      return GgufType.valueOf(name());
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(names = "--force", description = "Replace a model that is there.")
  private boolean force;

  @Override
  public void run(Terminal terminal) throws IOException {
    Path located = LanguageModels.locate(model);
    boolean toFile = out.toString().endsWith(".gguf");
    if (toFile == GgufFile.isNamed(located)) {
      throw new ConfigException(
          "--out %s: %s is %s already; name %s"
              .formatted(
                  out,
                  located,
                  toFile ? "a GGUF file" : "a folder",
                  toFile ? "a folder" : "a file that ends in .gguf"));
    }
    if (toFile) {
      writeFile(located);
    } else {
      writeFolder(located);
    }
    terminal.line("Wrote %s as %s in %s".formatted(located, out, type));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("model", located.toString());
    result.put("out", out.toString());
    result.put("type", type.toString());
    terminal.json(result);
  }

  private void writeFile(Path folder) throws IOException {
    if (Files.exists(out) && !force) {
      throw new BadInputException(out, "exists already; choose another or --force");
    }
    WholeFile.requireReplaceable(out);
    ModelConversion.toGguf(folder, out, type.stored());
  }

  private void writeFolder(Path file) {
    Map<GgufType, DType> types = ModelConversion.folderTypes();
    if (!types.containsKey(type.stored())) {
      throw new ConfigException(
          "--type %s: a folder holds f32, f16 or bf16, a .gguf file all".formatted(type));
    }
    ModelConversion.toFolder(file, out, types.get(type.stored()), force);
  }
}
