/** Public data sets over HTTP: resumed, checked by their hashes, unpacked inside their folder. */
package dev.ilora.data.download;
