package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.config.ConfigException;
import dev.ilora.config.NearestName;
import dev.ilora.data.Dataset;
import dev.ilora.data.Item;
import dev.ilora.data.UserSequence;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.recommend.Catalogue;
import dev.ilora.recommend.CatalogueItem;
import dev.ilora.recommend.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Requests of the users of a data set.
 *
 * @param data its folder
 * @param catalogue of the model that is asked
 */
record DataHistory(Path data, Dataset dataset, Catalogue catalogue) {
  static DataHistory read(Path data, Catalogue catalogue) throws IOException {
    return new DataHistory(data, DatasetFolder.read(data), catalogue);
  }

  /**
   * The whole history of a user.
   *
   * @throws ConfigException if there is no such user, with the nearest name
   */
  Request of(String user) {
    Map<String, UserSequence> users = dataset.usersByKey();
    UserSequence found = users.get(user);
    if (found == null) {
      throw new ConfigException(
          "--user: %s has no user '%s'%s"
              .formatted(
                  data,
                  user,
                  NearestName.of(user, users.keySet())
                      .map(name -> "; did you mean '" + name + "'?")
                      .orElse("")));
    }
    return of(found);
  }

  /** The whole history of a user. */
  Request of(UserSequence sequence) {
    List<CatalogueItem> items =
        Arrays.stream(sequence.items()).mapToObj(item -> known(dataset.items().get(item))).toList();
    return Request.history(items).user(sequence.user());
  }

  private CatalogueItem known(Item item) {
    try {
      return catalogue.item(item.key());
    } catch (IllegalArgumentException e) {
      throw new BadInputException(data, "does not fit the model: " + e.getMessage());
    }
  }
}
