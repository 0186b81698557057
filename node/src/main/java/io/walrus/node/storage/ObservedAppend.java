package io.walrus.node.storage;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/** Takes the time of one hand-over, from its offer to its outcome. One clock read at each end. */
final class ObservedAppend implements Consumer<AppendOutcome> {

    private final AppendRequest request;
    private final StorageObserver observer;
    private final long offeredNanos = System.nanoTime();

    private ObservedAppend(AppendRequest request, StorageObserver observer) {
        this.request = request;
        this.observer = observer;
    }

    static AppendRequest of(AppendRequest request, StorageObserver observer) {
        return observer == StorageObserver.NONE
                ? request
                : new AppendRequest(
                        request.payloads(),
                        request.bytes(),
                        request.mark(),
                        request.isAtomic(),
                        request.turn(),
                        new ObservedAppend(request, observer));
    }

    @Override
    public void accept(AppendOutcome outcome) {
        if (outcome instanceof AppendOutcome.Appended again && again.isRepeat()) {
            observer.repeated(again.count());
        } else if (outcome instanceof AppendOutcome.Appended appended) {
            observer.appended(
                    appended.segment().topic(),
                    appended.count(),
                    bytesOf(appended.count()),
                    System.nanoTime() - offeredNanos);
        } else {
            observer.notAppended(outcome);
        }
        request.whenDone().accept(outcome);
    }

    private long bytesOf(int count) {
        List<ByteBuffer> payloads = request.payloads();
        if (count == payloads.size()) {
            return request.bytes();
        }
        return payloads.subList(0, count).stream().mapToLong(ByteBuffer::remaining).sum();
    }
}
