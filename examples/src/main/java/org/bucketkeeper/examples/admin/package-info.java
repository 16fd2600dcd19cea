/** What operators see and steer a cluster with over HTTP: an API, metrics, and a status page. */
@NullMarked
package org.bucketkeeper.examples.admin;

import org.jspecify.annotations.NullMarked;
