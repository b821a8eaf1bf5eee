package dev.ilora.recommend;

/**
 * A request of a batch.
 *
 * @param id by which its answer is found again
 * @param request what is asked
 */
public record NamedRequest(String id, Request request) {}
