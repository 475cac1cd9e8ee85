package report

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/policy/accesslog"
	"github.com/bucketwarden/bucketwarden/policy/usage"
)

// Usage is the answer of acl usage.
type Usage struct {
	APIVersion string            `json:"apiVersion"`
	Kind       string            `json:"kind"`
	Files      int               `json:"files"`
	Requests   int               `json:"requests"`
	First      string            `json:"first,omitempty"`
	Last       string            `json:"last,omitempty"`
	Malformed  int               `json:"malformed"`
	PassedOver int               `json:"passedOver"` // CloudTrail records that are about no bucket
	Verdict    string            `json:"verdict"`    // whether a request needed an ACL: yes, no or undecided
	NeededACL  int               `json:"neededACL"`
	ACLUnsaid  int               `json:"aclUnsaid"` // requests from before logs said so
	Beyond     int               `json:"beyond"`    // requests that are counted only, and not in what follows
	ByACL      []aclUse          `json:"byACL"`
	Grants     []grantUse        `json:"grants,omitempty"`
	Unknown    []operationUse    `json:"unknownOperations,omitempty"`
	Suggestion *suggestionOutput `json:"suggestion,omitempty"`
}

// The verdicts. No log, or one that is older than the field, decides nothing.
const (
	verdictYes       = "yes"
	VerdictNo        = "no"
	verdictUndecided = "undecided"
)

// aclUse is requests that an ACL let in.
type aclUse struct {
	Bucket    string   `json:"bucket"`
	Caller    string   `json:"caller"`
	Operation string   `json:"operation"`
	Actions   []string `json:"actions"` // what a policy would have to allow
	Prefix    string   `json:"prefix"`
	Requests  int      `json:"requests"`
	First     string   `json:"first"`
	Last      string   `json:"last"`
}

type grantUse struct {
	Statement int         `json:"statement"`
	Sid       string      `json:"sid,omitempty"`
	Action    string      `json:"action"`
	Used      []actionUse `json:"used"`
	Unused    []string    `json:"unused"`
	Unseen    []string    `json:"unseen"`
}

type actionUse struct {
	Action   string `json:"action"`
	Sure     bool   `json:"sure"`
	Requests int    `json:"requests"`
	Callers  int    `json:"callers"`
	First    string `json:"first"`
	Last     string `json:"last"`
}

type operationUse struct {
	Operation string `json:"operation"`
	Requests  int    `json:"requests"`
}

type suggestionOutput struct {
	Policy jsontext.Value `json:"policy"` // null when there is none
	Claim  string         `json:"claim,omitempty"`
	Uses   int            `json:"uses"`
	Notes  []string       `json:"notes"`
	Reason string         `json:"reason,omitempty"` // why there is none

	Document string
}

// NewUsage returns what logs say by themselves.
func NewUsage(r *files.Logs) *Usage {
	t := r.Tally
	out := &Usage{
		APIVersion: "bucketwarden.dev/v1alpha1", Kind: "ACLUsage", Files: r.Files, Requests: t.Requests, Malformed: r.Malformed,
		PassedOver: r.Passed, NeededACL: t.NeededACL, ACLUnsaid: t.ACLUnsaid, Beyond: t.Beyond, ByACL: []aclUse{},
	}
	if t.Requests > 0 {
		out.First, out.Last = moment(t.First), moment(t.Last)
	}
	switch {
	case t.NeededACL > 0:
		out.Verdict = verdictYes
	case t.Requests == 0 || t.ACLUnsaid > 0:
		out.Verdict = verdictUndecided
	default:
		out.Verdict = VerdictNo
	}
	for _, g := range t.Groups() {
		if g.Flags&accesslog.NeededACL == 0 {
			continue
		}
		p, _ := accesslog.Lookup(g.Operation, g.Object, g.Flags)
		out.ByACL = append(out.ByACL, aclUse{
			g.Bucket, g.Caller, g.Operation, append([]string{}, p.Needed...), g.Prefix, g.Requests, moment(g.First), moment(g.Last),
		})
	}
	return out
}

func moment(seconds int64) string { return time.Unix(seconds, 0).UTC().Format(time.RFC3339) }

// SetGrants adds what nobody uses of a policy.
func (r *Usage) SetGrants(e *usage.Evidence) {
	for _, g := range e.Grants() {
		row := grantUse{g.Statement, g.Sid, g.Action, []actionUse{}, append([]string{}, g.Unused...), append([]string{}, g.Unseen...)}
		for _, u := range g.Used {
			row.Used = append(row.Used, actionUse{u.Action, u.Sure, u.Requests, u.Callers, moment(u.First), moment(u.Last)})
		}
		r.Grants = append(r.Grants, row)
	}
	for _, g := range e.Unknown {
		if n := len(r.Unknown); n == 0 || r.Unknown[n-1].Operation != g.Operation {
			r.Unknown = append(r.Unknown, operationUse{Operation: g.Operation})
		}
		r.Unknown[len(r.Unknown)-1].Requests += g.Requests
	}
}

// Suggest adds a narrower policy, or why there is none.
func (r *Usage) Suggest(s *usage.Suggestion, err error) {
	if err != nil {
		r.Suggestion = &suggestionOutput{Policy: jsontext.Value("null"), Notes: []string{}, Reason: err.Error()}
		return
	}
	r.Suggestion = &suggestionOutput{Claim: s.Claim, Uses: s.Uses, Notes: append([]string{}, s.Notes...), Document: s.Policy}
	r.Suggestion.Policy = jsontext.Value("null")
	if s.Policy != "" {
		r.Suggestion.Policy = jsontext.Value(s.Policy)
	}
}
