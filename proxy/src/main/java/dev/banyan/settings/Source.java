package dev.banyan.settings;

import dev.banyan.yaml.Position;
import dev.banyan.yaml.Problem;

/** Where the value of a setting comes from. As text it is what a person is told: {@code environment BANYAN_LISTEN}. */
public sealed interface Source {

    /**
     * Something wrong with a value from here.
     *
     * @param key the setting's name
     */
    default Problem problem(String key, String what, String fix) {
        return Position.NOWHERE.problem(key + ": " + what, fix);
    }

    /** {@code flag --admin-listen}. */
    record Flag(String flag) implements Source {
        @Override
        public Problem problem(String key, String what, String fix) {
            return Position.NOWHERE.problem(flag + ": " + what, fix);
        }

        @Override
        public String toString() {
            return "flag " + flag;
        }
    }

    /** {@code environment BANYAN_ADMIN_LISTEN}. */
    record Environment(String variable) implements Source {
        @Override
        public Problem problem(String key, String what, String fix) {
            return Position.NOWHERE.problem(variable + ": " + what, fix);
        }

        @Override
        public String toString() {
            return "environment " + variable;
        }
    }

    /** {@code banyan.yaml:12:3}. */
    record InFile(Position at) implements Source {
        @Override
        public Problem problem(String key, String what, String fix) {
            return at.problem(key + ": " + what, fix);
        }

        @Override
        public String toString() {
            return at.file() + ":" + at.line() + ":" + at.column();
        }
    }

    /** Nobody said anything. */
    record Default() implements Source {
        @Override
        public String toString() {
            return "default";
        }
    }
}
