/**
 * Raw logs of many formats to a data set.
 *
 * <p>{@link dev.ilora.data.ingest.Importer} recognises the format by the files; {@link
 * dev.ilora.data.ingest.ImportOptions} decides what is filtered and how ties are ordered.
 */
package dev.ilora.data.ingest;
