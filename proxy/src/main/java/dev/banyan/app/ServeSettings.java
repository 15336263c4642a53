package dev.banyan.app;

import dev.banyan.controlplane.admin.AdminSettings;
import dev.banyan.controlplane.admin.views.EffectiveSetting;
import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.listener.ConnectionLimits;
import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.dataplane.message.HeadLimits;
import dev.banyan.dataplane.message.Http2Limits;
import dev.banyan.dataplane.message.rules.MinimumRate;
import dev.banyan.dataplane.mirror.CopyRules;
import dev.banyan.dataplane.mirror.SecretQueries;
import dev.banyan.dataplane.tls.CertificateFiles;
import dev.banyan.dataplane.tls.TlsProvider;
import dev.banyan.dataplane.tls.TlsSettings;
import dev.banyan.dataplane.upstream.AddressRules;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.net.Networks;
import dev.banyan.output.LogFile;
import dev.banyan.output.LogFiles;
import dev.banyan.output.StandardStream;
import dev.banyan.pem.PemFile;
import dev.banyan.routing.decide.SigningKeys;
import dev.banyan.settings.AccessLogTarget;
import dev.banyan.settings.Key;
import dev.banyan.settings.ListenAddress;
import dev.banyan.settings.Sessions;
import dev.banyan.settings.Setting;
import dev.banyan.settings.SettingKeys;
import dev.banyan.settings.Settings;
import dev.banyan.settings.Switch;
import dev.banyan.yaml.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From the settings in force to what each part is built from. Each key is used here, or where {@link Serve} starts and stops. */
final class ServeSettings {
    private final Settings settings;
    private final LogFiles logFiles;

    private ServeSettings(Settings settings, LogFiles logFiles) {
        this.settings = settings;
        this.logFiles = logFiles;
    }

    /** Opens the access log; all else is only looked up. */
    static ProxySettings of(Settings settings, Optional<SigningKeys> signingKeys, LogFiles logFiles)
            throws IOException {
        return new ServeSettings(settings, logFiles).proxy(signingKeys);
    }

    private ProxySettings proxy(Optional<SigningKeys> signingKeys) throws IOException {
        Optional<Path> probeAs = settings.get(SettingKeys.PROBE_AS);
        Optional<TestUser> testUser = probeAs.isPresent() ? Optional.of(TestUser.of(probeAs.get())) : Optional.empty();
        return new ProxySettings(
                settings.get(SettingKeys.DATA),
                settings.get(SettingKeys.ROUTES),
                settings.get(SettingKeys.SOURCE),
                dataPlane(),
                admin(settings),
                settings.get(SettingKeys.TAKE_OVER),
                signingKeys,
                new CopyRules(
                        new SecretQueries(settings.get(SettingKeys.SECRET_QUERIES)),
                        settings.get(SettingKeys.SESSIONS) == Sessions.COOKIE,
                        settings.get(SettingKeys.STRANGERS_ADDRESS),
                        testUser.isPresent() ? testUser.get() : List::of),
                () -> testUser.ifPresent(TestUser::readAgain),
                shown(settings));
    }

    private DataPlane.Settings dataPlane() throws IOException {
        return new DataPlane.Settings(
                new ListenerSettings(
                        plain(),
                        tls(),
                        new Networks(settings.get(SettingKeys.TRUSTED_PROXIES)),
                        settings.get(SettingKeys.PROXY_PROTOCOL) == Switch.ON,
                        new ConnectionLimits(
                                settings.get(SettingKeys.CONNECTIONS),
                                settings.get(SettingKeys.CONNECTIONS_PER_CLIENT)),
                        HeadLimits.ofRequests(
                                Math.toIntExact(settings.get(SettingKeys.HEAD)), settings.get(SettingKeys.HEAD_FIELDS)),
                        new Http2Limits(
                                settings.get(SettingKeys.STREAMS),
                                Math.toIntExact(settings.get(SettingKeys.STREAM_WINDOW)),
                                Math.toIntExact(settings.get(SettingKeys.CONNECTION_WINDOW)))),
                new AddressRules(new Networks(settings.get(SettingKeys.LINK_LOCAL_UPSTREAMS))),
                settings.get(SettingKeys.LOOPS),
                settings.get(SettingKeys.DEBUG_HEADERS),
                timeouts(settings),
                accessLog(settings.setting(SettingKeys.LOG_ACCESS)));
    }

    private Optional<InetSocketAddress> plain() {
        return settings.get(SettingKeys.TLS_ONLY) == Switch.ON
                ? Optional.empty()
                : Optional.of(socketAddress(settings.get(SettingKeys.LISTEN)));
    }

    private Optional<TlsSettings> tls() {
        List<CertificateFiles> certificates = settings.get(SettingKeys.TLS_CERTIFICATES).stream()
                .map(pair -> new CertificateFiles(pair.certificate(), pair.key(), pair.names()))
                .toList();
        return certificates.isEmpty()
                ? Optional.empty()
                : Optional.of(new TlsSettings(
                        socketAddress(settings.get(SettingKeys.TLS_LISTEN)),
                        certificates,
                        TlsSettings.DEFAULT_RELOAD_EVERY,
                        TlsProvider.best()));
    }

    private static InetSocketAddress socketAddress(ListenAddress address) {
        return new InetSocketAddress(address.host(), address.port());
    }

    /** What is wrong with settings that are right each for itself. */
    static List<Problem> problems(Settings settings) {
        List<Problem> problems = new ArrayList<>(proxyProtocolProblems(settings));
        halfAPair(settings, SettingKeys.ADMIN_CERTIFICATE, SettingKeys.ADMIN_CERTIFICATE_KEY)
                .ifPresent(problems::add);
        halfAPair(settings, SettingKeys.ADMIN_CERTIFICATE_KEY, SettingKeys.ADMIN_CERTIFICATE)
                .ifPresent(problems::add);
        boolean certificates = settings.find(SettingKeys.TLS_CERTIFICATES)
                .filter(setting -> setting.value().isEmpty())
                .isEmpty();
        settings.find(SettingKeys.TLS_ONLY)
                .filter(setting -> !certificates && setting.value() == Switch.ON)
                .ifPresent(setting -> problems.add(setting.problem(
                        "on, but there is no certificate, so nobody could connect",
                        "name one: tls.certificates: [ { certificate: FILE, key: file:FILE } ]")));
        return problems;
    }

    private static Optional<Problem> halfAPair(
            Settings settings, Key<Optional<Path>> given, Key<Optional<Path>> other) {
        boolean without = settings.find(other)
                .filter(setting -> setting.value().isEmpty())
                .isPresent();
        return settings.find(given)
                .filter(setting -> without && setting.value().isPresent())
                .map(setting -> setting.problem("without " + other.name(), "name both files, or neither"));
    }

    private static List<Problem> proxyProtocolProblems(Settings settings) {
        boolean nobody = settings.find(SettingKeys.TRUSTED_PROXIES)
                .filter(setting -> setting.value().isEmpty())
                .isPresent();
        return settings
                .find(SettingKeys.PROXY_PROTOCOL)
                .filter(setting -> nobody && setting.value() == Switch.ON)
                .map(setting -> setting.problem(
                        "on, but there is no trusted proxy to send it, so nobody could connect",
                        "name its networks: trusted-proxies: [ 10.0.0.0/8 ]"))
                .stream()
                .toList();
    }

    static ClientTimeouts timeouts(Settings settings) {
        return new ClientTimeouts(
                settings.get(SettingKeys.TIMEOUT_HEAD),
                settings.get(SettingKeys.TIMEOUT_KEEP_ALIVE),
                settings.get(SettingKeys.TIMEOUT_IDLE),
                settings.get(SettingKeys.TIMEOUT_LINGER),
                new MinimumRate(settings.get(SettingKeys.BODY_RATE), settings.get(SettingKeys.BODY_GRACE)),
                settings.get(SettingKeys.TIMEOUT_TUNNEL));
    }

    private Optional<WritableByteChannel> accessLog(Setting<AccessLogTarget> setting) throws IOException {
        if (setting.value() instanceof AccessLogTarget.ToFile file) {
            return Optional.of(appendTo(setting, file.path()));
        }
        return setting.value() instanceof AccessLogTarget.Off ? Optional.empty() : Optional.of(StandardStream.out());
    }

    private LogFile appendTo(Setting<?> setting, Path file) throws IOException {
        try {
            return logFiles.open(file);
        } catch (IOException e) {
            throw new IOException(
                    setting.problem(
                                    file + " cannot be written",
                                    "name a file in a directory that is there and that this process may write to")
                            .toString(),
                    e);
        }
    }

    static AdminSettings admin(Settings settings) {
        return new AdminSettings(
                address(settings.get(SettingKeys.ADMIN_LISTEN)),
                address(settings.get(SettingKeys.HEALTH_LISTEN)),
                settings.get(SettingKeys.ADMIN_ALLOWED_HOSTS),
                settings.get(SettingKeys.ADMIN_INSECURE),
                certificate(settings));
    }

    private static Optional<AdminSettings.Certificate> certificate(Settings settings) {
        return settings.get(SettingKeys.ADMIN_CERTIFICATE)
                .flatMap(chain -> settings.get(SettingKeys.ADMIN_CERTIFICATE_KEY)
                        .map(key -> new AdminSettings.Certificate(new PemFile(chain), new PemFile(key))));
    }

    private static AdminSettings.Address address(ListenAddress address) {
        return new AdminSettings.Address(address.host(), address.port());
    }

    static List<EffectiveSetting> shown(Settings settings) {
        return settings.all().stream()
                .map(setting -> new EffectiveSetting(
                        setting.key().name(),
                        setting.texts(),
                        setting.key().kind().isList(),
                        setting.source().toString()))
                .toList();
    }
}
