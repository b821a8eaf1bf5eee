package dev.ilora.bench;

/**
 * One way of doing a piece of work that is compared with others.
 *
 * @param name unique within a bench, such as {@code "ilora fp32"}
 * @param work one repetition; frees what it allocates
 */
public record Variant(String name, Runnable work) {}
