/**
 * The fault campaign that {@code scripts/faults} runs: mutated inputs for every reader, processes
 * killed and started again, pairs of processes at once. A small form of it is in the test suite.
 */
package dev.ilora.faults;
