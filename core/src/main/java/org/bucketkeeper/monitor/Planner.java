package org.bucketkeeper.monitor;

import org.bucketkeeper.assignment.RebalanceMode;
import org.bucketkeeper.assignment.RebalancePlan;

/** Plans an assignment for a state of the cluster; a pure function. */
@FunctionalInterface
interface Planner {

    RebalancePlan plan(ClusterState state, RebalanceMode mode);
}
