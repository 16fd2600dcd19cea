/** Lets a cluster be coordinated through Redis: {@link org.bucketkeeper.redis.RedisStore} is where to start. */
@NullMarked
package org.bucketkeeper.redis;

import org.jspecify.annotations.NullMarked;
