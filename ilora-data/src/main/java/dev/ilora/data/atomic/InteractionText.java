package dev.ilora.data.atomic;

import dev.ilora.data.Dataset;
import dev.ilora.data.Item;
import dev.ilora.data.Times;
import dev.ilora.data.UserSequence;
import dev.ilora.data.records.ByteText;
import dev.ilora.data.records.DoubleBuffer;
import dev.ilora.data.records.RatingText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The table of interactions as UTF-8: the next lines are made while the last are being written.
 * Bytes of keys and ratings are made once, for the lines repeat them.
 */
final class InteractionText {
  private static final int BLOCK = 1 << 20;

  private final List<UserSequence> users;
  private final boolean ratings;
  private final boolean times;
  private final ByteText itemKeys = new ByteText();
  private final int[] itemKeyEnds;
  private final RatingText ratingText = new RatingText();
  private int user;
  private int position;

  private InteractionText(Dataset dataset) {
    this.users = dataset.users();
    this.ratings = dataset.hasRatings();
    this.times = dataset.hasTimes();
    this.itemKeyEnds = new int[dataset.itemCount()];
    for (Item item : dataset.items()) {
      itemKeys.put(AtomicTable.cell(item.key()));
      itemKeyEnds[item.id()] = itemKeys.length();
    }
  }

  /** Writes header and lines and leaves the stream open. */
  static void write(Dataset dataset, OutputStream out) throws IOException {
    InteractionText text = new InteractionText(dataset);
    out.write(text.header().getBytes(StandardCharsets.UTF_8));
    try (DoubleBuffer<ByteText> blocks =
        new DoubleBuffer<>(new ByteText(), new ByteText(), text::fill)) {
      for (ByteText block = blocks.next(); block.length() > 0; block = blocks.next()) {
        block.writeTo(out);
      }
    }
  }

  private String header() {
    return "user_id:token\titem_id:token"
        + (ratings ? "\trating:float" : "")
        + (times ? "\ttimestamp:float" : "")
        + "\n";
  }

  /** Puts the next lines into a block; none after the last. */
  private void fill(ByteText block) {
    block.clear();
    while (user < users.size() && block.length() < BLOCK) {
      UserSequence sequence = users.get(user);
      byte[] key = (AtomicTable.cell(sequence.user()) + "\t").getBytes(StandardCharsets.UTF_8);
      while (position < sequence.length() && block.length() < BLOCK) {
        block.put(key, 0, key.length);
        putRest(block, sequence, position++);
      }
      if (position == sequence.length()) {
        user++;
        position = 0;
      }
    }
  }

  private static void putTime(ByteText block, long micros) {
    if (micros % Times.SECOND == 0) {
      block.put(micros / Times.SECOND);
    } else {
      block.put(Times.text(micros));
    }
  }

  private void putRest(ByteText block, UserSequence sequence, int p) {
    int item = sequence.items()[p];
    block.put(itemKeys, item == 0 ? 0 : itemKeyEnds[item - 1], itemKeyEnds[item]);
    if (ratings) {
      block.put('\t');
      ratingText.put(sequence.ratings()[p], block);
    }
    if (times) {
      block.put('\t');
      putTime(block, sequence.times()[p]);
    }
    block.put('\n');
  }
}
