package io.walrus.metadata.raft;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.InvokeContext;
import com.alipay.sofa.jraft.rpc.ProtobufMsgFactory;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.Message;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The library's client: its requests go over the member's port, by class name and protobuf bytes.
 *
 * <p>Called on the library's threads, often under its locks: nothing here connects synchronously.
 */
final class PortRpcClient implements RpcClient {
    private ReplicatorGroup replicators;
    private MemberPort port;

    @Override
    public boolean init(RpcOptions options) {
        port = ((PortNodeOptions) options).port();
        // The library registers its listener before init, when there is no port yet.
        port.onOpen(this::connected);
        return true;
    }

    @Override
    public void shutdown() {}

    @Override
    public boolean checkConnection(Endpoint endpoint) {
        return port.isUsable(endpoint.toString());
    }

    @Override
    public boolean checkConnection(Endpoint endpoint, boolean createIfAbsent) {
        return port.isUsable(endpoint.toString());
    }

    @Override
    public void closeConnection(Endpoint endpoint) {
        port.reset(endpoint.toString(), "the library closed it");
    }

    @Override
    public void registerConnectEventListener(ReplicatorGroup replicators) {
        this.replicators = replicators;
    }

    @Override
    public Object invokeSync(
            Endpoint endpoint, Object request, InvokeContext context, long timeoutMillis)
            throws InterruptedException, RemotingException {
        Message message = (Message) request;
        try {
            PortFrame answer =
                    port.call(
                                    endpoint.toString(),
                                    message.getClass().getName(),
                                    message.toByteArray(),
                                    timeoutMillis)
                            .get(timeoutMillis, TimeUnit.MILLISECONDS);
            return messageOf(answer);
        } catch (TimeoutException e) {
            throw new InvokeTimeoutException(e);
        } catch (ExecutionException e) {
            throw new RemotingException(String.valueOf(e.getCause().getMessage()));
        }
    }

    @Override
    public void invokeAsync(
            Endpoint endpoint,
            Object request,
            InvokeContext context,
            InvokeCallback callback,
            long timeoutMillis) {
        Message message = (Message) request;
        port.call(
                        endpoint.toString(),
                        message.getClass().getName(),
                        message.toByteArray(),
                        timeoutMillis)
                .whenComplete(
                        (answer, failure) ->
                                callback.executor()
                                        .execute(() -> complete(callback, answer, failure)));
    }

    private void connected(String address) {
        PeerId peer = new PeerId();
        if (peer.parse(address)) {
            replicators.checkReplicator(peer, true);
        }
    }

    private static void complete(InvokeCallback callback, PortFrame answer, Throwable failure) {
        if (failure instanceof PortException broken && broken.mayHaveHappened()) {
            callback.complete(null, new InvokeTimeoutException(broken.getMessage()));
        } else if (failure != null) {
            callback.complete(null, failure);
        } else {
            callback.complete(messageOf(answer), null);
        }
    }

    private static Message messageOf(PortFrame answer) {
        return ProtobufMsgFactory.newMessageByJavaClassName(answer.name(), answer.body());
    }
}
