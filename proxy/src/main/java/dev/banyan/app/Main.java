package dev.banyan.app;

import dev.banyan.cli.BanyanCommand;
import dev.banyan.cli.Surroundings;

/** Where the process begins: hands the command line to the commands, and the two that run servers to this package. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Surroundings surroundings = Surroundings.ofProcess();
        System.exit(BanyanCommand.run(surroundings, new Serve(surroundings), new Demo(surroundings), arguments));
    }
}
