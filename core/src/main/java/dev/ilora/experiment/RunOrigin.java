package dev.ilora.experiment;

import dev.ilora.BadInputException;
import dev.ilora.config.Config;
import dev.ilora.data.Dataset;
import dev.ilora.results.Environment;
import dev.ilora.results.Manifest;
import dev.ilora.results.RunFolder;
import dev.ilora.tensor.Torch;
import java.util.Optional;

/**
 * What a run is made from. A run that was begun goes on with the same recipe, data and prompt
 * template or not at all: its folder would otherwise tell of something that never was.
 *
 * @param recipe the merged recipe
 * @param template text of its prompt template, which may stand in a file
 * @param begun the manifest of a run that begins now
 */
record RunOrigin(String recipe, String template, Manifest begun) {
  private static final String ADVICE = ": use another folder or delete this one";

  static RunOrigin of(Recipe recipe, Workspace workspace) {
    Dataset dataset = workspace.dataset(recipe);
    Manifest begun =
        Manifest.begin(
                recipe.label(),
                recipe.seed(),
                dataset.name(),
                workspace.dataHash(recipe),
                Environment.current(Torch.threads(), recipe.device()),
                workspace.clock().instant())
            .ofFamily(recipe.method().label());
    String order = dataset.provenance().getOrDefault("order", "time");
    return new RunOrigin(
        Config.yaml(recipe),
        Workspace.template(recipe).frame() + "\n",
        order.equals("time") ? begun : begun.withNote("each user's items are ordered by " + order));
  }

  void write(RunFolder folder) {
    folder.writeRecipe(recipe);
    folder.writeTemplate(template);
    folder.writeManifest(begun);
  }

  /** The first difference to what the run in a folder was made from. */
  Optional<BadInputException> difference(RunFolder folder) {
    String[] before = folder.recipe().split("\n");
    String[] now = recipe.split("\n");
    for (int line = 0; line < Math.max(before.length, now.length); line++) {
      String old = line < before.length ? before[line].strip() : "nothing";
      String wanted = line < now.length ? now[line].strip() : "nothing";
      if (!old.equals(wanted)) {
        return Optional.of(
            new BadInputException(
                folder.recipeFile(),
                line + 1,
                "the run in this folder has '%s', this recipe '%s'".formatted(old, wanted)
                    + ADVICE));
      }
    }
    String data = folder.manifest().dataHash();
    if (!data.equals(begun.dataHash())) {
      return Optional.of(
          new BadInputException(
              folder.manifestFile(),
              "the run in this folder is on data with hash %s, '%s' now has hash %s"
                      .formatted(data, begun.dataset(), begun.dataHash())
                  + ADVICE));
    }
    if (!folder.template().equals(template)) {
      return Optional.of(
          new BadInputException(
              folder.templateFile(),
              "the run in this folder has the prompt '%s', the template is now '%s'"
                      .formatted(folder.template().strip(), template.strip())
                  + ADVICE));
    }
    return Optional.empty();
  }
}
