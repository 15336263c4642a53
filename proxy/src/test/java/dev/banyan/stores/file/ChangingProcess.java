package dev.banyan.stores.file;

import dev.banyan.controlplane.revisions.CanaryChange;
import dev.banyan.controlplane.revisions.Cause;
import dev.banyan.controlplane.revisions.Lines;
import dev.banyan.controlplane.revisions.Outcome;
import dev.banyan.controlplane.revisions.Precondition;
import dev.banyan.controlplane.revisions.Publisher;
import dev.banyan.controlplane.revisions.StrandedWrites;
import dev.banyan.routing.Share;
import dev.banyan.routing.file.RoutesDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes one change after the other and says so after each; halts in the middle of one of them where it is told to. */
final class ChangingProcess {
    static final String ACKNOWLEDGED = "acknowledged ";
    private static final String FILE =
            "default rails\nupstream rails port=3000\nupstream modern port=8081\nroute t legacy=rails modern=modern\n";

    private ChangingProcess() {}

    /** Where in a write the process ends. */
    enum Halt {
        NEVER,
        BEFORE_THE_WRITE,
        AFTER_HALF_OF_THE_RECORD,
        AFTER_THE_WRITE,
        AFTER_THE_FSYNC
    }

    /**
     * Ends by being killed, or where it is told to.
     *
     * @param arguments data directory, {@link Halt}, number of the revision to halt at
     */
    public static void main(String[] arguments) throws IOException {
        Halt halt = Halt.valueOf(arguments[1]);
        int at = Integer.parseInt(arguments[2]);
        FileRevisionStore store = FileRevisionStore.open(
                Path.of(arguments[0]), path -> new HaltingLogFile(ChannelLogFile.open(path), halt, at));
        Publisher publisher = Publisher.start(store, table -> {}, Clock.systemUTC());
        acknowledge(publisher
                .takeFiles(
                        new RoutesDirectory.Listed(
                                new TreeMap<>(Map.of("a", Lines.toYaml(FILE))), new TreeMap<>(), List.of()),
                        new Cause("files", ""))
                .toCompletableFuture()
                .join());
        for (int basisPoints = 2; ; basisPoints++) {
            acknowledge(publisher
                    .submit(
                            CanaryChange.set("t", new Share(basisPoints), StrandedWrites.REFUSE),
                            new Cause("alice", ""),
                            Precondition.NONE)
                    .toCompletableFuture()
                    .join());
        }
    }

    private static void acknowledge(Outcome outcome) {
        System.out.println(ACKNOWLEDGED + ((Outcome.Changed) outcome).revision().number());
        System.out.flush();
    }

    private static final class HaltingLogFile extends FaultyLogFile {
        private final Halt halt;
        private final int at;
        private int writes;

        HaltingLogFile(LogFile file, Halt halt, int at) {
            super(file);
            this.halt = halt;
            this.at = at;
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            writes++;
            haltIf(Halt.BEFORE_THE_WRITE);
            if (writes == at && halt == Halt.AFTER_HALF_OF_THE_RECORD) {
                super.write(half(from), position);
            }
            haltIf(Halt.AFTER_HALF_OF_THE_RECORD);
            super.write(from, position);
            haltIf(Halt.AFTER_THE_WRITE);
        }

        @Override
        public void force() throws IOException {
            super.force();
            haltIf(Halt.AFTER_THE_FSYNC);
        }

        private void haltIf(Halt step) {
            if (writes == at && halt == step) {
                Runtime.getRuntime().halt(9);
            }
        }
    }
}
