{{/*
A service that keeps its stores (or blobs) on a volume of its own, with a lasting name for static membership.
Takes a dict: root, component, main (class), port, stateKey (environment key of the folder), env (more environment, rendered).
*/}}
{{- define "earshot.stateful" -}}
{{- $root := .root -}}
{{- $values := index $root.Values .component -}}
{{- $name := printf "%s-%s" (include "earshot.fullname" $root) .component -}}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ $name }}
  labels:
    {{- include "earshot.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
spec:
  replicas: {{ $values.replicas | default 1 }}
  serviceName: {{ $name }}-pods
  podManagementPolicy: Parallel
  selector:
    matchLabels:
      {{- include "earshot.selector" (list $root .component) | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "earshot.selector" (list $root .component) | nindent 8 }}
      annotations:
        prometheus.io/scrape: "true"
        prometheus.io/port: {{ .port | quote }}
        {{- with $root.Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- include "earshot.podCommon" $root | nindent 6 }}
      terminationGracePeriodSeconds: 45
      containers:
        - name: {{ .component }}
          image: {{ include "earshot.image" $root }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          args: [{{ .main }}]
          env:
            {{- include "earshot.commonEnv" (list $root "") | nindent 12 }}
            {{- include "earshot.tokenEnv" $root | nindent 12 }}
            - name: EARSHOT_HTTP_HOST
              value: "0.0.0.0"
            - name: EARSHOT_HTTP_PORT
              value: {{ .port | quote }}
            - name: {{ .stateKey }}
              value: /var/lib/earshot/{{ .component }}
            {{- with .env }}
            {{- . | nindent 12 }}
            {{- end }}
          ports:
            - {name: http, containerPort: {{ .port }}}
          {{- include "earshot.probes" $root | nindent 10 }}
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          securityContext:
            {{- include "earshot.containerSecurity" $root | nindent 12 }}
          volumeMounts:
            - {name: state, mountPath: /var/lib/earshot}
            - {name: tmp, mountPath: /tmp}
            {{- if $values.operatorsSecret }}
            - {name: operators, mountPath: /etc/earshot, readOnly: true}
            {{- end }}
            {{- if $values.trustSecret }}
            - {name: trust, mountPath: /etc/earshot-trust, readOnly: true}
            {{- end }}
      volumes:
        {{- with $values.operatorsSecret }}
        - name: operators
          secret:
            secretName: {{ . }}
        {{- end }}
        {{- with $values.trustSecret }}
        - name: trust
          secret:
            secretName: {{ . }}
            # Keys that everybody in the pod could read are refused; the service reads by its group.
            defaultMode: 0440
        {{- end }}
        - name: tmp
          emptyDir: {}
  volumeClaimTemplates:
    - metadata:
        name: state
      spec:
        accessModes: [ReadWriteOnce]
        {{- with $values.storageClassName }}
        storageClassName: {{ . }}
        {{- end }}
        resources:
          requests:
            storage: {{ $values.storage }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}-pods
  labels:
    {{- include "earshot.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector:
    {{- include "earshot.selector" (list $root .component) | nindent 4 }}
  ports:
    - {name: http, port: {{ .port }}, targetPort: http}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  labels:
    {{- include "earshot.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
    earshot.dev/metrics: "true"
spec:
  type: {{ $values.service.type }}
  {{- if and (eq .component "registry") (gt (int $values.replicas) 1) }}
  # An upload goes on where it began: its pieces lie on that registry's own volume until it is whole.
  sessionAffinity: ClientIP
  {{- end }}
  selector:
    {{- include "earshot.selector" (list $root .component) | nindent 4 }}
  ports:
    - {name: http, port: {{ $values.service.port }}, targetPort: http}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  labels:
    {{- include "earshot.labels" $root | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "earshot.selector" (list $root .component) | nindent 6 }}
{{- end -}}
