/**
 * Runs side by side: tables of metrics, gains with intervals, groups of cases, costs.
 *
 * <p>{@link dev.ilora.compare.ResultTable} compares runs on the same cases; {@link
 * dev.ilora.compare.Explanation} says where a difference comes from and what each method cost.
 */
package dev.ilora.compare;
