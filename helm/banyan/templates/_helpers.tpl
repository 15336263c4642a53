{{- define "banyan.fullname" -}}
{{- $name := .Release.Name -}}
{{- if not (contains .Chart.Name $name) -}}{{- $name = printf "%s-%s" $name .Chart.Name -}}{{- end -}}
{{- /* Room for -transactions within the 63 characters of a Service's name. */ -}}
{{- $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- /* Of (dict "root" $ "component" NAME): what never changes in the life of a Deployment. */ -}}
{{- define "banyan.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "banyan.labels" -}}
{{ include "banyan.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- /* Of (dict "root" $ "name" NAME). */ -}}
{{- define "banyan.image" -}}
{{- with .root.Values.image.registry }}{{ . | trimSuffix "/" }}/{{ end -}}
{{ .name }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end -}}

{{- /* What every pod of the chart starts from. */ -}}
{{- define "banyan.podSecurity" -}}
automountServiceAccountToken: false
# A Service called banyan would leave variables such as BANYAN_PORT in every pod.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  # Without it every start would open up the proxy's owner-only files to the group.
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{- define "banyan.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ ALL ]
{{- end -}}

{{- define "banyan.routesConfigMap" -}}
{{ .Values.routesConfigMap | default (printf "%s-routes" (include "banyan.fullname" .)) }}
{{- end -}}

{{- define "banyan.claim" -}}
{{ .Values.persistence.existingClaim | default (printf "%s-data" (include "banyan.fullname" .)) }}
{{- end -}}

{{- /* banyan.yaml: what the chart knows, and the further settings. */ -}}
{{- define "banyan.settings" -}}
{{- range $key := list "listen" "routes" "data" "signing-keys" "tls" "admin" "health" "drain" }}
{{- if hasKey $.Values.settings $key }}
{{- fail (printf "settings.%s: the chart sets it by itself; fix: leave it out, and use the values drain, signingKeys, tls, admin, routes and service" $key) }}
{{- end }}
{{- end }}
{{- $keys := list }}
{{- range .Values.signingKeys.keys }}{{ $keys = append $keys (printf "file:/run/secrets/banyan/%s" .) }}{{ end }}
{{- if and .Values.signingKeys.secret (not $keys) }}
{{- fail "signingKeys.keys: empty, so no key of the Secret would be used; fix: list the Secret's keys, the one that signs first" }}
{{- end }}
{{- if and $keys (not .Values.signingKeys.secret) }}
{{- fail "signingKeys.secret: empty, and signingKeys.keys are keys of it; fix: name the Secret" }}
{{- end }}
{{- if and .Values.tls.only (not .Values.tls.secrets) }}
{{- fail "tls.only: true, and there is no certificate, so nobody could connect; fix: name Secrets in tls.secrets" }}
{{- end }}
{{- if and .Values.tls.only .Values.ingress.enabled }}
{{- fail "tls.only: true closes the port that the Ingress asks; fix: leave one of them out" }}
{{- end }}
listen: 0.0.0.0:8080
routes: /etc/banyan/routes
data: /var/lib/banyan/data
admin:
  # Loopback on purpose: kubectl port-forward and kubectl exec reach it, the pod's network does not.
  listen: 127.0.0.1:9900
{{- if .Values.admin.tlsSecret }}
  certificate: /run/secrets/banyan-admin/tls.crt
  certificate-key: /run/secrets/banyan-admin/tls.key
{{- end }}
health:
  listen: 0.0.0.0:9901
drain:
  delay: {{ .Values.drain.delaySeconds }}s
  limit: {{ .Values.drain.limitSeconds }}s
{{- with .Values.tls }}
{{- if .secrets }}
tls:
  listen: 0.0.0.0:8443
  only: {{ .only | ternary "on" "off" }}
  certificates:
    {{- range .secrets }}
    - certificate: /run/secrets/banyan-tls/{{ . }}/tls.crt
      key: file:/run/secrets/banyan-tls/{{ . }}/tls.key
    {{- end }}
{{- end }}
{{- end }}
{{- with $keys }}
signing-keys:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.settings }}
{{ toYaml . }}
{{- end }}
{{- end -}}
