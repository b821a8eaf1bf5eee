/**
 * Language models on disk: what they are, and whether they compute here what another program does.
 *
 * {@snippet lang="java" :
 * LogitsCheck check = LogitsCheck.of(folder, Optional.empty(), Path.of("expected.safetensors"));
 * boolean same = check.largestDifference() <= 1e-4;
 * }
 */
package dev.ilora.inspect;
