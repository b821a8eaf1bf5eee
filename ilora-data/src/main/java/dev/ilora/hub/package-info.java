/** Models of the Hugging Face hub, fetched into the cache that its other tools use. */
package dev.ilora.hub;
