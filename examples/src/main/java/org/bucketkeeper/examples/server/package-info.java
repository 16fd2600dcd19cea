/** The program dtable-server: keeps bases in memory, stores them under the bucket's fencing token, serves them. */
@NullMarked
package org.bucketkeeper.examples.server;

import org.jspecify.annotations.NullMarked;
