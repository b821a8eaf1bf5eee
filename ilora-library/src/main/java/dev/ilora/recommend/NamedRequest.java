package dev.ilora.recommend;

import java.util.OptionalLong;

/**
 * A request of a batch.
 *
 * @param id by which its answer is found again
 * @param request what is asked
 * @param line of the file it was read from, counted from 1; empty where it was not read from one
 */
public record NamedRequest(String id, Request request, OptionalLong line) {
  /** A request that was not read from a file. */
  public NamedRequest(String id, Request request) {
    this(id, request, OptionalLong.empty());
  }
}
