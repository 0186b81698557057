package io.walrus.cli.load;

/**
 * What looking at loaded entries showed, in entries.
 *
 * @param found how many there are
 * @param lost how many should be there and are not
 * @param doubled how many are there once too often
 * @param outOfOrder how many stand behind one that their client sent later
 * @param unasked how many are there although the server refused them
 * @param unmarked how many carry no mark of a load, and were not looked at
 */
public record Findings(
        long found, long lost, long doubled, long outOfOrder, long unasked, long unmarked) {

    /** Whether the server kept its word. */
    public boolean isClean() {
        return lost == 0 && doubled == 0 && outOfOrder == 0 && unasked == 0;
    }
}
