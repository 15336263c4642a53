package dev.banyan.chart;

import java.util.List;

/** Values that people install the chart with. */
final class Variants {
    static final String DEFAULT = "";

    static final String EXAMPLE = "example: { enabled: true }";

    static final String INGRESS = """
            ingress:
              enabled: true
              className: nginx
              annotations: { nginx.ingress.kubernetes.io/proxy-body-size: "0" }
              host: money.example.com
              tlsSecret: money-tls
            settings:
              trusted-proxies: [ 10.0.0.0/8 ]
              timeouts: { keep-alive: 2m }
            networkPolicy:
              healthFrom: [ { namespaceSelector: { matchLabels: { name: monitoring } } } ]
            """;

    static final String EVERYTHING = """
            image: { registry: registry.example.com/team/, tag: "1", pullPolicy: Always, pullSecrets: [ { name: pull } ] }
            routes:
              00-platform.yaml: |
                # The platform squad's.
                banyan: 1
                default: rails
                upstreams:
                  rails: { url: "http://rails.legacy:3000" }
            signingKeys: { secret: cookies, keys: [ "2026", "2025" ] }
            drain: { preStopSeconds: 7, delaySeconds: 11, limitSeconds: 600 }
            service: { type: LoadBalancer, port: 8080, annotations: { a: b } }
            persistence: { size: 5Gi, storageClass: fast, keep: false }
            podDisruptionBudget: { maxUnavailable: 0 }
            podAnnotations: { c: d }
            extraEnv: [ { name: JDK_JAVA_OPTIONS, value: "-Xmx512m" } ]
            nodeSelector: { disk: ssd }
            tolerations: [ { key: edge, operator: Exists } ]
            affinity: { nodeAffinity: {} }
            """;

    static final String TLS = """
            tls: { secrets: [ money-tls, partner.example.com ] }
            admin: { tlsSecret: banyan-admin-tls }
            service: { tlsPort: 8443 }
            """;

    static final String TLS_ONLY = "tls: { secrets: [ money-tls ], only: true }";

    static final List<String> ALL = List.of(DEFAULT, EXAMPLE, INGRESS, EVERYTHING, TLS, TLS_ONLY);

    /** For a parameterized test. */
    static final String EACH = "dev.banyan.chart.Variants#ALL";

    private Variants() {}
}
