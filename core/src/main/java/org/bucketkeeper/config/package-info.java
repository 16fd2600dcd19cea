/** Reads the operators' {@code dtable_server_config.json}, and tells them all that is wrong with it at once. */
@NullMarked
package org.bucketkeeper.config;

import org.jspecify.annotations.NullMarked;
