package org.bucketkeeper.examples.deployment;

import java.util.List;
import org.bucketkeeper.etcd.EtcdStore;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.testing.EtcdCluster;

/** Three members of etcd. */
record EtcdServers(EtcdCluster cluster) implements StoreServers {

    static EtcdServers launch() {
        return new EtcdServers(EtcdCluster.launch());
    }

    @Override
    public List<String> endpoints() {
        return cluster.endpoints();
    }

    @Override
    public String configuration(List<String> endpoints, String settings) {
        return "{\"cluster_config\": {\"etcd_host_list\": [\"%s\"], %s}}"
                .formatted(String.join("\", \"", endpoints), settings);
    }

    @Override
    public CoordinationStore connect() {
        return EtcdStore.builder().endpoints(endpoints()).build();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
