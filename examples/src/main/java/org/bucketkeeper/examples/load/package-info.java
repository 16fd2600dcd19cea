/** Load on a deployment, the history of it, and a checker that judges that history. */
@NullMarked
package org.bucketkeeper.examples.load;

import org.jspecify.annotations.NullMarked;
