package dev.ilora.data.ingest;

import dev.ilora.data.records.InteractionLog;
import dev.ilora.data.records.ItemTable;
import java.util.Map;

/**
 * What a format's reader found, before filters and order.
 *
 * @param catalogue items in file order
 * @param log interactions in file order
 * @param users what else is known of users, by key
 * @param notes what the reader dropped or chose, for the provenance
 */
record RawData(
    ItemTable catalogue,
    InteractionLog log,
    Map<String, Map<String, String>> users,
    Map<String, String> notes) {}
