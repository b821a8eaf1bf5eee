/**
 * Measures how fast training, scoring, generation, the recommenders and the import are, and says
 * whether the goals are reached.
 *
 * <p>A {@link dev.ilora.bench.Workload} makes a model of stated sizes with random weights and
 * examples of a real data set; a bench puts variants of the same work (ours, plain LoRA, the frozen
 * model, {@link dev.ilora.bench.ReferenceStyle}, plain matrix products) into the {@link
 * dev.ilora.bench.Harness}, which runs them alternately in one process; a {@link
 * dev.ilora.bench.BenchResult} holds medians, rates and goals.
 */
package dev.ilora.bench;
