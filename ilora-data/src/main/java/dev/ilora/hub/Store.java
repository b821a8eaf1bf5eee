package dev.ilora.hub;

import java.io.IOException;
import java.nio.file.Path;

/** Where the files of a model are kept. */
sealed interface Store permits HubCache, PlainFolder {
  /** What one download at a time works on. */
  Path locked();

  /** The folder in which the files have their names. */
  Path folder();

  /** Whether a file is there, as far as that is known without asking the hub. */
  boolean has(String name);

  /** Puts a file in its place if its content is there already; says whether. */
  boolean place(HubFile file) throws IOException;

  /** Where a file is kept until it is whole. */
  Path part(HubFile file) throws IOException;

  /** Puts a file in its place that is whole and checked. */
  void place(HubFile file, Path part) throws IOException;

  /** Notes that all files are there. */
  void finish();
}
