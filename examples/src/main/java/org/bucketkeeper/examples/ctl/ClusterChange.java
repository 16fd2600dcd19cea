package org.bucketkeeper.examples.ctl;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One thing that changed in a cluster.
 *
 * @param name what kind of change, for scripts; with spaces for people
 * @param text what changed, for people
 * @param details the same for scripts
 */
record ClusterChange(String name, String text, ObjectNode details) {}
