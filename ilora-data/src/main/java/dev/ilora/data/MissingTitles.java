package dev.ilora.data;

/** What to do with items without a title. */
public enum MissingTitles {
  /** Refuse the file. */
  REFUSE,
  /** The key stands for the title. */
  KEY,
  /** Drop the items and their interactions, and count both. */
  DROP
}
