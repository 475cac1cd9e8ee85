{{- define "bucketwarden.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 57 | trimSuffix "-" }}
{{- end }}

{{/* The name of all objects. Room is left for the longest suffix, and for the 63 characters of a label. */}}
{{- define "bucketwarden.fullname" -}}
{{- $name := include "bucketwarden.name" . }}
{{- $full := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) }}
{{- .Values.fullnameOverride | default $full | trunc 46 | trimSuffix "-" }}
{{- end }}

{{- define "bucketwarden.instance" -}}
app.kubernetes.io/name: {{ include "bucketwarden.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* What selects the server's pods, and no others. */}}
{{- define "bucketwarden.selector" -}}
{{ include "bucketwarden.instance" . }}
app.kubernetes.io/component: webhook
{{- end }}

{{- define "bucketwarden.labels" -}}
{{ include "bucketwarden.instance" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: bucketwarden
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Metadata of a namespaced object: dict "context" $ "suffix" "-probe". */}}
{{- define "bucketwarden.metadata" -}}
name: {{ include "bucketwarden.fullname" .context }}{{ .suffix }}
namespace: {{ .context.Release.Namespace | quote }}
labels:
  {{- include "bucketwarden.labels" .context | nindent 2 }}
{{- end }}

{{/* Metadata of a cluster-scoped object: dict "context" $ "suffix" "". */}}
{{- define "bucketwarden.clusterMetadata" -}}
name: {{ include "bucketwarden.fullname" .context }}{{ .suffix }}
labels:
  {{- include "bucketwarden.labels" .context | nindent 2 }}
{{- end }}

{{- define "bucketwarden.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (.Values.serviceAccount.create | ternary (include "bucketwarden.fullname" .) "default") }}
{{- end }}

{{- define "bucketwarden.image" -}}
{{- .Values.image.repository }}
{{- with .Values.image.digest }}@{{ . }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "bucketwarden.priorityClassName" -}}
{{- .Values.priorityClass.name | default (.Values.priorityClass.create | ternary (include "bucketwarden.fullname" .) "") }}
{{- end }}

{{/* The Secret that the serving certificate is mounted from. */}}
{{- define "bucketwarden.certificateSecret" -}}
{{- if eq .Values.certificates.mode "secret" -}}
{{- required "certificates.secret.name: needed with certificates.mode secret" .Values.certificates.secret.name }}
{{- else -}}
{{- include "bucketwarden.fullname" . }}-tls
{{- end }}
{{- end }}

{{/* The Secret whose ca.crt the serving certificate is verified against. */}}
{{- define "bucketwarden.caSecret" -}}
{{- if or (eq .Values.certificates.mode "secret") .Values.certificates.certManager.issuerRef }}
{{- include "bucketwarden.certificateSecret" . }}
{{- else }}
{{- include "bucketwarden.fullname" . }}-ca
{{- end }}
{{- end }}

{{/* Nine tenths of the memory limit, as Go writes it: the rest is for what Go's collector does not count. */}}
{{- define "bucketwarden.memoryLimit" -}}
{{- $limit := . | toString }}
{{- $mi := hasSuffix "Gi" $limit | ternary (mul 1024 (trimSuffix "Gi" $limit | int)) (trimSuffix "Mi" $limit | int) }}
{{- div (mul 9 $mi) 10 }}MiB
{{- end }}

{{/* The trust of --trust, "" for none. */}}
{{- define "bucketwarden.trust" -}}
{{- range $key, $values := .Values.trust }}
{{- with $values }}
{{ $key }}: {{ toJson . }}
{{- end }}
{{- end }}
{{- end }}

{{/* A container that runs one command beside the server: dict "context" $ "args" (list ...). */}}
{{- define "bucketwarden.command" -}}
name: bucketwarden
image: {{ include "bucketwarden.image" .context }}
imagePullPolicy: {{ .context.Values.image.pullPolicy }}
args: {{ toJson .args }}
{{- with .context.Values.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml .context.Values.securityContext | nindent 2 }}
{{- end }}

{{/* What all pods have. */}}
{{- define "bucketwarden.pod" -}}
automountServiceAccountToken: true
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with include "bucketwarden.priorityClassName" . }}
priorityClassName: {{ . }}
{{- end }}
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
