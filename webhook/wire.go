package webhook

import (
	stdjson "encoding/json"
	"net/http"

	"github.com/go-logr/logr"
	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// wire returns what speaks the API server's side of admission to a handler. It reads JSON alone: controller-runtime's own
// reads YAML as well, in which a short text may stand for a long one.
//
// https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#webhook-request-and-response
func wire(log logr.Logger, handler admission.Handler) answerer {
	return func(w http.ResponseWriter, r *http.Request, body []byte) {
		var review admissionv1.AdmissionReview
		switch err := json.Unmarshal(body, &review); {
		case err != nil:
			http.Error(w, "the request is not an AdmissionReview: "+err.Error(), http.StatusBadRequest)
			return
		case review.Request == nil || review.GroupVersionKind() != admissionv1.SchemeGroupVersion.WithKind("AdmissionReview"):
			http.Error(w, "the request is not an AdmissionReview of "+admissionv1.SchemeGroupVersion.String()+" with a request", http.StatusBadRequest)
			return
		}
		req := admission.Request{AdmissionRequest: *review.Request}
		resp := handler.Handle(logr.NewContext(r.Context(), logRequest(log, &req)), req)
		if err := resp.Complete(req); err != nil {
			log.Error(err, "an answer cannot be written")
			http.Error(w, "the answer cannot be written", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = stdjson.NewEncoder(w).Encode(admissionv1.AdmissionReview{TypeMeta: review.TypeMeta, Response: &resp.AdmissionResponse})
	}
}
