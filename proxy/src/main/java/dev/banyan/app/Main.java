package dev.banyan.app;

import dev.banyan.cli.BanyanCommand;
import dev.banyan.cli.Surroundings;
import java.util.Locale;

/** Where the process begins: hands the command line to the commands, and the two that run servers to this package. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // First of all: in some languages a number has other digits, and the capital of i is no I, in our words and in
        // libraries that turn names of the program into each other.
        Locale.setDefault(Locale.ROOT);
        Surroundings surroundings = Surroundings.ofProcess();
        System.exit(BanyanCommand.run(surroundings, new Serve(surroundings), new Demo(surroundings), arguments));
    }
}
