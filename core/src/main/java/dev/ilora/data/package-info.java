/** Raw logs to sequences, splits and frozen candidates. */
package dev.ilora.data;
