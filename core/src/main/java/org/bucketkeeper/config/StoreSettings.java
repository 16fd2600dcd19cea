package org.bucketkeeper.config;

/** Tells which store the cluster uses, and how to reach it. */
public sealed interface StoreSettings permits EtcdSettings, RedisSettings {}
