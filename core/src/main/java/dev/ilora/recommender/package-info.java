/** Sequential recommenders. */
package dev.ilora.recommender;
