package dev.ilora.data.download;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The archives {@link Downloader} knows, with their place and checksum. */
public enum Archive {
  /** 100,000 ratings, 1998. */
  ML_100K("movielens/ml-100k.zip", "MD5:0e33842e24a9c977be4e0107933c0723"),
  /** 1 million ratings, 2003. */
  ML_1M("movielens/ml-1m.zip", "MD5:c4d9eecfca2ab87c1945afe126590906"),
  /** 100,000 recent ratings; the file changes, so its checksum is the one published beside it. */
  ML_LATEST_SMALL("movielens/ml-latest-small.zip", ""),
  /** 20 million ratings, 2015. */
  ML_20M("movielens/ml-20m.zip", "MD5:cd245b17a1ae2cc31bb14903e1204af3"),
  /** 25 million ratings, 2019. */
  ML_25M("movielens/ml-25m.zip", "MD5:6b51fb2759a8657d3bfcbfc42b592ada"),
  /** 32 million ratings, 2023. */
  ML_32M("movielens/ml-32m.zip", "MD5:d472be332d4daa821edc399621853b57"),
  /** Tags and plays of 1,892 Last.fm users, HetRec 2011. */
  LASTFM(
      "hetrec2011/hetrec2011-lastfm-2k.zip",
      "SHA-256:6738f48195667ff03caaab4d32ca9a3133d8cc026b7c3cdaf6ce1010e913c59c");

  private final String path;
  private final String checksum;

  Archive(String path, String checksum) {
    this.path = path;
    this.checksum = checksum;
  }

  /** The name as users give it, such as {@code ml-100k}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reads a label. */
  public static Archive parse(String label) {
    for (Archive archive : values()) {
      if (archive.label().equals(label.toLowerCase(Locale.ROOT))) {
        return archive;
      }
    }
    String choices = Arrays.stream(values()).map(Archive::label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("unknown archive '" + label + "'; choices: " + choices);
  }

  /** Path below the server's {@code datasets/} folder. */
  String path() {
    return path;
  }

  /** {@code ALGORITHM:HEX}, or blank where the one published at {@code ADDRESS.md5} counts. */
  String checksum() {
    return checksum;
  }
}
