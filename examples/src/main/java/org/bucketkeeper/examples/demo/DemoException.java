package org.bucketkeeper.examples.demo;

/** Says why the demonstration cannot go on, in words for whoever runs it. */
final class DemoException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DemoException(String message) {
        super(message);
    }

    DemoException(String message, Throwable cause) {
        super(message, cause);
    }
}
