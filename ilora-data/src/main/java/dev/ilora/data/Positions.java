package dev.ilora.data;

/** Which positions of a held-out sequence become evaluation rows. */
public enum Positions {
  /** The last one of each user: the papers' protocol, 95 rows on MovieLens-100K. */
  LAST,
  /** Every one with enough history: more rows, several a user, so intervals must be clustered. */
  EVERY
}
