package dev.ilora.data.ingest;

import dev.ilora.data.records.InteractionLog;
import dev.ilora.data.records.ItemTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a format's reader found, before filters and order.
 *
 * @param catalogue items in file order
 * @param log interactions in file order
 * @param users what else is known of users, by key
 * @param notes what the reader recognised, dropped or chose, for the provenance
 * @param parts the part of each interaction, where the source comes split
 */
record RawData(
    ItemTable catalogue,
    InteractionLog log,
    Map<String, Map<String, String>> users,
    Map<String, String> notes,
    Optional<PartColumn> parts) {
  /** The same with users and with notes before the others. */
  RawData with(Map<String, Map<String, String>> known, Map<String, String> first) {
    Map<String, String> all = new LinkedHashMap<>(first);
    all.putAll(notes);
    return new RawData(catalogue, log, known, all, parts);
  }
}
