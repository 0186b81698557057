package io.walrus.node.storage;

/**
 * Who has numbered entries, and the first one's number; the others' follow it. {@link #NONE} for
 * entries that nobody has numbered.
 *
 * @param producer a number that its owner has drawn at random, from 0
 * @param sequence from 0, rising by 1 from entry to entry
 */
public record ProducerMark(long producer, long sequence) {

    /** Entries without numbers. */
    public static final ProducerMark NONE = new ProducerMark(-1, -1);

    /** Whether nobody has numbered the entries. */
    public boolean isNone() {
        return producer < 0;
    }

    /** The mark of the entry that many places behind. */
    public ProducerMark plus(int entries) {
        return isNone() ? this : new ProducerMark(producer, sequence + entries);
    }
}
