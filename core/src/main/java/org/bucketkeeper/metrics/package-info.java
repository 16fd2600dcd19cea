/**
 * Binds what the library knows of itself to Micrometer. Micrometer is an optional dependency: bring
 * {@code io.micrometer:micrometer-core} along to use this package, and leave it out otherwise.
 */
@NullMarked
package org.bucketkeeper.metrics;

import org.jspecify.annotations.NullMarked;
