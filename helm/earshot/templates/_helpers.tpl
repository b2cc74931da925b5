{{/* The name that everything of this release starts with. */}}
{{- define "earshot.fullname" -}}
{{- if contains "earshot" .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-earshot" .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "earshot.labels" -}}
app.kubernetes.io/name: earshot
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{/* Takes (list root component). */}}
{{- define "earshot.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: earshot
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "earshot.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "earshot.kafka" -}}
{{- if .Values.kafka.singleNode.enabled -}}
{{ include "earshot.fullname" . }}-kafka:9092
{{- else -}}
{{ required "kafka.bootstrapServers: missing (expected: host:port[,host:port], or kafka.singleNode.enabled=true)" .Values.kafka.bootstrapServers }}
{{- end -}}
{{- end -}}

{{- define "earshot.replication" -}}
{{ ternary 1 (int .Values.kafka.replication) .Values.kafka.singleNode.enabled }}
{{- end -}}

{{- define "earshot.tokenSecret" -}}
{{ .Values.auth.existingSecret | default (printf "%s-operator" (include "earshot.fullname" .)) }}
{{- end -}}

{{/* Environment of every service. Takes (list root options): more options of its JVM. */}}
{{- define "earshot.commonEnv" -}}
{{- $root := index . 0 -}}
{{- $more := printf "%s %s" $root.Values.javaOptions (index . 1) | trim -}}
- name: EARSHOT_KAFKA
  value: {{ include "earshot.kafka" $root | quote }}
- name: EARSHOT_REPLICATION
  value: {{ include "earshot.replication" $root | quote }}
- name: JAVA_TOOL_OPTIONS
  value: {{ printf "-XX:MaxRAMPercentage=60 -XX:+UseParallelGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow %s" $more | trim | quote }}
{{- end -}}

{{- define "earshot.tokenEnv" -}}
- name: EARSHOT_ADMIN_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ include "earshot.tokenSecret" . }}
      key: token
{{- end -}}

{{/* Environment of the services that share work by device. */}}
{{- define "earshot.instanceEnv" -}}
- name: EARSHOT_DEVICE_PARTITIONS
  value: {{ .Values.kafka.devicePartitions | quote }}
- name: EARSHOT_INSTANCE
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- end -}}

{{- define "earshot.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "earshot.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "earshot.probes" -}}
startupProbe:
  httpGet: {path: /health/live, port: http}
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /health/live, port: http}
  periodSeconds: 10
  failureThreshold: 3
readinessProbe:
  httpGet: {path: /health/ready, port: http}
  periodSeconds: 5
  failureThreshold: 2
{{- end -}}

{{- define "earshot.podCommon" -}}
serviceAccountName: {{ include "earshot.fullname" . }}
automountServiceAccountToken: false
securityContext:
  {{- include "earshot.podSecurity" . | nindent 2 }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
