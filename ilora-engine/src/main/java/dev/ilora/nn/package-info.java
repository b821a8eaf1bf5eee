/**
 * What training needs besides a model: an optimiser, schedules, gradient clipping, seeded
 * initialisation.
 *
 * <pre>{@code
 * var adam = new Adam(List.of(new Adam.Group("gate", gateWeights, 0.3, 0)), Adam.Options.plain());
 * Schedule schedule = Schedule.warmupCosine(totalSteps, 0.05, 0.01);
 * for (long step = 0; step < totalSteps; step++) {
 *   try (var scope = Scope.open()) {
 *     loss(batch(step)).backward();
 *     GradientClipping.clip(gateWeights.values(), 1.0);
 *     adam.step(learningRate * schedule.factor(step));
 *     adam.zeroGrad();
 *   }
 * }
 * }</pre>
 *
 * <p>Everything is deterministic given its seeds: an optimiser whose {@link
 * dev.ilora.nn.Adam#state()} was saved and loaded continues bit for bit.
 */
package dev.ilora.nn;
