package io.walrus.metadata.raft;

import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.ProtobufMsgFactory;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.impl.PingRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.AppendEntriesRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.GetFileRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.InstallSnapshotRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.ReadIndexRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.RequestVoteRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.TimeoutNowRequestProcessor;
import com.google.protobuf.Message;

/**
 * Hands the library's requests that come in on the member's port to the library.
 *
 * <p>Only what members say to each other: the library's administration requests are not registered,
 * so nobody can change the members or reset the peers through the port.
 */
final class PortRpcServer {
    private final MemberPort port;

    PortRpcServer(MemberPort port) {
        this.port = port;
    }

    void register() {
        add(new AppendEntriesRequestProcessor(null));
        add(new GetFileRequestProcessor(null));
        add(new InstallSnapshotRequestProcessor(null));
        add(new RequestVoteRequestProcessor(null));
        add(new TimeoutNowRequestProcessor(null));
        add(new ReadIndexRequestProcessor(null));
        add(new PingRequestProcessor(null));
    }

    private <T extends Message> void add(RpcProcessor<T> processor) {
        port.handle(
                processor.interest(),
                call -> {
                    T request =
                            ProtobufMsgFactory.newMessageByJavaClassName(call.name(), call.body());
                    processor.handleRequest(new Context(call), request);
                });
    }

    private record Context(PortCall call) implements RpcContext {
        @Override
        public void sendResponse(Object response) {
            Message message = (Message) response;
            call.reply(message.getClass().getName(), message.toByteArray());
        }

        /** Only the library's pipelining asks for it, and that is off. */
        @Override
        public Connection getConnection() {
            return null;
        }

        @Override
        public String getRemoteAddress() {
            return call.session().remote();
        }
    }
}
