package org.bucketkeeper.membership;

/** Whether the keys that existing SeaTable programs read are kept beside the cluster's own. */
public enum CompatibleKeys {
    /** Node and assignment keys without a prefix are written too; one cluster per store. */
    WRITTEN,
    /** Only the cluster's own keys are written. */
    NOT_WRITTEN
}
