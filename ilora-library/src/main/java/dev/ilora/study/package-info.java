/**
 * Several recipes and seeds on the same cases, compared in one table.
 *
 * <p>{@link dev.ilora.study.Study} trains and evaluates what is not there yet. What is finished is
 * kept; what was interrupted goes on.
 */
package dev.ilora.study;
