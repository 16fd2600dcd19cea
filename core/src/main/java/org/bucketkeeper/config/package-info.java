/** Configuration: reads the operators' configuration file. */
@NullMarked
package org.bucketkeeper.config;

import org.jspecify.annotations.NullMarked;
