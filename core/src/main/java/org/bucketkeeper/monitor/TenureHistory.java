package org.bucketkeeper.monitor;

/** Whether the leading monitor keeps a record of who owned which bucket when. */
public enum TenureHistory {
    /** It does; each change of owners costs it a write of some hundred bytes to two thousand, which no watch carries. */
    KEPT,
    /** It does not. */
    NOT_KEPT
}
