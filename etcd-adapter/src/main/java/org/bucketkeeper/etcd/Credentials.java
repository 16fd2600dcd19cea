package org.bucketkeeper.etcd;

/** Who logs in to etcd; never shows the password. */
record Credentials(String user, String password) {

    Credentials {
        if (user.isEmpty()) {
            throw new IllegalArgumentException("user must not be empty");
        }
        if (password.isEmpty()) {
            throw new IllegalArgumentException("password of user " + user + " must not be empty");
        }
    }

    @Override
    public String toString() {
        return user + ":***";
    }
}
