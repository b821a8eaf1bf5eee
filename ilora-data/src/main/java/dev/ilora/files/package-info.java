/**
 * Text files: written whole or not at all, read line by line with errors that name file, line and
 * field.
 *
 * <p>{@link dev.ilora.files.WholeFile} writes beside a file's place, syncs and moves. {@link
 * dev.ilora.files.JsonLines} and {@link dev.ilora.files.JsonLine} read and write one JSON object a
 * line. {@link dev.ilora.files.Hashes} gives content hashes.
 */
package dev.ilora.files;
