/**
 * A data set on disk, as RecBole atomic files with {@code dataset.yaml}.
 *
 * <p>{@link dev.ilora.data.atomic.DatasetFolder} reads and writes the folder; its content hash says
 * whether two folders hold the same data.
 */
package dev.ilora.data.atomic;
