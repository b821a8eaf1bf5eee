/** Files over HTTP: waits and retries within bounds, goes on where it stopped, checks checksums. */
package dev.ilora.http;
