/** Lets a cluster be coordinated through etcd: {@link org.bucketkeeper.etcd.EtcdStore} is where to start. */
@NullMarked
package org.bucketkeeper.etcd;

import org.jspecify.annotations.NullMarked;
