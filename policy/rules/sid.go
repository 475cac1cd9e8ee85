package rules

import (
	"fmt"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// A Sid decides nothing, so a better one is always Equivalent.
var sid = &policy.Rule{
	ID:      "BW105",
	Name:    "sid",
	Summary: "a Sid is empty, repeated, or not only letters and digits",
	Why: "The grammar allows only letters and digits, and no Sid twice. S3 accepts spaces and hyphens as well, and AWS's own " +
		"examples have them, so other characters are only reported: other readers of the same document refuse them. People, " +
		"logs and access reviews tell statements apart by their Sids alone.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html",
		iamGrammar,
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-walkthrough-2.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{
		"UNIQUE_SIDS_REQUIRED", "UNIQUE_SIDS_RECOMMENDED", "UNSUPPORTED_SID", "EMPTY_SID_VALUE",
	}},
	Severity: policy.Low,
	Baseline: policy.Warn, Restricted: policy.Warn,
	Identities: true,
	Check:      checkSid,
}

func checkSid(in policy.Input) []policy.Finding {
	var out []policy.Finding
	taken := sids{}
	for s := range statements(in) {
		taken[s.Sid] = 1
	}
	seen := map[string]bool{}
	for s := range statements(in) {
		v := s.Value.Member("Sid")
		if v == nil || s.Effect == "" { // nothing is provable of what BW102 refuses
			continue
		}
		first := !seen[s.Sid]
		seen[s.Sid] = true
		plain := alphanumeric(s.Sid)
		switch {
		case s.Sid == "":
			f := about(s, v.Path(), "the Sid is empty; leave it out")
			f.Fix = &policy.Fix{Class: policy.Equivalent, Description: "remove the empty Sid", Edits: []iam.Edit{{At: v.Path()}}}
			out = append(out, f)
		case plain != s.Sid:
			f := rename(s, v, taken.unused(plain), "the Sid has other characters than letters and digits")
			f.Ceiling = policy.Audit // S3 takes it, and AWS's own examples have such Sids
			out = append(out, f)
		case !first:
			out = append(out, rename(s, v, taken.unused(plain), "another statement has the same Sid"))
		}
	}
	return out
}

func rename(s *iam.Statement, v *iam.Value, to, why string) policy.Finding {
	f := about(s, v.Path(), "%s; write %s", why, value(to))
	f.Fix = &policy.Fix{
		Class:       policy.Equivalent,
		Description: "rename it to " + value(to),
		Edits:       []iam.Edit{{At: v.Path(), New: iam.NewString(to)}},
	}
	return f
}

// alphanumeric drops what the grammar does not allow, and begins a new word with a capital there.
func alphanumeric(s string) string {
	var b strings.Builder
	word := false
	for _, r := range s {
		switch {
		case 'a' <= r && r <= 'z' && word && b.Len() > 0:
			r += 'A' - 'a'
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		default:
			word = true
			continue
		}
		b.WriteRune(r)
		word = false
	}
	return b.String()
}

// sids maps each Sid that there is to the highest number tried behind it.
type sids map[string]int

// unused returns the name, numbered when it is taken, and takes it.
func (t sids) unused(name string) string {
	if name == "" {
		name = "Statement"
	}
	free := name
	for t[free] > 0 {
		t[name]++
		free = fmt.Sprint(name, t[name])
	}
	t[free] = 1
	return free
}
