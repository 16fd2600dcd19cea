package org.bucketkeeper.config;

/**
 * Holds what a process logs in to the store with.
 *
 * @param user the user's name
 * @param password the user's password, which {@code toString} does not show
 */
public record Credentials(String user, Secret password) {}
