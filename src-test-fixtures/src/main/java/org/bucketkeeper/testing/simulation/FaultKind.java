package org.bucketkeeper.testing.simulation;

/** What can go wrong, and what operators do meanwhile. */
enum FaultKind {
    CRASH(6, Target.PROCESS),
    PAUSE(8, Target.PROCESS),
    CUT(8, Target.PROCESS),
    CUT_TO_STORE(3, Target.PROCESS),
    CUT_FROM_STORE(5, Target.PROCESS),
    SLOW(4, Target.PROCESS),
    SLOW_ANSWERS(5, Target.PROCESS),
    /** What is sent meanwhile arrives long after what is sent later. */
    STALL(5, Target.PROCESS),
    LOSE_REQUEST(3, Target.PROCESS),
    LOSE_COMMIT_ANSWER(6, Target.PROCESS),
    DROP_WATCHES(3, Target.PROCESS),
    REPEAT_EVENT(3, Target.PROCESS),
    LEAVE(3, Target.SERVER),
    TWIN(2, Target.SERVER),
    LISTENER_THROWS(2, Target.SERVER),
    LISTENER_FAILS_LATER(2, Target.SERVER),
    LISTENER_LATE(3, Target.SERVER),
    LISTENER_STUCK(2, Target.SERVER),
    LISTENER_FORCED(2, Target.SERVER),
    REBALANCE(4, Target.CLUSTER),
    CORDON(2, Target.SERVER),
    DRAIN(4, Target.SERVER),
    PIN(3, Target.SERVER),
    AUTOMATIC_BALANCING(1, Target.CLUSTER),
    COMPACT(2, Target.CLUSTER),
    LEADER_CHANGE(3, Target.CLUSTER),
    STORE_OUTAGE(3, Target.CLUSTER),
    DELETE_ASSIGNMENT(1, Target.CLUSTER),
    DELETE_CLAIM(0, Target.CLUSTER),
    DELETE_REGISTRATION(0, Target.SERVER),
    DELETE_EVERYTHING(0, Target.CLUSTER),
    /** The replica falls behind when it begins, and takes over when it ends. */
    FAIL_OVER(0, Target.CLUSTER),
    RESTART_WITHOUT_DATA(0, Target.CLUSTER);

    /** What a fault is done to. */
    enum Target {
        PROCESS,
        SERVER,
        CLUSTER
    }

    private final int weight;
    private final Target target;

    FaultKind(int weight, Target target) {
        this.weight = weight;
        this.target = target;
    }

    /** Returns how often it is chosen, relative to others; 0 for what careless operators and some stores only do. */
    int weight() {
        return weight;
    }

    Target target() {
        return target;
    }
}
