package dev.banyan.app;

import dev.banyan.cli.ExitCode;
import dev.banyan.cli.ServeOptions;
import dev.banyan.cli.Server;
import dev.banyan.cli.Surroundings;
import dev.banyan.output.LogFiles;
import dev.banyan.routing.decide.SigningKeys;
import dev.banyan.settings.Key;
import dev.banyan.settings.ListenAddress;
import dev.banyan.settings.SettingKeys;
import dev.banyan.settings.Settings;
import dev.banyan.settings.Switch;
import dev.banyan.yaml.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code banyan serve}: one proxy until it is told to stop. */
final class Serve implements Server<ServeOptions> {
    private static final Logger LOG = LoggerFactory.getLogger(Serve.class);

    /** For closing what is left once requests are answered or cut. */
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Surroundings surroundings;

    Serve(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public int run(ServeOptions options) throws IOException {
        Settings.Reading reading = SettingsOnDisk.read(options, surroundings.environment());
        SecretReader secrets = new SecretReader(surroundings.environment());
        Optional<SigningKeys> keys = reading.settings()
                .find(SettingKeys.SIGNING_KEYS)
                .flatMap(setting -> SigningSecrets.read(setting, secrets));
        List<Problem> problems =
                both(both(reading.problems(), secrets.problems()), ServeSettings.problems(reading.settings()));
        List<Problem> warnings = both(reading.warnings(), secrets.warnings());
        if (options.check()) {
            return new ServeCheck(surroundings).run(reading.settings(), problems, warnings);
        }
        Descriptors.warning(reading.settings(), Descriptors.limit()).ifPresent(warnings::add);
        warnings.forEach(warning -> surroundings.err().println("banyan: warning: " + warning));
        if (!problems.isEmpty()) {
            surroundings.err().println("banyan: these settings cannot be used");
            problems.forEach(problem -> surroundings.err().println("  " + problem));
            return ExitCode.BAD_USAGE;
        }
        SettingsOnDisk.file(options).ifPresent(file -> surroundings.err().println("banyan: settings from " + file));
        return serve(reading.settings(), keys);
    }

    private static List<Problem> both(List<Problem> some, List<Problem> others) {
        List<Problem> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    private int serve(Settings settings, Optional<SigningKeys> keys) throws IOException {
        ServerLog log = ServerLog.toStandardError(settings.get(SettingKeys.LOG_LEVEL), surroundings.clock());
        Thread ending = Thread.currentThread();
        Stopping stopping = new Stopping(limitOfTheEnd(settings), () -> cut(ending, log));
        try {
            serveUntil(stopping, settings, keys, log);
            log.close();
            stopping.doneCleanly();
        } finally {
            log.close();
            stopping.done();
        }
        return ExitCode.DONE;
    }

    /** What was promised to requests, and a little for closing all else. */
    private static Duration limitOfTheEnd(Settings settings) {
        return settings.get(SettingKeys.DRAIN_DELAY)
                .plus(settings.get(SettingKeys.DRAIN_LIMIT))
                .plus(CLOSING);
    }

    private static void cut(Thread ending, ServerLog log) {
        LOG.error("the end takes too long, and is cut; it stands at {}", Arrays.toString(ending.getStackTrace()));
        log.close();
    }

    private void serveUntil(Stopping stopping, Settings settings, Optional<SigningKeys> keys, ServerLog log)
            throws IOException {
        try (LogFiles logFiles = new LogFiles()) {
            Reload reload = Reload.atSignals(logFiles);
            try (BanyanProxy proxy =
                    BanyanProxy.start(ServeSettings.of(settings, keys, logFiles), surroundings.clock(), log::dropped)) {
                reload.filesOf(proxy);
                log.say("banyan: " + standing(proxy, settings));
                proxy.takenOver().thenRun(stopping::stop);
                stopping.await();
                proxy.drain(settings.get(SettingKeys.DRAIN_DELAY), settings.get(SettingKeys.DRAIN_LIMIT));
            }
        }
    }

    private static String standing(BanyanProxy proxy, Settings settings) {
        String admin = "admin on "
                + new ListenAddress(settings.get(SettingKeys.ADMIN_LISTEN).host(), proxy.adminPort());
        String tls = proxy.tlsAddress()
                .map(address -> ", with TLS on "
                        + new ListenAddress(settings.get(SettingKeys.TLS_LISTEN).host(), address.getPort()))
                .orElse("");
        Key<ListenAddress> first =
                settings.get(SettingKeys.TLS_ONLY) == Switch.ON ? SettingKeys.TLS_LISTEN : SettingKeys.LISTEN;
        return proxy.address()
                .map(address -> "serving on "
                        + new ListenAddress(settings.get(first).host(), address.getPort())
                        + (first.equals(SettingKeys.LISTEN) ? tls : " with TLS") + ", " + admin)
                .orElse("not ready, no table yet (see /readyz), " + admin);
    }
}
