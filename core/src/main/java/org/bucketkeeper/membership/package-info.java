/** Nodes: who is in the cluster, and how a process registers itself and stays registered. */
@NullMarked
package org.bucketkeeper.membership;

import org.jspecify.annotations.NullMarked;
