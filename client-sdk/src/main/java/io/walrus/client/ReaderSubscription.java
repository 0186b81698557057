package io.walrus.client;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/** One subscriber and its reader. Any thread may ask or cancel; after the end nothing is told. */
final class ReaderSubscription implements Flow.Subscription {

    private final TopicReader reader;
    private final Flow.Subscriber<? super Entry> subscriber;
    private final AtomicBoolean over = new AtomicBoolean();

    private ReaderSubscription(TopicReader reader, Flow.Subscriber<? super Entry> subscriber) {
        this.reader = reader;
        this.subscriber = subscriber;
    }

    static void start(TopicReader reader, Flow.Subscriber<? super Entry> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        var subscription = new ReaderSubscription(reader, subscriber);
        reader.pause();
        subscriber.onSubscribe(subscription);
        reader.exceptionHandler(subscription::fail);
        reader.endHandler(ended -> subscription.complete());
        reader.handler(subscription::next);
        if (subscription.over.get()) {
            reader.handler(null);
        }
    }

    @Override
    public void request(long amount) {
        if (over.get()) {
            return;
        }
        if (amount < 1) {
            reader.handler(null);
            fail(new IllegalArgumentException("a demand is at least 1; came: " + amount));
            return;
        }
        reader.fetch(amount);
    }

    @Override
    public void cancel() {
        over.set(true);
        reader.handler(null);
    }

    private void next(Entry entry) {
        if (!over.get()) {
            subscriber.onNext(entry);
        }
    }

    private void fail(Throwable failure) {
        if (over.compareAndSet(false, true)) {
            subscriber.onError(failure);
        }
    }

    private void complete() {
        if (over.compareAndSet(false, true)) {
            subscriber.onComplete();
        }
    }
}
