{{/* Kinds that are judged: dict "context" $ "operations" (list ...). */}}
{{- define "bucketwarden.rules" -}}
{{- $kinds := .context.Files.Get "files/kinds.yaml" | fromYaml }}
{{- range concat $kinds.groups (ternary $kinds.identities list .context.Values.identityPolicies) }}
{{- if index $.context.Values.providers .provider }}
- apiGroups: [{{ .group }}]
  apiVersions: ["*"]
  resources: {{ toJson .resources }}
  operations: {{ toJson $.operations }}
  scope: "*"
{{- end }}
{{- end }}
{{- range .context.Values.ownKinds }}
- apiGroups: [{{ .group }}]
  apiVersions: ["*"]
  resources: {{ toJson .resources }}
  operations: {{ toJson $.operations }}
  scope: "*"
{{- end }}
{{- end }}

{{/* Where objects are judged: never in the server's own namespace, which could not heal itself otherwise. */}}
{{- define "bucketwarden.namespaceSelector" -}}
{{- $never := concat (list "kube-system" .Release.Namespace) .Values.excludeNamespaces | uniq }}
{{- with .Values.namespaceSelector.matchLabels }}
matchLabels:
  {{- toYaml . | nindent 2 }}
{{- end }}
matchExpressions:
  - key: kubernetes.io/metadata.name
    operator: NotIn
    values: {{ toJson $never }}
  {{- with .Values.namespaceSelector.matchExpressions }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* dict "context" $ "suffix" "-probe" "path" "/probe/mutate". In mode self the server fills the caBundle in. */}}
{{- define "bucketwarden.clientConfig" -}}
service:
  name: {{ include "bucketwarden.fullname" .context }}{{ .suffix }}
  namespace: {{ .context.Release.Namespace | quote }}
  path: {{ .path }}
  port: {{ .context.Values.service.port }}
{{- $certificates := .context.Values.certificates }}
{{- if and (eq $certificates.mode "secret") $certificates.secret.caBundle }}
caBundle: {{ b64enc $certificates.secret.caBundle }}
{{- end }}
{{- end }}

{{/* The probe's webhook, by which a pod proves that the API server reaches it before it is ready: dict "context" $ "path" "". */}}
{{- define "bucketwarden.probe" -}}
name: probe.bucketwarden.dev
admissionReviewVersions: [v1]
clientConfig:
  {{- include "bucketwarden.clientConfig" (dict "context" .context "suffix" "-probe" "path" .path) | nindent 2 }}
rules:
  - apiGroups: [""]
    apiVersions: [v1]
    resources: [configmaps]
    operations: [CREATE]
    scope: "*"
namespaceSelector:
  matchExpressions:
    - key: kubernetes.io/metadata.name
      operator: In
      values: [{{ .context.Release.Namespace | quote }}]
objectSelector: {}
matchConditions:
  - name: probe
    expression: request.dryRun && request.name == "bucketwarden-probe"
failurePolicy: Ignore
matchPolicy: Equivalent
sideEffects: None
timeoutSeconds: 2
{{- end }}

{{/* What both webhooks of judged kinds have: dict "context" $ "path" "" "operations" (list ...) "settings" .Values.webhooks.x. */}}
{{- define "bucketwarden.judge" -}}
admissionReviewVersions: [v1]
clientConfig:
  {{- include "bucketwarden.clientConfig" (dict "context" .context "suffix" "" "path" .path) | nindent 2 }}
rules:
  {{- include "bucketwarden.rules" . | trim | nindent 2 }}
namespaceSelector:
  {{- include "bucketwarden.namespaceSelector" .context | trim | nindent 2 }}
objectSelector: {}
matchConditions:
  - name: not-being-deleted
    expression: request.operation == 'DELETE' || !has(object.metadata.deletionTimestamp)
failurePolicy: {{ .settings.failurePolicy }}
matchPolicy: Equivalent
sideEffects: None
timeoutSeconds: {{ .settings.timeoutSeconds }}
{{- end }}

{{/* What judges the configuration: dict "context" $ "path" "" "settings" .Values.webhooks.x. */}}
{{- define "bucketwarden.configure" -}}
admissionReviewVersions: [v1]
clientConfig:
  {{- include "bucketwarden.clientConfig" (dict "context" .context "suffix" "" "path" .path) | nindent 2 }}
rules:
  - apiGroups: [bucketwarden.dev]
    apiVersions: ["*"]
    resources: [rulesets, exemptions]
    operations: [CREATE, UPDATE]
    scope: Cluster
  - apiGroups: [""]
    apiVersions: [v1]
    resources: [namespaces]
    operations: [CREATE, UPDATE]
    scope: Cluster
namespaceSelector: {}
objectSelector: {}
matchConditions:
  - name: levels-change
    expression: >-
      request.resource.resource != 'namespaces' ||
      ['bucketwarden.dev/enforce', 'bucketwarden.dev/warn', 'bucketwarden.dev/audit'].exists(l,
      (has(object.metadata.labels) && l in object.metadata.labels ? object.metadata.labels[l] : '') !=
      (oldObject != null && has(oldObject.metadata.labels) && l in oldObject.metadata.labels ? oldObject.metadata.labels[l] : ''))
failurePolicy: {{ .settings.failurePolicy }}
matchPolicy: Equivalent
sideEffects: None
timeoutSeconds: {{ .settings.timeoutSeconds }}
{{- end }}

{{- define "bucketwarden.webhookMetadata" -}}
{{- include "bucketwarden.clusterMetadata" (dict "context" . "suffix" "") }}
{{- $inject := dict }}
{{- if eq .Values.certificates.mode "certManager" }}
{{- $inject = dict "cert-manager.io/inject-ca-from" (printf "%s/%s-tls" .Release.Namespace (include "bucketwarden.fullname" .)) }}
{{- end }}
{{- with merge $inject .Values.webhooks.annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
