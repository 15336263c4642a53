package dev.banyan.contract;

/**
 * Holds back the unsafe requests of single routes while the owner of their data moves. Implemented by the data plane, used by the
 * control plane; reads are not touched by it. A route that has no gate yet gets one by being named.
 *
 * <p>The order that loses and doubles nothing: {@link #close}, wait until {@link State#underWay} is 0, put the table with the new
 * owner in force, {@link #open}. Nothing here waits.
 */
public interface WriteGates {

    /** From when this returns, no unsafe request of the route is let through, on any event loop. */
    void close(String route);

    /** Lets unsafe requests through again, each to the owner that the table then in force names. */
    void open(String route);

    /** What is behind the gate. */
    State state(String route);

    /** What modern was sent since the last {@link #countAnew}, or since the start. */
    Written writtenToModern(String route);

    /** Forgets what modern was sent. Exact only while the gate is closed and nothing is under way. */
    void countAnew(String route);

    /**
     * A gate at one moment.
     *
     * @param legacy unsafe requests that legacy may be working on
     * @param modern those that modern may be working on
     * @param refused since the start, because it was closed
     */
    record State(boolean open, int legacy, int modern, long refused) {
        public static final State UNUSED = new State(true, 0, 0, 0);

        public int underWay() {
            return legacy + modern;
        }
    }

    /**
     * Unsafe requests that modern was sent, whatever came of them.
     *
     * @param writes how many
     * @param ofNobody how many of them told nothing by which users could be told apart
     * @param users who sent the others
     */
    record Written(long writes, long ofNobody, UserSketch users) {
        public static final Written NOTHING = new Written(0, 0, new UserSketch());

        /** Both together; a user of both counts once. */
        public Written plus(Written other) {
            return new Written(writes + other.writes, ofNobody + other.ofNobody, users.with(other.users));
        }
    }
}
