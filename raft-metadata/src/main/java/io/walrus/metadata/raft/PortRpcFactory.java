package io.walrus.metadata.raft;

import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.RaftRpcFactory;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.SPI;

/**
 * Puts the library's messages on our own port. Public only because the library's service loader
 * needs it; nobody else calls it.
 *
 * <p>A jar that merges this module with others must merge {@code META-INF/services} too.
 */
@SPI(name = "walrus", priority = 100)
public final class PortRpcFactory implements RaftRpcFactory {

    public PortRpcFactory() {}

    @Override
    public void registerProtobufSerializer(String className, Object... args) {}

    @Override
    public RpcClient createRpcClient(ConfigHelper<RpcClient> helper) {
        return new PortRpcClient();
    }

    @Override
    public RpcServer createRpcServer(Endpoint endpoint, ConfigHelper<RpcServer> helper) {
        throw new UnsupportedOperationException("the member's port is its server");
    }

    @Override
    public boolean isReplicatorPipelineEnabled() {
        return false;
    }

    @Override
    public ConfigHelper<RpcClient> defaultJRaftClientConfigHelper(RpcOptions options) {
        return null;
    }
}
