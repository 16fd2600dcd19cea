package org.bucketkeeper.driver;

/**
 * Names one run of one process, so that a later run can tell whether it still lives.
 *
 * @param bootId names the run of the machine's kernel
 * @param namespaces names the spaces in which the process number and the start time count
 * @param userId the user that the process runs as
 * @param pid the process number
 * @param startTime when the process started, in the kernel's ticks since it booted: tells apart processes that had the
 *     same number one after the other
 */
public record ProcessIdentity(String bootId, String namespaces, long userId, long pid, long startTime) {}
