/** Threads and memory of this machine. */
package dev.ilora.machine;
