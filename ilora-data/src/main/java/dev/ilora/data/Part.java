package dev.ilora.data;

import java.util.Locale;

/** The three parts of a split. */
public enum Part {
  /** What models learn from. */
  TRAIN,
  /** What every choice is made on. */
  VALID,
  /** What is reported. */
  TEST;

  /** {@code train}, {@code valid} or {@code test}, as files name the part. */
  public String fileName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
