{{/* "evalloop" in a release called evalloop, else RELEASE-evalloop. */}}
{{- define "evalloop.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What tells the services apart. Ports are those of deploy/local/services.sh;
     health is the name that the gRPC server's health service knows. */}}
{{- define "evalloop.components" -}}
promptEngine: {name: prompt-engine, image: prompt_engine, ports: {grpc: 50051, json: 8101, admin: 9101}, repositories: true, gitCopies: true}
evaluator: {name: evaluator, image: evaluator, ports: {grpc: 50052, json: 8102, admin: 9102}}
scorer: {name: scorer, image: scorer, ports: {grpc: 50053, json: 8103, admin: 9103}, repositories: true}
serving: {name: serving, image: serving, ports: {grpc: 50054, json: 8104, admin: 9104, http: 8080}, spool: true}
trainerBridge: {name: trainer-bridge, image: trainer_bridge, ports: {grpc: 50055, json: 8105, admin: 9105}, artefacts: true, repositories: true}
modelServer: {name: model-server, image: model_server, ports: {http: 8090, admin: 9106}, artefacts: true}
{{- end -}}

{{/* Selectors never change between versions. */}}
{{- define "evalloop.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "evalloop.labels" -}}
{{ include "evalloop.selector" . }}
app.kubernetes.io/part-of: evalloop
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "evalloop.image" -}}
{{ printf "%s/%s:%s" .root.Values.image.repository .image (default .root.Chart.AppVersion .root.Values.image.tag) | quote }}
{{- end -}}

{{- define "evalloop.artefactClaim" -}}
{{ default (printf "%s-artefacts" (include "evalloop.fullname" .)) .Values.artefacts.existingClaim }}
{{- end -}}

{{- define "evalloop.httpScheme" -}}
{{ empty .Values.httpTls.existingSecret | ternary "http" "https" }}
{{- end -}}

{{/* What probes call the admin port by. */}}
{{- define "evalloop.adminScheme" -}}
{{ if and .Values.httpTls.existingSecret .Values.httpTls.admin }}HTTPS{{ else }}HTTP{{ end }}
{{- end -}}

{{/* Kubernetes' restricted pod security standard. */}}
{{- define "evalloop.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "evalloop.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}
