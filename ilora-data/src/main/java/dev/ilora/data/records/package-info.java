/**
 * Text files read record by record into columns, on several threads and without an object a cell.
 */
package dev.ilora.data.records;
